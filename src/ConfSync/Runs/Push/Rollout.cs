using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>Gives the nodes of a run their turns, as <see cref="RolloutPlan"/> decides. A failure after an activation stops
/// the run: no other node gets a turn. Nodes are named by their index.</summary>
/// <param name="cluster">Whose addresses move; null where only the nodes themselves name such addresses.</param>
internal sealed class Rollout(int nodes, RolloutPolicy policy, ClusterDefinition? cluster = null)
{
    /// <summary>
    /// How long nodes that are ready wait for the login of a node that comes before them. The first node in NODES is the
    /// canary, even if its login takes a little longer. A node that cannot be reached must not keep the others waiting for
    /// its time-out.
    /// </summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private readonly NodeStage[] stages = new NodeStage[nodes];
    private readonly TaskCompletionSource<bool>[] turns =
        [.. Enumerable.Range(0, nodes).Select(_ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously))];

    private readonly MachineRoles?[] roles = new MachineRoles?[nodes];

    private readonly TaskCompletionSource<IReadOnlyList<MachineRoles?>> allTold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task? waiting;
    private bool patient = true;
    private bool proven;
    private bool stopped;
    private bool begun;

    /// <summary>No node has had, or will have, a turn: see <see cref="GiveUp"/>.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Told once, when the first node is about to have its turn, how many addresses each node has that move: null where the node
    /// did not tell. Not called where the order does not follow from that.</summary>
    public Action<IReadOnlyList<int?>>? Ordered { get; init; }

    /// <summary>Which addresses each node has, null for one that has not told: completes when all have, or are no longer waited for.</summary>
    public Task<IReadOnlyList<MachineRoles?>> AllTold => allTold.Task;

    public void Reached(int node) => Move(node, NodeStage.Preparing);

    /// <summary>Records which addresses a node has.</summary>
    public void Told(int node, MachineRoles said)
    {
        lock (sync)
        {
            roles[node] = said;
            TellIfAllTold();
        }
    }

    /// <summary>Waits for the node's turn.</summary>
    /// <param name="last">The node has to come after all nodes that can undo.</param>
    /// <returns>False where another node's failure stopped the run.</returns>
    public Task<bool> TurnAsync(int node, bool last = false)
    {
        Move(node, last ? NodeStage.ReadyLast : NodeStage.Ready);
        return turns[node].Task;
    }

    /// <summary>Records that the others need not wait for this node any more. May be called again with more
    /// knowledge.</summary>
    /// <param name="seenToServe">nginx was reloaded with the new configuration and serves it, which is proof for the other
    /// nodes.</param>
    /// <param name="failed">The node failed in such a way that no other node may have a turn.</param>
    public void Leave(int node, bool seenToServe = false, bool failed = false)
    {
        lock (sync)
        {
            proven |= seenToServe;
            stopped |= failed;
        }
        Move(node, NodeStage.Done);
    }

    /// <summary>Ends the run before it touches a node, if no node has had its turn yet.</summary>
    /// <returns>Whether the run was ended.</returns>
    public bool GiveUp()
    {
        lock (sync)
        {
            if (begun) return false;
            stopped = IsGivenUp = true;
            GiveTurns();
            return true;
        }
    }

    /// <summary>Stops waiting for nodes that are not reached yet.</summary>
    public void StopWaiting()
    {
        lock (sync)
        {
            patient = false;
            TellIfAllTold();
            GiveTurns();
        }
    }

    private void TellIfAllTold()
    {
        var isAwaited = stages.Where((stage, node) => roles[node] is null && (stage == NodeStage.Preparing || (patient && stage == NodeStage.Connecting))).Any();
        if (!isAwaited) allTold.TrySetResult([.. roles]);
    }

    private void Move(int node, NodeStage stage)
    {
        lock (sync)
        {
            stages[node] = stage;
            TellIfAllTold();
            if (stage is NodeStage.Ready or NodeStage.ReadyLast) waiting ??= StopWaitingLaterAsync();
            GiveTurns();
        }
    }

    private async Task StopWaitingLaterAsync()
    {
        await Task.Delay(LeastWait);
        StopWaiting();
    }

    private void GiveTurns()
    {
        if (stopped)
        {
            for (var i = 0; i < stages.Length; i++)
            {
                if (stages[i] is NodeStage.Ready or NodeStage.ReadyLast) turns[i].TrySetResult(false);
            }
            return;
        }
        var held = Held();
        foreach (var next in RolloutPlan.NextOf(stages, policy, proven, patient, held))
        {
            if (!begun && policy.ByRoles) Ordered?.Invoke(held);
            begun = true;
            stages[next] = NodeStage.Active;
            turns[next].TrySetResult(true);
        }
    }
    // What a node cannot tell it may well have.
    private IReadOnlyList<int?> Held()
    {
        if (!policy.ByRoles) return [];
        var counts = HeldAddress.CountsOf(HeldAddress.Of(cluster, roles), nodes);
        return [.. roles.Select((said, node) => said is null ? null : said.AreAddressesKnown ? counts[node] : (int?)int.MaxValue)];
    }
}
