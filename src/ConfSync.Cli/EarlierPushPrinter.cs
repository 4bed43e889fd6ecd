using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli;

/// <summary>What a run does about a push that an earlier run left unfinished, for people.</summary>
/// <param name="otherwise">What it means for the earlier push that the run goes on without it; a sentence's part.</param>
internal sealed class EarlierPushPrinter(Output output, PushText text, string otherwise) : IEarlierPushObserver
{
    public void Pending(Decision earlier) => output.Error(PendingText.Of(earlier));

    public Action<RunEvent> Finishing(
        Decision earlier, IReadOnlyList<NodeAddress> nodes, IReadOnlyList<NodeAddress> dropped)
    {
        output.Star($"Finishing the push to all or none of {LocalTime.Format(earlier.Time)}, by {Texts.Shown(earlier.Who)}");
        foreach (var node in dropped)
        {
            output.Error($"nginx-sync: warning: {node} was part of it and is not in NODES any more: it is left as it is");
        }
        var printer = new PushPrinter(output, nodes, text);
        printer.Take(new RunEvent.PrimaryReady());
        return printer.Take;
    }

    public void Finished(IReadOnlyList<NodeReport> reports)
    {
        if (SummaryText.Of(reports) is { } summary) output.Error(summary);
    }

    public void GoingOnWithout(Decision earlier) =>
        output.Error($"nginx-sync: warning: going on all the same; {otherwise}");

    /// <summary>For a dry run of <c>settle</c>.</summary>
    public void WouldFinish(Decision earlier)
    {
        Pending(earlier);
        foreach (var node in earlier.Nodes)
        {
            output.Star($"Would finish it on {node.Node}");
            foreach (var change in node.Changes) output.Line($"    {ChangeText.Of(change)}");
        }
    }
}
