using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>
/// Numbers are each node's own. Where several nodes are to go back to one number, none of them does before it is seen that
/// this is the same state on all that were reached.
/// </summary>
/// <param name="number">The generation that is wanted.</param>
internal sealed class SameGeneration(IReadOnlyList<NodeAddress> nodes, int number)
{
    private readonly Lock sync = new();
    private readonly string?[] found = new string?[nodes.Count];
    private readonly string?[] digests = new string?[nodes.Count];
    private readonly TaskCompletionSource<string?> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why nobody may go back; null if all may. Complete once each node has been heard of.</summary>
    public Task<string?> Objection => decision.Task;

    /// <summary>The node has this generation.</summary>
    public void Found(int node, Generation generation) => Tell(
        node, generation.Digest.Length > 0 ? generation.Digest : null, string.Create(
            CultureInfo.InvariantCulture,
            $"state {Prefix(generation.Digest)} of {generation.Time?.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz} by {PosixText.Printable(generation.Who)}"));

    /// <summary>The node was reached and cannot say that it is the same state.</summary>
    /// <param name="why">Why not.</param>
    public void Missing(int node, string why) => Tell(node, null, why);

    /// <summary>The node takes no part, or has told all that it had to tell.</summary>
    public void Leave(int node) => Tell(node, "", "not reached");

    private void Tell(int node, string? digest, string words)
    {
        lock (sync)
        {
            if (found[node] is not null) return;
            (digests[node], found[node]) = (digest, words);
            if (found.Any(word => word is null)) return;
        }
        var reached = digests.Where(digest => digest is not { Length: 0 }).ToList();
        decision.TrySetResult(reached.Contains(null) || reached.Distinct().Count() > 1 ? Words() : null);
    }

    private string Words() =>
        $"generation {number} is not one state that all nodes keep; numbers are each node's own:\n" +
        string.Concat(nodes.Select((node, index) => $"{node}: {found[index]}\n")) +
        "See nginx-sync history, and roll back node by node: nginx-sync rollback NODE --to N";

    private static string Prefix(string digest) => digest[..Math.Min(12, digest.Length)];
}
