using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>Checks that a generation number means the same state on all nodes that were reached, before any of them goes
/// back. Each node numbers its generations for itself.</summary>
/// <param name="number">The generation to go back to.</param>
internal sealed class SameGeneration(IReadOnlyList<Node> nodes, int number)
{
    private readonly Lock sync = new();
    private readonly GenerationOnNode?[] found = new GenerationOnNode?[nodes.Count];
    private readonly TaskCompletionSource<Refusal?> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why no node may go back; null if all may. Completes when each node has been heard of.</summary>
    public Task<Refusal?> Objection => decision.Task;

    /// <summary>Records that the node has this generation.</summary>
    public void Found(int node, Generation generation) =>
        Tell(node, new GenerationOnNode.Retained(nodes[node], generation.Digest, generation.Time, generation.Who) { Run = generation.Run?.Id });

    /// <summary>Records that the node was reached and does not retain the generation.</summary>
    public void Missing(int node, Refusal why) => Tell(node, new GenerationOnNode.Absent(nodes[node], why));

    /// <summary>Records that the node was reached and cannot read its history.</summary>
    /// <param name="words">What the node said.</param>
    public void Unknown(int node, string words) => Tell(node, new GenerationOnNode.Unknown(nodes[node], words));

    /// <summary>Records that the node was not reached. Does nothing if it has told something before.</summary>
    public void Leave(int node) => Tell(node, new GenerationOnNode.NotReached(nodes[node]));

    private void Tell(int node, GenerationOnNode one)
    {
        lock (sync)
        {
            if (found[node] is not null) return;
            found[node] = one;
            if (found.Any(other => other is null)) return;
        }
        var all = found.OfType<GenerationOnNode>().ToList();
        decision.TrySetResult(IsOneState(all) ? null : new Refusal.NotOneState(number, [.. all]));
    }

    // One run may have given each node something of its own, so its generations count as one state. A generation that
    // records neither a digest nor a run is equal to no other.
    private static bool IsOneState(IEnumerable<GenerationOnNode> all)
    {
        var reached = all.Where(one => one is not GenerationOnNode.NotReached).ToList();
        return AreOne(one => one.Digest.Length > 0 ? one.Digest : null) || AreOne(one => one.Run);

        bool AreOne(Func<GenerationOnNode.Retained, string?> of) =>
            reached.Select(one => one is GenerationOnNode.Retained retained ? of(retained) : null).Distinct().ToList() is [] or [not null];
    }
}
