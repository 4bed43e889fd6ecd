using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>Finishing what an earlier push to all or none decided: as a command, and before anything else is pushed.</summary>
/// <param name="dryRun">Only what would be done is said.</param>
internal sealed class EarlierPush(CommandContext context, bool dryRun)
{
    private readonly Output output = context.Output;

    // How to log in, and which nodes there are.
    private readonly PushRequest push = new(
        context.Config, context.Config.Nodes, dryRun, Reload: true, RolloutPolicy.FirstAlone, context.Sudo, context.Who);

    /// <summary><c>nginx-sync settle</c>.</summary>
    /// <returns>The exit status.</returns>
    /// <exception cref="PrimaryException">What is recorded is not to be trusted, or is another configuration's.</exception>
    public async Task<int> FinishAsync(CancellationToken cancellation)
    {
        if (await SettleRun.FindAsync(push.Sudo, cancellation) is not { } decision)
        {
            output.Line("nginx-sync: nothing is left to settle");
            return ExitStatus.Success;
        }
        if (!IsOurs(decision)) throw OfAnother(decision);
        if (dryRun)
        {
            Show(decision);
            return ExitStatus.Success;
        }
        var reports = await CarryOutAsync(decision, cancellation);
        return ExitStatus.Of(reports);
    }

    /// <summary>Finishes what is recorded, if anything is, before something else is pushed. A dry run only says that it is
    /// there.</summary>
    /// <param name="mustSettle">What comes next is for all nodes or none: nothing may be left.</param>
    /// <param name="otherwise">What it means for the earlier push where something is left and may be.</param>
    /// <returns>Whether the run may go on, and what was left.</returns>
    /// <exception cref="PrimaryException">What is recorded is not to be trusted; or it is another configuration's, and
    /// nothing may be left.</exception>
    public async Task<(bool MayGoOn, Decision? Left)> FinishFirstAsync(
        bool mustSettle, string otherwise, CancellationToken cancellation)
    {
        if (await SettleRun.FindAsync(push.Sudo, cancellation) is not { } decision) return (true, null);
        if (!IsOurs(decision) && mustSettle && !dryRun) throw OfAnother(decision);
        if (!IsOurs(decision) || dryRun)
        {
            output.Error(Texts.Pending(decision));
            return (true, null);
        }
        var reports = await CarryOutAsync(decision, cancellation);
        if (reports.All(report => report.IsGood)) return (true, null);
        if (cancellation.IsCancellationRequested) return (false, decision);
        if (mustSettle)
        {
            output.Error("nginx-sync: nothing else was done: the earlier push has to be finished first");
            return (false, decision);
        }
        output.Error($"nginx-sync: warning: going on all the same; {otherwise}");
        return (true, decision);
    }

    /// <summary>For a run that touches nothing: says what is recorded, and never fails.</summary>
    public static async Task MentionAsync(bool sudo, Output output, CancellationToken cancellation)
    {
        try
        {
            if (await SettleRun.FindAsync(sudo, cancellation) is { } decision) output.Error(Texts.Pending(decision));
        }
        catch (PrimaryException exception)
        {
            output.Error($"nginx-sync: warning: {exception.Step} failed:\n{Texts.ShownLines(exception.Message, "    ")}");
        }
    }

    private async Task<IReadOnlyList<NodeReport>> CarryOutAsync(Decision decision, CancellationToken cancellation)
    {
        var printer = new PushPrinter(output, [.. decision.Nodes.Select(node => node.Node).Where(push.Nodes.Contains)], context.Verbose);
        var run = new SettleRun(push, decision, context.TransportTo, printer, context.Timeline);
        output.Star($"Finishing the push to all or none of {LocalTime.Format(decision.Time)}, by {Texts.Shown(decision.Who)}");
        foreach (var node in run.Dropped)
        {
            output.Error($"nginx-sync: warning: {node} was part of it and is not in NODES any more: it is left as it is");
        }
        printer.PrimaryReady();
        var reports = await run.RunAsync(cancellation);
        printer.Summarise(reports);
        return reports;
    }

    private void Show(Decision decision)
    {
        output.Error(Texts.Pending(decision));
        foreach (var node in decision.Nodes)
        {
            output.Star($"Would finish it on {node.Node}");
            foreach (var change in node.Changes) output.Line($"    {Texts.Of(change)}");
        }
    }

    private bool IsOurs(Decision decision) => decision.ConfigPath == Path.GetFullPath(push.Config.Path);

    private static PrimaryException OfAnother(Decision decision) => new(
        "looking for an earlier push to finish",
        $"one of another configuration is not finished, and there can be only one:\nnginx-sync -f {decision.ConfigPath} settle");
}
