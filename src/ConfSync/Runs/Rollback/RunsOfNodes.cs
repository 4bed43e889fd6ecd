using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>Which run is meant follows from what all nodes keep: no node goes back before each has told, or is not reached.
/// </summary>
/// <param name="decide">From what all nodes keep to what each does.</param>
internal sealed class RunsOfNodes(IReadOnlyList<Node> nodes, Func<IReadOnlyList<RollbackSteps.OfNode>, RollbackSteps> decide)
{
    private readonly Lock sync = new();
    private readonly RollbackSteps.OfNode?[] told = new RollbackSteps.OfNode?[nodes.Count];
    private readonly TaskCompletionSource<RollbackSteps> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What all do. Complete once each node has been heard of.</summary>
    public Task<RollbackSteps> Decision => decision.Task;

    /// <summary>What the node keeps, lowest number first.</summary>
    public void Tell(int node, ImmutableArray<Generation> retained) => Note(node, retained);

    /// <summary>The node takes no part, or has told what it keeps.</summary>
    public void Leave(int node) => Note(node, null);

    private void Note(int node, ImmutableArray<Generation>? retained)
    {
        lock (sync)
        {
            if (told[node] is not null) return;
            told[node] = new RollbackSteps.OfNode(nodes[node], retained);
            if (told.Any(other => other is null)) return;
        }
        decision.TrySetResult(decide([.. told.OfType<RollbackSteps.OfNode>()]));
    }
}
