using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>
/// The codec of a <see cref="Change"/> as one line of text, which a later run can read. The line is <c>PATH BEFORE
/// AFTER</c>. A side is <c>-</c> for nothing, or KIND:MODE:OWNER:UID:GROUP:GID:SIZE:MTIME:CONTENT. KIND is f, d or l; MODE
/// is octal; CONTENT is the digest of a file (empty where it could not be read) or the target of a link. Names are
/// percent-encoded (<see cref="Wire"/>).
/// </summary>
internal static class ChangeLine
{
    public static string Format(Change change) =>
        $"{Wire.Encode(change.Path)} {Side(change.Before)} {Side(change.After)}";

    /// <exception cref="FormatException">The text is not such a line.</exception>
    public static Change Parse(string line)
    {
        if (line.Split(' ') is not [var name, var before, var after]) throw Malformed(line);
        var path = Wire.Decode(name);
        if (path is not ['/', _, ..] || path.Split('/').Skip(1).Any(part => part is "" or "." or "..") || path.Contains('\0'))
        {
            throw Malformed(line);
        }
        var change = new Change(Entry(path, before, line), Entry(path, after, line));
        return change is { Before: null, After: null } ? throw Malformed(line) : change;
    }

    private static string Side(Entry? entry) => entry is null ? "-" : string.Join(
        ':', Letter(entry.Kind), Convert.ToString(entry.Mode, 8),
        Wire.Encode(entry.Owner.Name), Number(entry.Owner.Id), Wire.Encode(entry.Group.Name), Number(entry.Group.Id),
        Number(entry.Size), Number(entry.Modified), Wire.Encode(entry.Target ?? entry.Digest ?? ""));

    private static Entry? Entry(string path, string side, string line)
    {
        if (side == "-") return null;
        // The content comes last because the target of a link may hold a colon.
        if (side.Split(':', 9) is not
            [var kind, var mode, var owner, var uid, var group, var gid, var size, var modified, var content])
        {
            throw Malformed(line);
        }
        try
        {
            var entry = new Entry(
                path, KindOf(kind, line), Convert.ToInt32(mode, 8),
                new Account(Wire.Decode(owner), uint.Parse(uid, NumberStyles.None, CultureInfo.InvariantCulture)),
                new Account(Wire.Decode(group), uint.Parse(gid, NumberStyles.None, CultureInfo.InvariantCulture)),
                long.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture),
                Modified: decimal.Parse(
                    modified, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
            return entry.Kind switch
            {
                EntryKind.Link => entry with { Target = Wire.Decode(content) },
                EntryKind.File when content.Length > 0 => entry with { Digest = Wire.Decode(content) },
                _ => entry,
            };
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            throw Malformed(line);
        }
    }

    private static string Letter(EntryKind kind) => kind switch
    {
        EntryKind.File => "f",
        EntryKind.Directory => "d",
        EntryKind.Link => "l",
        _ => throw new ArgumentException("a special file is never part of a change that was made", nameof(kind)),
    };

    private static EntryKind KindOf(string letter, string line) => letter switch
    {
        "f" => EntryKind.File,
        "d" => EntryKind.Directory,
        "l" => EntryKind.Link,
        _ => throw Malformed(line),
    };

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static FormatException Malformed(string line) => new($"no line of changes: {PosixText.Printable(line)}");
}
