namespace ConfSync.Inventory;

/// <summary>How many nodes may be activated at once.</summary>
/// <param name="BatchSize">How many nodes are activated together. Null: the first node alone, then all others
/// together.</param>
/// <param name="AllOrNone">No node is activated before every node was reached and tested, and every active node waits for
/// the commit decision.</param>
public sealed record RolloutPolicy(int? BatchSize, bool AllOrNone = false)
{
    /// <summary>The first node alone, then the others together once it is verified.</summary>
    public static RolloutPolicy FirstAlone { get; } = new((int?)null);

    public static RolloutPolicy AllAtOnce { get; } = new(int.MaxValue);

    /// <summary>Nodes with fewer addresses that move come first, and each that has one comes alone. Without it, or where all go at
    /// once, the order is that of NODES.</summary>
    public bool ByRoles { get; init; }
}

/// <summary>How far one node is, as far as the order between nodes needs to know.</summary>
public enum NodeStage
{
    /// <summary>The node is not reached yet. The others wait for it, but only for a limited time.</summary>
    Connecting,

    /// <summary>The node was reached, and is being scanned, staged or tested.</summary>
    Preparing,

    /// <summary>The node is tested and waits for its turn.</summary>
    Ready,

    /// <summary>The node waits until no other node still waits for its turn, because what it will do cannot be
    /// undone.</summary>
    ReadyLast,

    /// <summary>The node is being activated.</summary>
    Active,

    /// <summary>The node is finished, or takes no part.</summary>
    Done,
}

/// <summary>Decides the order between nodes from the stage of each. Everything up to the test runs on all nodes at once;
/// this class says which nodes may be activated, and when. Pure.</summary>
public static class RolloutPlan
{
    /// <summary>The nodes that may be activated now, by index, in their order.</summary>
    /// <param name="proven">A node was seen to serve the new configuration.</param>
    /// <param name="patient">The others still wait for nodes that are not reached yet.</param>
    /// <param name="held">How many addresses each node has that move; null for a node that has not told yet. Not read unless the policy
    /// is by roles.</param>
    public static IReadOnlyList<int> NextOf(
        IReadOnlyList<NodeStage> stages, RolloutPolicy policy, bool proven, bool patient, IReadOnlyList<int?> held)
    {
        if (!policy.ByRoles || policy.BatchSize == int.MaxValue) return NextOf(stages, policy, proven, patient);
        // The order is known once every node has told, or is waited for no more.
        if (stages.Where((stage, node) => held[node] is null && (stage == NodeStage.Preparing || (patient && stage == NodeStage.Connecting))).Any()) return [];
        var order = OrderOf(held);
        var inOrder = order.Select(node => stages[node]).ToList();
        var next = NextOf(inOrder, policy, proven, patient);
        var backups = next.TakeWhile(place => held[order[place]] == 0).ToList();
        // A holder is alone: nodes that can take its addresses over are at rest, and none that may still hold one comes after it.
        var mayHolder = backups.Count == 0 && next.Count > 0 && inOrder.Take(next[0]).All(IsOver) && !stages.Contains(NodeStage.Active);
        return [.. (mayHolder ? next.Take(1) : backups).Select(place => order[place])];

        // What has to come last of all does not keep others waiting.
        bool IsOver(NodeStage stage) => stage is NodeStage.Done or NodeStage.ReadyLast || (stage == NodeStage.Connecting && !patient);
    }

    /// <summary>The nodes by index: those with the fewest addresses first, in the order of NODES where they have the same number; those
    /// of which it is not known last.</summary>
    public static IReadOnlyList<int> OrderOf(IReadOnlyList<int?> held) =>
        [.. Enumerable.Range(0, held.Count).OrderBy(node => held[node] ?? int.MaxValue)];

    /// <summary>The same in the order of NODES.</summary>
    public static IReadOnlyList<int> NextOf(IReadOnlyList<NodeStage> stages, RolloutPolicy policy, bool proven, bool patient)
    {
        if (policy.AllOrNone && stages.Any(stage => stage is NodeStage.Connecting or NodeStage.Preparing)) return [];
        var turn = stages.All(stage => stage is NodeStage.ReadyLast or NodeStage.Done) ? NodeStage.ReadyLast : NodeStage.Ready;
        var ready = Enumerable.Range(0, stages.Count).Where(node => stages[node] == turn);
        var limit = policy.BatchSize ?? (proven ? int.MaxValue : 1);
        if (limit == int.MaxValue) return [.. ready];
        if (stages.Contains(NodeStage.Active)) return [];
        // Keeps the order of NODES, whichever node is ready first: all nodes before the last of a batch are in it or
        // finished.
        var batch = ready.Take(limit).ToList();
        var before = batch.Count == limit ? stages.Take(batch[^1]) : stages;
        return before.Any(stage => stage == NodeStage.Preparing || (patient && stage == NodeStage.Connecting)) ? [] : batch;
    }
}
