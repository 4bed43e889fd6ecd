using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Told of a push to all nodes or none that an earlier run decided and did not finish.</summary>
public interface IEarlierPushObserver
{
    /// <summary>It stays as it is, because this is a dry run, or because the push is another configuration's.</summary>
    void Pending(Decision earlier);

    /// <summary>The run finishes it now.</summary>
    /// <param name="nodes">The nodes on which it is finished.</param>
    /// <param name="dropped">Nodes that the configuration names no more: they are left as they are.</param>
    /// <returns>Is told of what happens on the nodes.</returns>
    Action<RunEvent> Finishing(
        Decision earlier, IReadOnlyList<NodeAddress> nodes, IReadOnlyList<NodeAddress> dropped);

    /// <summary>One report for each of the nodes.</summary>
    void Finished(IReadOnlyList<NodeReport> reports);

    /// <summary>It is not finished on all its nodes, and the run goes on all the same.</summary>
    void GoingOnWithout(Decision earlier);
}

/// <summary>Finishes what an earlier push to all nodes or none decided: alone, or before something else is done.</summary>
/// <param name="request">Of the run that finishes it: how to log in, and which nodes there are.</param>
internal sealed class EarlierPush(
    DecisionRecord record, PushRequest request, Func<NodeAddress, ITransport> transportTo, IEarlierPushObserver observer,
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
            EarlierPushAction.Mention => new RunOutcome.WouldSettle(earlier),
            _ => new RunOutcome.Ended(await FinishAsync(earlier, cancellation)),
        };
    }

    /// <summary>Finishes what is recorded, if anything is, before something else is done. A dry run only says that it is
    /// there.</summary>
    /// <param name="mustFinish">What comes next is for all nodes or none: nothing may be left.</param>
    /// <returns>How the run ends instead of going on, or null where it may go on; and what is left and may be.</returns>
    /// <exception cref="PrimaryException">What is recorded cannot be read or is not to be trusted.</exception>
    public async Task<(RunOutcome? Stop, Decision? Left)> FinishFirstAsync(bool mustFinish, CancellationToken cancellation)
    {
        if (await record.ReadAsync(cancellation) is not { } earlier) return (null, null);
        switch (EarlierPushRule.Before(earlier, configPath, request.DryRun, mustFinish))
        {
            case EarlierPushAction.Refuse:
                return (new RunOutcome.OtherUnfinished(earlier), null);
            case EarlierPushAction.Mention:
                observer.Pending(earlier);
                return (null, null);
        }
        var reports = await FinishAsync(earlier, cancellation);
        var isInterrupted = cancellation.IsCancellationRequested;
        switch (EarlierPushRule.After(reports, mustFinish, isInterrupted))
        {
            case AfterEarlierPush.Stop:
                return (new RunOutcome.EarlierUnfinished(earlier, reports, isInterrupted), null);
            case AfterEarlierPush.GoOnWithout:
                observer.GoingOnWithout(earlier);
                return (null, earlier);
            default:
                return (null, null);
        }
    }

    private async Task<IReadOnlyList<NodeReport>> FinishAsync(Decision earlier, CancellationToken cancellation)
    {
        // All of NODES, although the run itself may be for some of them only.
        var all = request with { Nodes = request.Config.Nodes };
        var (nodes, dropped) = EarlierPushRule.Divide(earlier, all.Nodes);
        var ofNodes = observer.Finishing(earlier, AddressesOf(nodes), AddressesOf(dropped));
        var run = new SettleRun(all, earlier, nodes, record, transportTo, ofNodes, timeline);
        var reports = await run.RunAsync(cancellation);
        observer.Finished(reports);
        return reports;
    }

    private static IReadOnlyList<NodeAddress> AddressesOf(IEnumerable<DecidedNode> nodes) => [.. nodes.Select(node => node.Node)];
}
