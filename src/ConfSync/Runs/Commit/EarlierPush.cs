using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Finishes a push to all nodes or none that an earlier run decided and did not finish.</summary>
/// <param name="request">The request of the run that finishes it: how to log in, and which nodes there are.</param>
/// <param name="log">What this machine remembers of runs.</param>
internal sealed class EarlierPush(
    CommitRecordFile record, PushRequest request, Func<Node, ITransport> transportTo, Action<RunEvent> say,
    Timeline timeline, IRunLog log)
{
    private readonly string configPath = Path.GetFullPath(request.Config.Path);

    // Another primary has pushed since, and the commit record is gone. What this run pushes itself is checked against that push.
    private bool isOutdated;

    /// <summary>Finishes the earlier push and does nothing else: <c>nginx-sync settle</c>.</summary>
    /// <exception cref="PrimaryException">The commit record cannot be read, or other users may have written it.</exception>
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

    /// <summary>Finishes the earlier push, if there is one, before the run does something else. A dry run only mentions
    /// it.</summary>
    /// <param name="mustFinish">The run that follows is for all nodes or none, so it may start only if the earlier push is
    /// finished on all its nodes.</param>
    /// <returns>Stop: how the run ends; null if it may go on. Left: the commit record that could not be finished although
    /// the run may go on; null for none.</returns>
    /// <exception cref="PrimaryException">The commit record cannot be read, or other users may have written it.</exception>
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
        if (isOutdated) return (null, null);
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
        // Takes all of NODES because the run itself may be for some of them only.
        var all = request with { Nodes = request.Config.Nodes };
        var (nodes, dropped) = EarlierPushRule.Divide(earlier, all.Nodes);
        say(new RunEvent.FinishingEarlier(AsUnfinished(earlier), AddressesOf(nodes), AddressesOf(dropped)));
        var later = await new LaterPush(all, transportTo, log).FindAsync(earlier, nodes, cancellation);
        var reports = later is null
            ? await new SettleRun(all, earlier, nodes, record, transportTo, say, timeline).RunAsync(cancellation)
            : await OutdatedAsync(earlier, nodes, later.Value.Node, later.Value.Objection);
        say(new RunEvent.EarlierFinished(reports));
        return reports;
    }

    // Another primary has gone on from there, so the decision is carried out nowhere any more.
    private async Task<IReadOnlyList<NodeReport>> OutdatedAsync(CommitRecord earlier, IReadOnlyList<DecidedNode> nodes, Node overtaken, Refusal why)
    {
        say(new RunEvent.PrimaryReady());
        NodeReport[] reports = [.. nodes.Select(node => ReportOf(node.Node))];
        foreach (var report in reports) say(new RunEvent.NodeFinished(report));
        var problem = await record.KeepAsync(earlier, ImmutableHashSet<Node>.Empty);
        isOutdated = problem is null;
        if (problem is not null) say(new RunEvent.RecordNotUpdated(problem));
        return reports;

        NodeReport ReportOf(Node node) => node.Equals(overtaken)
            ? NodeReport.Failed.Of(node, new NodeFailure(PushStep.Stage, why.Kind, "", PeerState.Untouched, "") { Refusal = why })
            : new NodeReport.LeftAlone(node);
    }

    /// <summary>The part of the commit record that reports show, which is all but the contents of files.</summary>
    public static UnfinishedPush AsUnfinished(CommitRecord decision) =>
        new(decision.Time, decision.Who, decision.ConfigPath, AddressesOf(decision.Nodes));

    private static ImmutableArray<Node> AddressesOf(IEnumerable<DecidedNode> nodes) => [.. nodes.Select(node => node.Node)];
}
