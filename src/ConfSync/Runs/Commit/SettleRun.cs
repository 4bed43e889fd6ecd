using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>
/// Finishes a push to all nodes or none that was decided and then cut off: every node of the decision gets what was decided
/// for it, whatever the primary's own files are by now. Has to be done before anything else is pushed.
/// </summary>
/// <param name="request">How to log in.</param>
/// <param name="nodes">Those of the decision on which it is finished. The others are dropped from it.</param>
internal sealed class SettleRun(
    PushRequest request, CommitRecord decision, IReadOnlyList<DecidedNode> nodes, CommitRecordFile record,
    Func<Node, ITransport> transportTo, Action<RunEvent> say, Timeline timeline)
{
    /// <returns>One report for each of the nodes. What is not settled stays recorded.</returns>
    /// <exception cref="PrimaryException">Nodes are the same machine by now; none was changed.</exception>
    public async Task<IReadOnlyList<NodeReport>> RunAsync(CancellationToken cancellation)
    {
        using var logins = new Logins();
        var push = new DecidedPush(request, transportTo, decision, logins, say, timeline);
        // An alias of the ssh configuration, or an address, may lead elsewhere than when it was decided.
        var machines = new DistinctMachines([.. nodes.Select(node => node.Node)]);
        var settling = nodes.Select((node, index) => SettleAsync(node, machines.Of(index))).ToList();
        machines.PrimaryIs(await PrimaryShell.ThisMachineAsync(request.Config, cancellation));
        // The primary's own files take no part.
        if (await machines.Objection is null) say(new RunEvent.PrimaryReady());
        var reports = await Task.WhenAll(settling);
        await machines.EnsureAsync();
        if (await record.KeepAsync(decision, NodeReport.InDoubtOf(reports)) is { } problem) say(new RunEvent.RecordNotUpdated(problem));
        return reports;

        async Task<NodeReport> SettleAsync(DecidedNode node, NodeMachine machine)
        {
            var report = await push.RunAsync(node, machine, isKnown: false, cancellation);
            say(new RunEvent.NodeFinished(report));
            return report;
        }
    }
}
