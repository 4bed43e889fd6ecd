using System.Collections.Immutable;
using ConfSync.Bytes;
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

    /// <summary>The generations that were the last to change one of these paths, in their order.</summary>
    /// <param name="generations">With all their changes, the lowest number first.</param>
    public static IEnumerable<Generation> LastToChange(IEnumerable<Change> changes, IEnumerable<Generation> generations)
    {
        var last = new Dictionary<string, Generation>(StringComparer.Ordinal);
        foreach (var generation in generations)
        {
            foreach (var change in generation.Changes) last[change.Path] = generation;
        }
        return changes.Select(change => last.GetValueOrDefault(change.Path)).OfType<Generation>().Distinct().OrderBy(generation => generation.Number);
    }

    /// <summary>Finds the edits. A path that generations record was edited if it is not what the last of them made of it. Another
    /// one was edited if it is younger than the last generation.</summary>
    /// <param name="held">What the node holds, without what EXCLUDE takes out.</param>
    /// <param name="changes">What the push changes there.</param>
    /// <param name="generations">The node's, with all their changes, the lowest number first. Some may be of other scopes.</param>
    /// <param name="exclude">With <paramref name="confPaths"/>, what the scope is.</param>
    public static HandEdits Of(
        Snapshot held, IReadOnlyCollection<Change> changes, IReadOnlyCollection<Generation> generations, string scope,
        ExcludeRules exclude, IReadOnlyList<string> confPaths)
    {
        if (LastOf(generations, scope) is not { } last || SnapshotDigest.Of(held, scope) == last.Digest) return None;
        var made = new Dictionary<string, Entry?>(StringComparer.Ordinal);
        foreach (var change in generations.SelectMany(generation => generation.Changes)) made[change.Path] = change.After;
        var edited = changes.Where(change => made.TryGetValue(change.Path, out var after) ? !AreSame(change.Before, after) : IsYounger(change.Before))
            .Select(change => change.Path).ToImmutableArray();
        // If the generations record all that was edited, they tell the whole state that the last push left.
        var left = AsLeftBy(last, held, generations).Where(entry => confPaths.Any(path => PosixPath.IsAtOrBeneath(entry.Path, path)));
        var isExplained = SnapshotDigest.Of(exclude.Divide(new Snapshot(left), confPaths).Included, scope) == last.Digest;
        return isExplained && edited.IsEmpty ? None : new HandEdits(edited, isExplained || !edited.IsEmpty);

        bool IsYounger(Entry? entry) => entry is not null && last.Time is { } time && entry.Modified > time.ToUnixTimeSeconds();
    }

    // A path that later generations alone changed was then what the first of them found.
    private static IEnumerable<Entry> AsLeftBy(Generation last, Snapshot held, IReadOnlyCollection<Generation> generations)
    {
        var then = new Dictionary<string, Entry?>(StringComparer.Ordinal);
        foreach (var change in generations.Where(generation => generation.Number <= last.Number).SelectMany(generation => generation.Changes))
        {
            then[change.Path] = change.After;
        }
        foreach (var change in generations.Where(generation => generation.Number > last.Number).SelectMany(generation => generation.Changes))
        {
            _ = then.TryAdd(change.Path, change.Before);
        }
        return held.Entries.Where(entry => !then.ContainsKey(entry.Path)).Concat(then.Values.OfType<Entry>());
    }

    private static bool AreSame(Entry? one, Entry? other) =>
        one is null || other is null ? one is null && other is null : one.HasContentOf(other) && one.HasAttributesOf(other);
}
