using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>
/// Directories that another user than root and the login may write to. Such a user can swap what is in them for links
/// while this program works there by path: files elsewhere would be read, overwritten or given away. sh has no openat(2)
/// to rule that out.
/// </summary>
/// <param name="trusted">The users that may own a directory: root and the login.</param>
internal sealed class ForeignDirectories(IReadOnlySet<uint> trusted)
{
    /// <summary>Bits of a mode, see inode(7).</summary>
    public const int GroupMayWrite = 0x10, OthersMayWrite = 0x2;

    private const int Sticky = 0x200;

    /// <summary>Directories in which files are read or renamed: nobody else may write there. Group root is no exception,
    /// since the mode of a directory with an access control list shows all others in the group's place.</summary>
    public IEnumerable<Entry> Within(IEnumerable<Entry> entries) => entries.Where(entry =>
        entry.Kind == EntryKind.Directory && (!trusted.Contains(entry.Owner.Id) || (entry.Mode & (GroupMayWrite | OthersMayWrite)) != 0));

    /// <summary>Directories on the way to CONFPATHS: with the sticky bit, as in /tmp, others may write there, since they cannot
    /// rename what is not theirs. So a CONFPATH there must not be another user's either.</summary>
    /// <param name="tops">The CONFPATHS that exist.</param>
    public IEnumerable<Entry> AmongAncestors(IReadOnlyCollection<Entry> above, IEnumerable<Entry> tops)
    {
        var sticky = Within(above).Where(entry => (entry.Mode & Sticky) != 0 && trusted.Contains(entry.Owner.Id)).ToList();
        return Within(above).Except(sticky)
            .Concat(tops.Where(top => !trusted.Contains(top.Owner.Id) && sticky.Exists(entry => entry.Path == PosixPath.Parent(top.Path))));
    }

    /// <summary>Directories that can be renamed away, and others put in their place: those in one that others may write to.
    /// </summary>
    public IEnumerable<Entry> Swappable(IReadOnlyCollection<Entry> entries)
    {
        var foreign = Within(entries).Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        return foreign.Count == 0
            ? []
            : entries.Where(entry => entry.Kind == EntryKind.Directory && PosixPath.Parent(entry.Path) is { } parent && foreign.Contains(parent))
                .DistinctBy(entry => entry.Path);
    }

    /// <summary>Each once, by their paths.</summary>
    public static ImmutableArray<Entry> Distinct(IEnumerable<Entry> foreign) =>
        [.. foreign.DistinctBy(entry => entry.Path).OrderBy(entry => entry.Path, StringComparer.Ordinal)];
}
