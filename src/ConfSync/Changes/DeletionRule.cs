using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>A push makes more deletions on one node than it may.</summary>
/// <param name="Top">The path of CONFPATHS that holds the deleted paths; null where the limit is on the whole node.</param>
/// <param name="Held">The number of paths that the node holds beneath <paramref name="Top"/>, without what EXCLUDE takes
/// out.</param>
/// <param name="Deleted">The paths that would be deleted there, in order.</param>
/// <param name="All">The number of all deletions of the push on this node.</param>
/// <param name="Most">The limit that the user set; null where the default rule applies.</param>
public sealed record ExcessDeletions(string? Top, int Held, ImmutableArray<string> Deleted, int All, int? Most);

/// <summary>Finds out whether a push deletes so much on a node that a mistake is likely, such as an empty directory on the
/// primary or another machine as the primary. Pure.</summary>
public static class DeletionRule
{
    /// <summary>The default rule never refuses this number of deletions or fewer.</summary>
    public const int Few = 10;

    /// <summary>Refuses more deletions than the user allows on one node. Without a limit by the user, refuses more than ten
    /// that are also more than half of what the node holds under one of <paramref name="confPaths"/>.</summary>
    /// <param name="held">What the node holds, without what EXCLUDE takes out.</param>
    /// <param name="most">How many paths may be deleted on one node; null for the default rule.</param>
    /// <returns>The excess; null where the push may go on.</returns>
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
            top, held.Entries.Count(entry => entry.Path != top && PosixPath.IsAtOrBeneath(entry.Path, top)),
            [.. deleted.Where(path => path != top && PosixPath.IsAtOrBeneath(path, top))], deleted.Length, null);
    }
}
