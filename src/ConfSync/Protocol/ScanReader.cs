using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>One block of a scan.</summary>
/// <param name="Problem">What find and its helpers complained of; null for nothing.</param>
/// <param name="Moved">What changed during the scan, so that the entries are no state that ever existed; null for
/// nothing.</param>
public sealed record ScanBlock(IReadOnlyList<Entry> Entries, string? Problem, string? Moved = null)
{
    /// <summary>The number of lines of complaints, where <see cref="Problem"/> has only the last of them; null where it has
    /// all.</summary>
    public int? Complaints { get; init; }

    /// <summary>The machine's time when the scan began, in seconds since 1970; null where it was not asked for.</summary>
    public long? Clock { get; init; }
}

/// <summary>Files changed during the scan, so that its parts do not fit together.</summary>
internal sealed class ScanMovedException(string near)
    : ProtocolException($"files changed while they were looked at, near {PosixText.Printable(near)}")
{
    /// <summary>The path that was expected, or the line that came.</summary>
    public string Near => near;
}

/// <summary>
/// Reads what the script's scan_block sends (look/scan.sh has the grammar): entries in find's order, and digests in the
/// same order. Names are compared with the name that is expected next, because sha256sum and stat print names that may hold
/// newlines, and coreutils and busybox print those differently.
/// </summary>
internal sealed class ScanReader(WireReader reader, CancellationToken cancellation)
{
    private const string EndMark = ".", ClockMark = "clock ";
    private const byte EntryMark = (byte)'@';

    // Far above any configuration, and far below the memory of this machine even for many nodes at once.
    private const int MostEntries = 500_000;
    private const long LongestNames = 64 * 1024 * 1024;

    // Caches accounts, because thousands of files have a handful of owners.
    private readonly Dictionary<(string Name, string Id), Account> accounts = [];
    private string? line;
    private int count;
    private long length;

    /// <summary>The machine's time when the scan began, in seconds since 1970; null where the block does not say it.</summary>
    public long? Clock { get; private set; }

    /// <param name="style">"gnu" or "plain", from the first line of the block.</param>
    /// <returns>The entries, in find's order.</returns>
    public Task<List<Entry>> ReadEntriesAsync(string style) => style switch
    {
        "gnu" => ReadGnuAsync(),
        "plain" => ReadPlainAsync(),
        _ => throw new ProtocolException($"a block of style {style}"),
    };

    // One find prints entries and starts sha256sum whenever it has named as many files as a command line takes. So digests
    // come between entries.
    private async Task<List<Entry>> ReadGnuAsync()
    {
        if (await reader.PeekAsync(cancellation) == ClockMark[0] && await PeekLineAsync() is { } first && first.StartsWith(ClockMark, StringComparison.Ordinal))
        {
            Clock = Number(first[ClockMark.Length..]);
            line = null;
        }
        var entries = new List<Entry>();
        var summed = 0;
        while (true)
        {
            if (line is null && await reader.PeekAsync(cancellation) == EntryMark)
            {
                entries.Add(await ReadGnuEntryAsync());
                continue;
            }
            if (await PeekLineAsync() == EndMark || summed == entries.Count) break;
            await ReadDigestAsync(entries, summed++);
        }
        await ExpectEndAsync();
        return entries;
    }

    private async Task<Entry> ReadGnuEntryAsync()
    {
        var fields = await ReadStringAsync();
        var path = await ReadStringAsync();
        var target = await ReadStringAsync();
        Take(1, path);
        Take(0, target);
        var part = Split(fields[1..]);
        var kind = part[0] switch
        {
            "f" => EntryKind.File,
            "d" => EntryKind.Directory,
            "l" => EntryKind.Link,
            _ => EntryKind.Special,
        };
        return new Entry(
            path, kind, Convert.ToInt32(part[1], 8), Account(part[3], part[2]), Account(part[5], part[4]),
            kind == EntryKind.File ? Number(part[6]) : 0, null, kind == EntryKind.Link ? target : null,
            decimal.Parse(part[7], NumberStyles.Float, CultureInfo.InvariantCulture))
        {
            Identity = IdentityOf(part),
        };
    }

    private async Task<List<Entry>> ReadPlainAsync()
    {
        var paths = new List<string>();
        while (await ReadStringAsync() is { Length: > 0 } path)
        {
            Take(1, path);
            paths.Add(path);
        }
        var entries = new List<Entry>(paths.Count);
        foreach (var path in paths)
        {
            var before = await MatchLineAsync(' ' + path) ??
                throw new ScanMovedException(path);
            var part = Split("?:" + before);
            var rawMode = Convert.ToInt32(part[1], 16);
            // The file type bits of st_mode, see inode(7).
            var kind = (rawMode & 0xF000) switch
            {
                0x8000 => EntryKind.File,
                0x4000 => EntryKind.Directory,
                0xA000 => EntryKind.Link,
                _ => EntryKind.Special,
            };
            entries.Add(new Entry(
                path, kind, rawMode & 0xFFF, Account(part[3], part[2]), Account(part[5], part[4]),
                kind == EntryKind.File ? Number(part[6]) : 0, null, null, Number(part[7]))
            {
                Identity = IdentityOf(part),
            });
        }
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Kind != EntryKind.Link) continue;
            entries[i] = entries[i] with { Target = await ReadStringAsync() };
            Take(0, entries[i].Target!);
        }
        await ExpectEndAsync();
        for (var i = 0; i < entries.Count; i++) await ReadDigestAsync(entries, i);
        await ExpectEndAsync();
        return entries;
    }

    /// <exception cref="PeerException">The scan is larger than this program accepts.</exception>
    private void Take(int entries, string name)
    {
        count += entries;
        length += name.Length;
        if (count <= MostEntries && length <= LongestNames) return;
        throw new PeerException(
            PeerFailure.Scan,
            $"more than {MostEntries} files, directories and links, or names of more than {LongestNames >> 20} MiB, are under CONFPATHS " +
            $"there, which is more than nginx-sync takes; the last is {PosixText.Printable(name)}",
            PeerState.Untouched);
    }

    // Reads the digest of an entry, if it is a file and the next digest is its own. A file whose digest is missing could
    // not be read.
    private async Task ReadDigestAsync(List<Entry> entries, int index)
    {
        if (entries[index].Kind != EntryKind.File) return;
        // Interned, because most nodes hold the same contents: with thousands of files, digests are half of the memory of a
        // run.
        if (await MatchSumAsync(entries[index].Path) is { } digest) entries[index] = entries[index] with { Digest = string.Intern(digest) };
    }

    private async Task<string?> MatchSumAsync(string path)
    {
        // coreutils marks a line in which it escaped newlines and backslashes by a backslash before the digest.
        if (await PeekLineAsync() is ['\\', .. var escaped])
        {
            var name = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal);
            // Versions differ in whether they escape a carriage return.
            var older = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            if (!escaped.EndsWith("  " + name, StringComparison.Ordinal) &&
                !escaped.EndsWith("  " + older, StringComparison.Ordinal)) return null;
            line = null;
            return Digest(escaped[..64]);
        }
        return await MatchLineAsync("  " + path) is { } digest ? Digest(digest) : null;
    }

    /// <summary>The text of the next line before <paramref name="ending"/>, which may hold newlines. Null if the line ends
    /// otherwise; nothing is then consumed that another call would need.</summary>
    private async Task<string?> MatchLineAsync(string ending)
    {
        var text = await PeekLineAsync();
        if (text == EndMark) return null;
        var first = ending.Split('\n', 2);
        if (!text.EndsWith(first[0], StringComparison.Ordinal)) return null;
        var before = text[..^first[0].Length];
        line = null;
        foreach (var more in first.Skip(1).SelectMany(rest => rest.Split('\n')))
        {
            if (await PeekLineAsync() != more) return null;
            line = null;
        }
        return before;
    }

    private async Task ExpectEndAsync()
    {
        if (await PeekLineAsync() != EndMark)
        {
            throw new ScanMovedException(line!);
        }
        line = null;
    }

    private async Task<string> PeekLineAsync() =>
        line ??= await reader.ReadLineAsync(cancellation) ?? throw new EndOfStreamException();

    private async Task<string> ReadStringAsync() =>
        await reader.ReadToAsync(0, cancellation) is { } bytes
            ? PosixText.Decode(bytes.Span)
            : throw new EndOfStreamException();

    private static string[] Split(string fields) =>
        fields.Split(':') is { Length: 8 or 11 } part ? part : throw new ProtocolException($"an entry of {PosixText.Printable(fields)}");

    // The identity is there only if the scan asked for it.
    private static Identity? IdentityOf(string[] part) =>
        part is [.., var device, var inode, var changed] && part.Length > 8 ? Identity.Parse(device, inode, changed) : null;

    // Where there is no name, find prints the number and stat prints UNKNOWN.
    private Account Account(string name, string id)
    {
        if (accounts.TryGetValue((name, id), out var known)) return known;
        return accounts[(name, id)] =
            new(name == id || name == "UNKNOWN" ? "" : name, uint.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static string Digest(string text) =>
        text.Length == 64 && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw new ProtocolException($"a digest of {PosixText.Printable(text)}");
}
