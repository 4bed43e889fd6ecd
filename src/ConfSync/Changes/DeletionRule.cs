using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>More deletions than a push may make on one node.</summary>
/// <param name="Top">The path of CONFPATHS under which they are; null where the number of all of them is the reason.</param>
/// <param name="Held">How many paths the node holds there, less EXCLUDE.</param>
/// <param name="Deleted">The paths that would be deleted there, in their order.</param>
/// <param name="All">How many the push would delete on the node in all.</param>
/// <param name="Most">How many it may delete, as the user said it; null where that was not said.</param>
public sealed record ExcessDeletions(string? Top, int Held, ImmutableArray<string> Deleted, int All, int? Most);

/// <summary>Whether a push deletes so much on a node that a mistake is likely: an empty directory on the primary, or another
/// machine's. Pure.</summary>
public static class DeletionRule
{
    /// <summary>So many are never too many, unless the user says so.</summary>
    public const int Few = 10;

    /// <summary>Without a word of the user: more than ten, and more than half of what the node holds under one of
    /// <paramref name="confPaths"/>. With it: more than that number on the node.</summary>
    /// <param name="held">What the node holds, less EXCLUDE.</param>
    /// <param name="most">How many paths may be deleted on one node; null where the user said nothing.</param>
    /// <returns>Null where the push may go on.</returns>
    public static ExcessDeletions? Find(
        IEnumerable<Change> changes, Snapshot held, IReadOnlyList<string> confPaths, int? most)
    {
        ImmutableArray<string> deleted = [.. changes.Where(change => change.Kind == ChangeKind.Delete).Select(change => change.Path)];
        if (most is { } limit)
        {
            return deleted.Length > limit ? new ExcessDeletions(null, held.Entries.Length, deleted, deleted.Length, most) : null;
        }
        if (deleted.Length <= Few) return null;
        return confPaths.Select(Under).FirstOrDefault(found => found.Deleted.Length > Few && found.Deleted.Length * 2 > found.Held);

        ExcessDeletions Under(string top) => new(
            top, held.Entries.Count(entry => PosixPath.IsAtOrBeneath(entry.Path, top)),
            [.. deleted.Where(path => PosixPath.IsAtOrBeneath(path, top))], deleted.Length, null);
    }
}
