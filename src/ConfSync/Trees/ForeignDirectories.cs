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
    private const int MostNamed = 10;
    private const int Sticky = 0x200;
    private const int GroupMayWrite = 0x10;
    private const int OthersMayWrite = 0x2;

    /// <summary>Directories in which files are read or renamed: nobody else may write there. Group root is no exception,
    /// since the mode of a directory with an access control list shows all others in the group's place.</summary>
    public IEnumerable<Entry> Within(IEnumerable<Entry> entries) => entries.Where(entry =>
        entry.Kind == EntryKind.Directory && (!trusted.Contains(entry.Owner.Id) || (entry.Mode & (GroupMayWrite | OthersMayWrite)) != 0));

    /// <summary>Directories on the way to CONFPATHS: with the sticky bit, as in /tmp, others may write there, since they cannot
    /// rename what is not theirs. So a CONFPATH there must not be another user's either.</summary>
    /// <param name="tops">The CONFPATHS that exist.</param>
    public IEnumerable<Entry> Above(IReadOnlyCollection<Entry> above, IEnumerable<Entry> tops)
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

    /// <summary>What to tell people; null where there are none.</summary>
    /// <param name="where">Such as "on this node".</param>
    public static string? Message(IEnumerable<Entry> foreign, string where)
    {
        var named = foreign.DistinctBy(entry => entry.Path).OrderBy(entry => entry.Path, StringComparer.Ordinal).ToImmutableArray();
        if (named.IsEmpty) return null;
        var more = named.Length > MostNamed ? $"and {named.Length - MostNamed} more\n" : "";
        return $"another user than root and the login may write to these directories {where}:\n" +
            string.Concat(named.Take(MostNamed).Select(entry => $"{Line(entry)}\n")) + more +
            "That user could swap a file or directory in there for a link while nginx-sync works there, and so have it read or " +
            "overwrite any file of the machine. Give the directories to root and take the right to write from group and others, on " +
            "the primary and on the nodes (chown root DIRECTORY; chmod go-w DIRECTORY), or name them in EXCLUDE. " +
            "ALLOW_FOREIGN_DIRECTORIES=yes goes on all the same, if those users are trusted like root";
    }

    private static string Line(Entry entry)
    {
        var writers = (entry.Mode & (GroupMayWrite | OthersMayWrite)) switch
        {
            _ when entry.Kind != EntryKind.Directory => "in a directory with the sticky bit",
            0 => "",
            GroupMayWrite => $"group {PosixText.Printable(entry.Group.ToString())} may write there",
            _ => "every user may write there",
        };
        return $"{PosixText.Printable(entry.Path)} (owner {PosixText.Printable(entry.Owner.ToString())}{(writers.Length > 0 ? ", " : "")}{writers}, " +
            $"mode {Convert.ToString(entry.Mode, 8)})";
    }
}
