using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a roll-back is asked to do beyond what the configuration says.</summary>
/// <param name="Nodes">The nodes to roll back, in the order in which they are reported.</param>
/// <param name="Force">Overwrite what was changed on a node since.</param>
/// <param name="DryRun">Everything up to the test; nothing changes.</param>
/// <param name="Reload">False leaves the reload to a later run.</param>
/// <param name="Sudo">Where a login is not root's, commands run under sudo on the peers.</param>
/// <param name="Who">The primary and its user, as peers are to name them.</param>
public sealed record RollbackRequest(
    SyncConfig Config, IReadOnlyList<Node> Nodes, RollbackTarget To, bool Force, bool DryRun, bool Reload, RolloutPolicy Rollout,
    bool Sudo, string Who)
{
    /// <summary>The push that carries out this roll-back on the nodes.</summary>
    // MAX_DELETE does not apply, because the state that comes back was there before.
    internal PushRequest AsPush => new(Config with { MaxDelete = SyncConfig.MostDeletions }, Nodes, DryRun, Reload, Rollout, Sudo, Who)
    {
        Run = Run,
        Back = To,
        Contents = Contents,
    };

    /// <summary>What the nodes record of this run; null for nothing.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>The runs that this primary remembers, the oldest one first.</summary>
    public ImmutableArray<RecordedRun> Recorded { get; init; } = [];

    /// <summary>Read the contents of files that go back, and report the lines that differ.</summary>
    public bool Contents { get; init; }
}

/// <summary>
/// A roll-back: a push of the state that each node has retained. It has the sessions, order and proof of a push, and takes
/// none of the primary's files. Each node is confirmed for itself, whatever ALL_OR_NONE says, because nodes may go back to
/// different states.
/// </summary>
/// <exception cref="PrimaryException">A pattern of EXCLUDE is not supported.</exception>
/// <param name="say">Receives the events of the run while it goes on, from several tasks at once.</param>
/// <param name="timeline">Records what the time was spent on.</param>
public sealed class RollbackRun(
    RollbackRequest request, Func<Node, ITransport> transportTo, Action<RunEvent> say, Timeline timeline)
{
    private readonly ExcludeRules exclude = PushRun.ExcludeRulesOf(request.Config);
    private readonly PushRequest push = request.AsPush;

    // A single node cannot disagree with others on the state that the number means.
    private readonly SameGeneration? sameOnAll =
        request.To is RollbackTarget.Generation { Number: var to } && request.Nodes.Count > 1 ? new SameGeneration(request.Nodes, to) : null;

    private readonly RunsOfNodes? runs = request.To switch
    {
        RollbackTarget.BeforeLastRun => new RunsOfNodes(
            request.Nodes, nodes => RollbackSteps.BeforeLastRun(nodes, request.Recorded, request.Config.BackupDir, request.Force)),
        RollbackTarget.Run { Id: var id } => new RunsOfNodes(request.Nodes, nodes => RollbackSteps.AfterRun(nodes, id)),
        _ => null,
    };

    private Task? begun;

    /// <summary>Called once, before anything on a node can change.</summary>
    internal Func<Task> Begun { get; init; } = () => Task.CompletedTask;

    /// <returns>One report for each node, in the order of the request, after a cancellation too.</returns>
    /// <exception cref="PrimaryException">The generation is not the same state on all nodes, or two nodes are the same
    /// machine. No node was changed.</exception>
    public async Task<IReadOnlyList<NodeReport>> RunAsync(CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        var rollout = new Rollout(request.Nodes.Count, request.Rollout, request.Config.PerNode.Cluster) { Ordered = NodeRole.Saying(request.Nodes, say) };
        var machines = new DistinctMachines(request.Nodes, rollout.StopWaiting);
        var nodes = request.Nodes.Select((node, index) => RollBackAsync(node, index, rollout, machines, logins, cancellation)).ToList();
        machines.PrimaryIs(await PrimaryShell.ThisMachineAsync(request.Config, cancellation));
        var duplicate = await machines.Objection;
        var objection = duplicate is null ? await ObjectionAsync() : null;
        if (duplicate is null && objection is null) say(new RunEvent.PrimaryReady());
        var reports = await Task.WhenAll(nodes);
        await machines.EnsureAsync();
        return objection is null ? reports : throw new PrimaryException(PrimaryStep.RollBack, new PrimaryFault.Refused(objection));
    }

    private async Task<Refusal?> ObjectionAsync() =>
        runs is not null ? (await runs.Decision).Objection : sameOnAll is not null ? await sameOnAll.Objection : null;

    private async Task<NodeReport> RollBackAsync(
        Node node, int index, Rollout rollout, DistinctMachines machines, Logins logins, CancellationToken cancellation)
    {
        var rollback = new NodeRollback(request, index, exclude, sameOnAll, runs, generation => say(new RunEvent.NodeGoesBack(node, generation)));
        var report = await new NodePush(push, node, transportTo(node), logins, exclude, say, timeline) { Machine = machines.Of(index) }.RunAsync(
            index, rollout, DesiredAsync, cancellation);
        sameOnAll?.Leave(index);
        runs?.Leave(index);
        return report;

        async Task<DesiredState> DesiredAsync(PeerSession session, Scan scan)
        {
            var desired = await rollback.DesiredAsync(session, scan, cancellation);
            // One that is refused on all nodes leaves nothing here either.
            await machines.EnsureAsync();
            await LazyInitializer.EnsureInitialized(ref begun, Begun);
            return desired;
        }
    }
}
