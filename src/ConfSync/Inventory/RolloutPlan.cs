namespace ConfSync.Inventory;

/// <summary>How many nodes may be activated at once.</summary>
/// <param name="BatchSize">Null: the first alone, then all others together. Otherwise every batch has this many.</param>
/// <param name="AllOrNone">No node is activated before every node was reached and tested; what is activated waits for the
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
    /// <summary>Not reached yet. It is waited for, but not for ever.</summary>
    Connecting,

    /// <summary>Reached; being scanned, staged or tested.</summary>
    Preparing,

    /// <summary>Tested, waiting for its turn.</summary>
    Ready,

    /// <summary>Waiting until no other node has a turn to come: what it will do cannot be undone.</summary>
    ReadyLast,

    /// <summary>Being activated.</summary>
    Active,

    /// <summary>Finished, or left out.</summary>
    Done,
}

/// <summary>
/// The order between nodes, as a decision over where each of them stands: everything up to the test runs everywhere at once;
/// who may activate, and when, is said here. Pure.
/// </summary>
public static class RolloutPlan
{
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
        // The order of NODES is kept, not that of speed: a node before the last of a batch is in it, or finished.
        var batch = ready.Take(limit).ToList();
        var before = batch.Count == limit ? stages.Take(batch[^1]) : stages;
        return before.Any(stage => stage == NodeStage.Preparing || (patient && stage == NodeStage.Connecting)) ? [] : batch;
    }
}
