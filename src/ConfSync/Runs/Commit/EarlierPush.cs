using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Finishes what an earlier push to all nodes or none decided: alone, or before something else is done.</summary>
/// <param name="request">Of the run that finishes it: how to log in, and which nodes there are.</param>
internal sealed class EarlierPush(
    CommitRecordFile record, PushRequest request, Func<Node, ITransport> transportTo, Action<RunEvent> say,
    Timeline timeline)
{
    private readonly string configPath = Path.GetFullPath(request.Config.Path);

    /// <summary><c>nginx-sync settle</c>.</summary>
    /// <exception cref="PrimaryException">What is recorded cannot be read or is not to be trusted.</exception>
    public async Task<RunOutcome> SettleAsync(CancellationToken cancellation)
    {
        if (await record.ReadAsync(cancellation) is not { } earlier) return new RunOutcome.NothingToSettle();
        return EarlierPushRule.OfSettling(earlier, configPath, request.DryRun) switch
        {
            EarlierPushAction.Refuse => new RunOutcome.OtherUnfinished(earlier),
            EarlierPushAction.Mention => Mention(earlier),
            _ => new RunOutcome.Ended(await FinishAsync(earlier, cancellation)),
        };
    }

    private RunOutcome.WouldSettle Mention(CommitRecord earlier)
    {
        say(new RunEvent.EarlierPending(AsUnfinished(earlier)));
        return new RunOutcome.WouldSettle(earlier);
    }

    /// <summary>Finishes what is recorded, if anything is, before something else is done. A dry run only says that it is
    /// there.</summary>
    /// <param name="mustFinish">What comes next is for all nodes or none: nothing may be left.</param>
    /// <returns>How the run ends instead of going on, or null where it may go on; and what is left and may be.</returns>
    /// <exception cref="PrimaryException">What is recorded cannot be read or is not to be trusted.</exception>
    public async Task<(RunOutcome? Stop, CommitRecord? Left)> FinishFirstAsync(bool mustFinish, CancellationToken cancellation)
    {
        if (await record.ReadAsync(cancellation) is not { } earlier) return (null, null);
        switch (EarlierPushRule.Before(earlier, configPath, request.DryRun, mustFinish))
        {
            case EarlierPushAction.Refuse:
                return (new RunOutcome.OtherUnfinished(earlier), null);
            case EarlierPushAction.Mention:
                say(new RunEvent.EarlierPending(AsUnfinished(earlier)));
                return (null, null);
        }
        var reports = await FinishAsync(earlier, cancellation);
        var isInterrupted = cancellation.IsCancellationRequested;
        switch (EarlierPushRule.After(reports, mustFinish, isInterrupted))
        {
            case AfterEarlierPush.Stop:
                return (new RunOutcome.EarlierUnfinished(earlier, reports, isInterrupted), null);
            case AfterEarlierPush.GoOnWithout:
                say(new RunEvent.GoingOnWithoutEarlier(AsUnfinished(earlier)));
                return (null, earlier);
            default:
                return (null, null);
        }
    }

    private async Task<IReadOnlyList<NodeReport>> FinishAsync(CommitRecord earlier, CancellationToken cancellation)
    {
        // All of NODES, although the run itself may be for some of them only.
        var all = request with { Nodes = request.Config.Nodes };
        var (nodes, dropped) = EarlierPushRule.Divide(earlier, all.Nodes);
        say(new RunEvent.FinishingEarlier(AsUnfinished(earlier), AddressesOf(nodes), AddressesOf(dropped)));
        var run = new SettleRun(all, earlier, nodes, record, transportTo, say, timeline);
        var reports = await run.RunAsync(cancellation);
        say(new RunEvent.EarlierFinished(reports));
        return reports;
    }

    /// <summary>What is said of it: without all the contents that the record holds.</summary>
    public static UnfinishedPush AsUnfinished(CommitRecord decision) =>
        new(decision.Time, decision.Who, decision.ConfigPath, AddressesOf(decision.Nodes));

    private static ImmutableArray<Node> AddressesOf(IEnumerable<DecidedNode> nodes) => [.. nodes.Select(node => node.Node)];
}
