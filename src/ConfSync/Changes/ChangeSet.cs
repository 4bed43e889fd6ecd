using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>The changes that make one peer hold the desired Snapshot. Each path occurs once, and paths are
/// ordered.</summary>
public sealed class ChangeSet
{
    public ImmutableArray<Change> Changes { get; }

    /// <summary>Why the push cannot make some of the changes. These are among <see cref="Changes"/> too, so that a
    /// comparison reports them.</summary>
    public ImmutableArray<Conflict> Conflicts { get; }

    /// <summary>Files on the peer that could not be read there. They are replaced, because their content is not
    /// known.</summary>
    public ImmutableArray<Entry> Unreadable { get; }

    /// <summary>The peer holds the desired Snapshot.</summary>
    public bool IsEmpty => Changes.IsEmpty && Conflicts.IsEmpty;

    private ChangeSet(
        ImmutableArray<Change> changes, ImmutableArray<Conflict> conflicts, ImmutableArray<Entry> unreadable) =>
        (Changes, Conflicts, Unreadable) = (changes, conflicts, unreadable);

    /// <summary>The changes that make <paramref name="actual"/> into <paramref name="desired"/>.</summary>
    /// <param name="desired">What the peer ought to hold, without what EXCLUDE takes out.</param>
    /// <param name="actual">What the peer holds, without what EXCLUDE takes out.</param>
    /// <param name="excluded">What EXCLUDE takes out of what the peer holds. It is never touched. A directory that holds
    /// any of it stays even if it is not desired, as with rsync --delete.</param>
    public static ChangeSet Between(Snapshot desired, Snapshot actual, Snapshot excluded)
    {
        var excludedWithin = ByDirectoryAbove(excluded);
        var changes = ImmutableArray.CreateBuilder<Change>();
        var conflicts = ImmutableArray.CreateBuilder<Conflict>();
        var unreadable = ImmutableArray.CreateBuilder<Entry>();

        foreach (var path in PathsOf(desired, actual))
        {
            Entry? before = actual[path], after = desired[path];
            if (before is { Kind: EntryKind.File, Digest: null } && after is { Kind: EntryKind.File })
            {
                unreadable.Add(before);
            }
            if (after is not null && Equal(before, after)) continue;
            if (after is null && excludedWithin.ContainsKey(path)) continue;

            changes.Add(new Change(before, after));
            if (ConflictOf(before, after) is { } conflict) conflicts.Add(conflict);
        }
        return new(changes.ToImmutable(), conflicts.ToImmutable(), unreadable.ToImmutable());

        Conflict? ConflictOf(Entry? before, Entry? after)
        {
            if (after is { Kind: EntryKind.Special } or { Kind: EntryKind.File, Digest: null })
            {
                return new(after.Path, ConflictKind.NotPushable, after);
            }
            if (before is { Kind: EntryKind.Special }) return new(before.Path, ConflictKind.SpecialOnPeer, before);
            if (before is { Kind: EntryKind.Directory } && after is { Kind: not EntryKind.Directory } &&
                excludedWithin.TryGetValue(before.Path, out var within))
            {
                return new(before.Path, ConflictKind.Excluded, within);
            }
            return before is null ? ObstacleTo(after!) : null;
        }

        // EXCLUDE divides both sides by the same rules. So an excluded path can only be an obstacle if the kinds differ: a
        // pattern for directories only, a CONFPATH (which its name excludes as a file, never as a directory), or nested
        // CONFPATHS.
        Conflict? ObstacleTo(Entry wanted)
        {
            if (excluded.TryGet(wanted.Path, out var covered))
            {
                return new(wanted.Path, ConflictKind.Excluded, covered);
            }
            foreach (var above in PosixPath.Ancestors(wanted.Path).TakeWhile(above => desired[above] is null))
            {
                if ((excluded[above] ?? actual[above]) is { Kind: not EntryKind.Directory } obstacle)
                {
                    var kind = excluded[above] is null ? ConflictKind.NotADirectory : ConflictKind.Excluded;
                    return new(wanted.Path, kind, obstacle);
                }
            }
            return null;
        }
    }

    private static bool Equal(Entry? before, Entry after) =>
        before is not null && after.Kind != EntryKind.Special &&
        before.HasContentOf(after) && before.HasAttributesOf(after);

    private static IEnumerable<string> PathsOf(Snapshot one, Snapshot other) =>
        one.Entries.Concat(other.Entries).Select(entry => entry.Path)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    // Maps each directory above an entry to the first such entry.
    private static Dictionary<string, Entry> ByDirectoryAbove(Snapshot snapshot)
    {
        var within = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in snapshot.Entries)
        {
            foreach (var above in PosixPath.Ancestors(entry.Path))
            {
                if (!within.TryAdd(above, entry)) break;
            }
        }
        return within;
    }
}
