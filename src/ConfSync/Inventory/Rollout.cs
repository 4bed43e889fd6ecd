
namespace ConfSync.Inventory;

/// <summary>How many nodes may be activated at once.</summary>
/// <param name="BatchSize">Null: the first alone, then all others together. Otherwise every batch has this many.</param>
/// <param name="AllOrNone">Nobody before every node was reached and tested; what is activated waits for the
/// common decision.</param>
public sealed record RolloutPolicy(int? BatchSize, bool AllOrNone = false)
{
    /// <summary>The first node alone, the rest together once it is verified.</summary>
    public static RolloutPolicy FirstAlone { get; } = new((int?)null);

    public static RolloutPolicy AllAtOnce { get; } = new(int.MaxValue);
}

/// <summary>Where one node stands, as far as the order between nodes is concerned.</summary>
public enum NodeStage
{
    /// <summary>Not reached yet. It is waited for as long as there is <see cref="Rollout.Patience"/>.</summary>
    Connecting,

    /// <summary>Reached; being scanned, staged or tested.</summary>
    Preparing,

    /// <summary>Tested, waiting for its turn.</summary>
    Ready,

    /// <summary>Waiting until nobody else has a turn to come: what it will do cannot be undone.</summary>
    ReadyLast,

    /// <summary>Being activated.</summary>
    Active,

    /// <summary>Finished, or left out.</summary>
    Done,
}

/// <summary>
/// The order between nodes: everything up to the test runs everywhere at once; who may activate, and when, is decided
/// here. A failure after activation stops the run: nobody else gets a turn.
/// </summary>
public sealed class Rollout(int nodes, RolloutPolicy policy)
{
    /// <summary>How long nodes that are ready let one before them log in. Who is named first is to be hurt first, even if
    /// its login takes a little longer; one that is away must not keep the others waiting for its time-out.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private readonly NodeStage[] stages = new NodeStage[nodes];
    private readonly TaskCompletionSource<bool>[] turns =
        [.. Enumerable.Range(0, nodes).Select(_ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously))];

    private Task? waiting;
    private bool patient = true;
    private bool proven;
    private bool stopped;
    private bool begun;

    /// <summary>No node has had, or will have, a turn: see <see cref="GiveUp"/>.</summary>
    public bool IsGivenUp { get; private set; }

    public void Reached(int node) => Move(node, NodeStage.Preparing);

    /// <summary>Waits for the node's turn.</summary>
    /// <param name="last">It has to come after all that can be undone.</param>
    /// <returns>False where the run was stopped by another node's failure.</returns>
    public Task<bool> TurnAsync(int node, bool last = false)
    {
        Move(node, last ? NodeStage.ReadyLast : NodeStage.Ready);
        return turns[node].Task;
    }

    /// <summary>The node is finished as far as the others are concerned, or takes no part in the order. May be told
    /// again, with more.</summary>
    /// <param name="seenToServe">It was reloaded with the new configuration and serves it: proof for the others.</param>
    /// <param name="failed">It failed so that nobody else may have a turn.</param>
    public void Leave(int node, bool seenToServe = false, bool failed = false)
    {
        lock (sync)
        {
            proven |= seenToServe;
            stopped |= failed;
        }
        Move(node, NodeStage.Done);
    }

    /// <summary>Ends the run before it touches a node, if none has had its turn yet.</summary>
    /// <returns>Whether that was so.</returns>
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

    /// <summary>Nodes that are not reached yet are no longer waited for.</summary>
    public void LosePatience()
    {
        lock (sync)
        {
            patient = false;
            GiveTurns();
        }
    }

    private void Move(int node, NodeStage stage)
    {
        lock (sync)
        {
            stages[node] = stage;
            if (stage is NodeStage.Ready or NodeStage.ReadyLast) waiting ??= LosePatienceAsync();
            GiveTurns();
        }
    }

    private async Task LosePatienceAsync()
    {
        await Task.Delay(Patience);
        LosePatience();
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
        foreach (var next in NextOf(stages, policy, proven, patient))
        {
            begun = true;
            stages[next] = NodeStage.Active;
            turns[next].TrySetResult(true);
        }
    }

    /// <summary>The nodes that may be activated now, in their order.</summary>
    /// <param name="proven">A node is already seen to serve the new configuration.</param>
    /// <param name="patient">A node that is not reached yet is waited for.</param>
    public static IReadOnlyList<int> NextOf(IReadOnlyList<NodeStage> stages, RolloutPolicy policy, bool proven, bool patient)
    {
        if (policy.AllOrNone && stages.Any(stage => stage is NodeStage.Connecting or NodeStage.Preparing)) return [];
        var turn = stages.All(stage => stage is NodeStage.ReadyLast or NodeStage.Done) ? NodeStage.ReadyLast : NodeStage.Ready;
        var ready = Enumerable.Range(0, stages.Count).Where(node => stages[node] == turn);
        var limit = policy.BatchSize ?? (proven ? int.MaxValue : 1);
        if (limit == int.MaxValue) return [.. ready];
        if (stages.Contains(NodeStage.Active)) return [];
        // The order of NODES is kept, not that of speed: whoever comes before the last of a batch is in it, or finished.
        var batch = ready.Take(limit).ToList();
        var before = batch.Count == limit ? stages.Take(batch[^1]) : stages;
        return before.Any(stage => stage == NodeStage.Preparing || (patient && stage == NodeStage.Connecting)) ? [] : batch;
    }
}
