using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>Collects the generations of all nodes, because only all of them show which run is meant. No node goes back
/// before every node has told its generations or could not be reached.</summary>
/// <param name="decide">Makes the steps of all nodes from their generations.</param>
internal sealed class RunsOfNodes(IReadOnlyList<Node> nodes, Func<IReadOnlyList<RollbackSteps.OfNode>, RollbackSteps> decide)
{
    private readonly Lock sync = new();
    private readonly RollbackSteps.OfNode?[] told = new RollbackSteps.OfNode?[nodes.Count];
    private readonly TaskCompletionSource<RollbackSteps> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The steps of all nodes. Completes when each node has been heard of.</summary>
    public Task<RollbackSteps> Decision => decision.Task;

    /// <summary>Records the generations that the node retains, lowest number first.</summary>
    /// <param name="elsewhere">The numbers of those that changed nothing of what this roll-back may touch.</param>
    public void Tell(int node, ImmutableArray<Generation> retained, ImmutableHashSet<int> elsewhere) => Note(node, retained, elsewhere);

    /// <summary>Records that the node takes no part. Does nothing if it has told its generations.</summary>
    public void Leave(int node) => Note(node, null, []);

    private void Note(int node, ImmutableArray<Generation>? retained, ImmutableHashSet<int> elsewhere)
    {
        lock (sync)
        {
            if (told[node] is not null) return;
            told[node] = new RollbackSteps.OfNode(nodes[node], retained) { Elsewhere = elsewhere };
            if (told.Any(other => other is null)) return;
        }
        decision.TrySetResult(decide([.. told.OfType<RollbackSteps.OfNode>()]));
    }
}
