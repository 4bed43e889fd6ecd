using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>
/// Finds directories that users other than root and the login may write to. While this program works there by path, such a
/// user can replace entries by links, so that files elsewhere would be read, overwritten or given away. sh has no openat(2)
/// to rule that out.
/// </summary>
/// <param name="trusted">The IDs of the users that may own a directory: root and the login.</param>
internal sealed class ForeignDirectories(IReadOnlySet<uint> trusted)
{
    /// <summary>Bits of a mode, see inode(7).</summary>
    public const int GroupMayWrite = 0x10, OthersMayWrite = 0x2;

    private const int Sticky = 0x200;

    /// <summary>
    /// Directories in which files are read or renamed. No other user may write there. Group root is no exception, because
    /// in a directory with an access control list the group bits of the mode also show the rights of other users.
    /// </summary>
    public IEnumerable<Entry> Within(IEnumerable<Entry> entries) => entries.Where(entry =>
        entry.Kind == EntryKind.Directory && (!trusted.Contains(entry.Owner.Id) || (entry.Mode & (GroupMayWrite | OthersMayWrite)) != 0));

    /// <summary>
    /// Directories above CONFPATHS. Other users may write to one with the sticky bit, such as /tmp, because they cannot
    /// rename what belongs to others. So a CONFPATH in such a directory must not belong to another user either.
    /// </summary>
    /// <param name="tops">The CONFPATHS that exist.</param>
    public IEnumerable<Entry> AmongAncestors(IReadOnlyCollection<Entry> above, IEnumerable<Entry> tops)
    {
        var sticky = Within(above).Where(entry => (entry.Mode & Sticky) != 0 && trusted.Contains(entry.Owner.Id)).ToList();
        return Within(above).Except(sticky)
            .Concat(tops.Where(top => !trusted.Contains(top.Owner.Id) && sticky.Exists(entry => entry.Path == PosixPath.Parent(top.Path))));
    }

    /// <summary>Directories in a directory that others may write to. Others can rename them away and put something else in
    /// their place.</summary>
    public IEnumerable<Entry> Swappable(IReadOnlyCollection<Entry> entries)
    {
        var foreign = Within(entries).Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        return foreign.Count == 0
            ? []
            : entries.Where(entry => entry.Kind == EntryKind.Directory && PosixPath.Parent(entry.Path) is { } parent && foreign.Contains(parent))
                .DistinctBy(entry => entry.Path);
    }

    /// <summary>Removes duplicates, and orders by path.</summary>
    public static ImmutableArray<Entry> Distinct(IEnumerable<Entry> foreign) =>
        [.. foreign.DistinctBy(entry => entry.Path).OrderBy(entry => entry.Path, StringComparer.Ordinal)];
}
