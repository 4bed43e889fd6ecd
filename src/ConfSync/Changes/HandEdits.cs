using System.Collections.Immutable;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>What a push would overwrite that another process changed on a node since the last push there.</summary>
/// <param name="Paths">The paths, in their order.</param>
/// <param name="IsComplete">False: there are more, and nothing tells which they are.</param>
public sealed record HandEdits(ImmutableArray<string> Paths, bool IsComplete)
{
    public static HandEdits None { get; } = new([], true);

    public bool IsEmpty => Paths.IsEmpty && IsComplete;

    /// <summary>The last generation of a scope; null where there is none. A digest of another scope cannot be compared.</summary>
    /// <param name="generations">Those of one node, the lowest number first.</param>
    public static Generation? LastOf(IEnumerable<Generation> generations, string scope) =>
        generations.LastOrDefault(generation => SnapshotDigest.IsOf(generation.Digest, scope));

    /// <summary>Finds the edits. A path that generations record was edited if it is not what the last of them made of it. Another
    /// one was edited if it is younger than the last generation.</summary>
    /// <param name="held">What the node holds, without what EXCLUDE takes out.</param>
    /// <param name="changes">What the push changes there.</param>
    /// <param name="generations">The node's, with all their changes, the lowest number first.</param>
    public static HandEdits Of(Snapshot held, IReadOnlyCollection<Change> changes, IReadOnlyCollection<Generation> generations, string scope)
    {
        if (LastOf(generations, scope) is not { } last || SnapshotDigest.Of(held, scope) == last.Digest) return None;
        var made = new Dictionary<string, Entry?>(StringComparer.Ordinal);
        foreach (var change in generations.SelectMany(generation => generation.Changes)) made[change.Path] = change.After;
        var edited = changes.Where(change => made.TryGetValue(change.Path, out var after) ? !AreSame(change.Before, after) : IsYounger(change.Before))
            .Select(change => change.Path).ToImmutableArray();
        // With what the generations made, the node would hold the state of the last one, if they record all that was edited.
        var restored = held.Entries.Where(entry => !made.ContainsKey(entry.Path)).Concat(made.Values.OfType<Entry>());
        var isExplained = SnapshotDigest.Of(new Snapshot(restored), scope) == last.Digest;
        return isExplained && edited.IsEmpty ? None : new HandEdits(edited, isExplained || !edited.IsEmpty);

        bool IsYounger(Entry? entry) => entry is not null && last.Time is { } time && entry.Modified > time.ToUnixTimeSeconds();
    }

    private static bool AreSame(Entry? one, Entry? other) =>
        one is null || other is null ? one is null && other is null : one.HasContentOf(other) && one.HasAttributesOf(other);
}
