using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>
/// Numbers are each node's own. Where several nodes are to go back to one number, none of them does before it is seen that
/// this is the same state on all that were reached.
/// </summary>
/// <param name="number">The generation that is wanted.</param>
internal sealed class SameGeneration(IReadOnlyList<Node> nodes, int number)
{
    private readonly Lock sync = new();
    private readonly GenerationOnNode?[] found = new GenerationOnNode?[nodes.Count];
    private readonly TaskCompletionSource<Refusal?> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why no node may go back; null if all may. Complete once each node has been heard of.</summary>
    public Task<Refusal?> Objection => decision.Task;

    /// <summary>The node has this generation.</summary>
    public void Found(int node, Generation generation) =>
        Tell(node, new GenerationOnNode.Retained(nodes[node], generation.Digest, generation.Time, generation.Who));

    /// <summary>The node was reached and does not keep it.</summary>
    public void Missing(int node, Refusal why) => Tell(node, new GenerationOnNode.Absent(nodes[node], why));

    /// <summary>The node was reached and cannot say what it keeps.</summary>
    /// <param name="words">The node's.</param>
    public void Unknown(int node, string words) => Tell(node, new GenerationOnNode.Unknown(nodes[node], words));

    /// <summary>The node takes no part, or has told all that it had to tell.</summary>
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

    // A digest that was not recorded is equal to none.
    private static bool IsOneState(IEnumerable<GenerationOnNode> all)
    {
        var digests = all.Where(one => one is not GenerationOnNode.NotReached)
            .Select(one => one is GenerationOnNode.Retained { Digest: { Length: > 0 } digest } ? digest : null).Distinct().ToList();
        return digests is [] or [not null];
    }
}
