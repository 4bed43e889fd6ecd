using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Finishes a push to all nodes or none that was decided and then cut off. Every node gets the state that was
/// decided for it, even if the primary's own files have changed since. No other push may run before.</summary>
/// <param name="request">How to log in, and the time limits.</param>
/// <param name="nodes">The nodes of the commit record to finish. The others are dropped from the record.</param>
internal sealed class SettleRun(
    PushRequest request, CommitRecord decision, IReadOnlyList<DecidedNode> nodes, CommitRecordFile record,
    Func<Node, ITransport> transportTo, Action<RunEvent> say, Timeline timeline)
{
    /// <returns>One report for each of the nodes. The nodes in doubt stay in the commit record.</returns>
    /// <exception cref="PrimaryException">Two nodes are the same machine now. No node was changed.</exception>
    public async Task<IReadOnlyList<NodeReport>> RunAsync(CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        var push = new DecidedPush(request, transportTo, decision, logins, say, timeline);
        // An alias in the ssh configuration, or an address, may lead to another machine than when the decision was made.
        var machines = new DistinctMachines([.. nodes.Select(node => node.Node)]);
        var settling = nodes.Select((node, index) => SettleAsync(node, machines.Of(index))).ToList();
        machines.PrimaryIs(await PrimaryShell.ThisMachineAsync(request.Config, cancellation));
        // The primary is ready at once because its own files take no part.
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
