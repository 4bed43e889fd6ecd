using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>
/// Finishes a push to all nodes or none that was decided and then cut off: every node of the decision gets what was decided
/// for it, whatever the primary's own files are by now. Has to be done before anything else is pushed.
/// </summary>
/// <param name="request">How to log in, and the nodes of the configuration; those that it names no more are dropped.</param>
public sealed class SettleRun(
    PushRequest request, Decision decision, Func<NodeAddress, ITransport> transportTo, IPushObserver observer,
    Timeline timeline)
{
    /// <summary>The decision that waits to be finished on this machine; null for none.</summary>
    /// <param name="sudo">The user is not root, and local commands run under sudo.</param>
    /// <exception cref="PrimaryException">There is one that cannot be read or is not to be trusted.</exception>
    public static Task<Decision?> FindAsync(bool sudo, CancellationToken cancellation) =>
        new DecisionRecord(sudo).ReadAsync(cancellation);

    /// <summary>The nodes of the decision that the configuration still names, in its order.</summary>
    public IReadOnlyList<NodeAddress> Nodes { get; } =
        [.. decision.Nodes.Select(node => node.Node).Where(request.Nodes.Contains)];

    /// <summary>Those that it names no more.</summary>
    public IReadOnlyList<NodeAddress> Dropped { get; } =
        [.. decision.Nodes.Select(node => node.Node).Where(node => !request.Nodes.Contains(node))];

    /// <returns>One report for each of <see cref="Nodes"/>. What is not settled stays recorded.</returns>
    public async Task<IReadOnlyList<NodeReport>> RunAsync(CancellationToken cancellation)
    {
        using var logins = new SemaphoreSlim(Logins.InFlight);
        var record = new DecisionRecord(request.Sudo);
        var push = new DecidedPush(request, transportTo, decision, logins, observer, timeline);
        var reports = await Task.WhenAll(decision.Nodes.Where(node => Nodes.Contains(node.Node)).Select(SettleAsync));
        if (await record.KeepAsync(decision, NodeReport.UnsettledOf(reports)) is { } problem) observer.Noted(problem);
        return reports;

        async Task<NodeReport> SettleAsync(DecidedNode node)
        {
            var report = await push.RunAsync(node, isKnown: false, cancellation);
            observer.NodeFinished(report);
            return report;
        }
    }
}
