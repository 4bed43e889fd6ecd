using System.Collections.Concurrent;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>A roll-back in the words and order of a push.</summary>
internal sealed class RollbackPrinter(Output output, IReadOnlyList<NodeAddress> nodes, bool verbose)
    : PushPrinter(output, nodes, verbose)
{
    private readonly ConcurrentDictionary<NodeAddress, int> generations = [];
    private readonly Output output = output;

    public override void Take(RunEvent said)
    {
        if (said is RunEvent.NodeGoesBack goesBack) generations[goesBack.Node] = goesBack.Generation;
        else base.Take(said);
    }

    protected override void PrintBeginning() => output.Star($"{Name} started at {LocalTime.Format(DateTimeOffset.Now)}");

    public override void Ended(IReadOnlyList<NodeReport> reports)
    {
        base.Ended(reports);
        var back = reports.OfType<NodeReport.Updated>().Select(report => report.Node).ToList();
        if (back.Count == 0) return;
        output.Line(
            $"!!! This primary still holds its own configuration, and the next push puts that on {string.Join(' ', back)} again.\n" +
            "!!! Correct it here before anybody pushes.");
    }

    protected override string Name => "Rollback";

    protected override void PrintUpdating(NodeAddress node) =>
        output.Star($"Rolling back configuration on {node} to {Goal(node)}");

    protected override string UpToDate(NodeAddress node) => $"Configuration on {node} is that of {Goal(node)} already";

    protected override string WouldUpdate(NodeAddress node) => $"Would roll back configuration on {node} to {Goal(node)}";

    protected override string FailureOf(NodeReport.Failed report) => FailureText.Of(report, isRollback: true);

    private string Goal(NodeAddress node) => $"generation {generations[node]}";
}
