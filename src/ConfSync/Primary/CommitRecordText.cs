using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>The codec of a <see cref="CommitRecord"/> (docs/protocol.md, "The decision"): lines of percent-encoded words,
/// then the contents, each preceded by its length, then a digest over all of it.</summary>
internal static class CommitRecordText
{
    private const string FirstLine = "nginx-sync-decision 2";

    // Version 1 had one digest, and one set of ancestors for all nodes.
    private const string FirstLineOfVersion1 = "nginx-sync-decision 1";

    // Longer than any line of a real record. It bounds the search for the end of a line in a damaged file.
    private const int LongestLine = 64 * 1024;

    /// <summary>The bytes of the record, in parts, so that the contents need not be copied.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Format(CommitRecord decision)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var head = new StringBuilder();
        Line(FirstLine);
        Line("id", decision.Id);
        Line("time", decision.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Line("who", Wire.Encode(decision.Who));
        Line("config", Wire.Encode(decision.ConfigPath));
        Line("reload", decision.Reload ? "yes" : "no");
        if (decision.Run is { } run) Line("run", Wire.Encode(run.Format()));
        foreach (var path in decision.ConfPaths) Line("path", Wire.Encode(path));
        foreach (var pattern in decision.Exclude) Line("exclude", Wire.Encode(pattern));
        foreach (var node in decision.Nodes)
        {
            Line("node", NameOf(node.Node));
            foreach (var entry in node.Ancestors) Line("above", ChangeLine.Format(new Change(null, entry)));
            foreach (var change in node.Changes) Line("change", ChangeLine.Format(change));
        }
        Add(Encoding.ASCII.GetBytes(head.ToString()));
        foreach (var (digest, content) in decision.Contents.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"content {digest} {content.Length}\n")));
            Add(content);
            Add("\n"u8.ToArray());
        }
        parts.Add(Encoding.ASCII.GetBytes($"end {Convert.ToHexStringLower(hash.GetHashAndReset())}\n"));
        return parts;

        void Line(params ReadOnlySpan<string> words) => head.AppendJoin(' ', words).Append('\n');

        void Add(ReadOnlyMemory<byte> part)
        {
            parts.Add(part);
            hash.AppendData(part.Span);
        }
    }

    /// <exception cref="FormatException">The bytes are not a whole record of this version or of version 1.</exception>
    public static CommitRecord Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new Reader(bytes);
        var firstLine = reader.Line();
        var isVersion1 = firstLine == FirstLineOfVersion1;
        if (firstLine != FirstLine && !isVersion1) throw new FormatException("it is of a version that this nginx-sync does not know");
        var id = reader.Value("id");
        var time = reader.Value("time");
        var who = Wire.Decode(reader.Value("who"));
        var config = Wire.Decode(reader.Value("config"));
        if (isVersion1 && !SnapshotDigest.IsOne(reader.Value("digest"))) throw new FormatException("its head is damaged");
        var reload = reader.Value("reload");
        if (reload is not ("yes" or "no") || !IsHex(id, 16)) throw new FormatException("its head is damaged");
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > uint.MaxValue)
        {
            throw new FormatException("its time is none");
        }
        var run = reader.Optional("run");
        var paths = reader.Values("path").Select(path => AbsolutePathOf(Wire.Decode(path))).ToImmutableArray();
        var exclude = reader.Values("exclude").Select(Wire.Decode).ToImmutableArray();
        var aboveAll = isVersion1 ? AncestorsIn(reader) : [];
        var decision = new CommitRecord(
            id, DateTimeOffset.FromUnixTimeSeconds(seconds), who, config, reload == "yes", paths, exclude,
            [.. Nodes(reader, paths, aboveAll)], reader.Contents())
        {
            Run = run is null ? null : RunRecord.Parse(Wire.Decode(run)) is { } known && known.Id == id ? known : throw new FormatException("its run is another"),
        };
        reader.End();
        foreach (var file in decision.Nodes.SelectMany(node => FilesOf(node.Changes)))
        {
            if (!decision.Contents.TryGetValue(file.Digest ?? "", out var content) || content.Length != file.Size)
            {
                throw new FormatException($"the content of {PosixText.Printable(file.Path)} is missing");
            }
        }
        return decision;
    }

    /// <summary>The files whose contents a record of these changes has to hold.</summary>
    public static IEnumerable<Entry> FilesOf(IEnumerable<Change> changes) =>
        changes.Select(change => change.After).OfType<Entry>().Where(entry => entry.Kind == EntryKind.File);

    private static ImmutableArray<Entry> AncestorsIn(Reader reader) =>
        [.. reader.Values("above").Select(line => ChangeLine.Parse(line).After ?? throw new FormatException("an empty place above"))];

    private static List<DecidedNode> Nodes(Reader reader, ImmutableArray<string> paths, ImmutableArray<Entry> aboveAll)
    {
        var nodes = new List<DecidedNode>();
        while (reader.Optional("node") is { } encoded)
        {
            var node = NodeOf(encoded);
            var above = aboveAll.AddRange(AncestorsIn(reader));
            var changes = reader.Values("change").Select(ChangeLine.Parse).ToImmutableArray();
            if (changes.FirstOrDefault(change => !paths.Any(path => PosixPath.IsAtOrBeneath(change.Path, path))) is { } stray)
            {
                throw new FormatException($"{PosixText.Printable(stray.Path)} is in none of its paths");
            }
            if (changes.DistinctBy(change => change.Path).Count() != changes.Length) throw new FormatException("a path stands there twice");
            nodes.Add(new DecidedNode(node, above, changes));
        }
        return nodes;
    }

    // A node of an inventory has a name that does not say its address.
    private static string NameOf(Node node) => Node.TryParse(node.Name, out var named, out _) && named.Address == node.Address
        ? Wire.Encode(node.Name)
        : $"{Wire.Encode(node.Name)} {Wire.Encode(node.Address.Text)}";

    private static Node NodeOf(string words)
    {
        var (name, address) = words.Split(' ', 2) is [var first, var second] ? (first, second) : (words, words);
        if (!Node.TryParse(Wire.Decode(name), out var node, out var problem)) throw new FormatException(problem);
        return NodeAddress.TryParse(Wire.Decode(address), out var known, out problem) ? node with { Address = known } : throw new FormatException(problem);
    }

    private static string AbsolutePathOf(string text) =>
        AbsolutePath.TryNormalise(text, levels: 2, out var path, out var problem) ? path : throw new FormatException(problem);

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    private sealed class Reader(ReadOnlyMemory<byte> bytes)
    {
        private int position;

        public string Line()
        {
            var rest = bytes.Span[position..];
            var length = rest[..Math.Min(rest.Length, LongestLine)].IndexOf((byte)'\n');
            if (length < 0) throw new FormatException("it ends in the middle, or has a line without end");
            position += length + 1;
            return PosixText.Decode(rest[..length]);
        }

        /// <summary>The rest of the next line after this word. If the line begins with another word, returns null and reads
        /// nothing.</summary>
        public string? Optional(string word)
        {
            var before = position;
            var line = Line();
            if (line.StartsWith(word + " ", StringComparison.Ordinal)) return line[(word.Length + 1)..];
            position = before;
            return null;
        }

        public string Value(string word) => Optional(word) ?? throw new FormatException($"it has no line \"{word}\"");

        public List<string> Values(string word)
        {
            var values = new List<string>();
            while (Optional(word) is { } value) values.Add(value);
            return values;
        }

        public ImmutableDictionary<string, ReadOnlyMemory<byte>> Contents()
        {
            var contents = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
            while (Optional("content") is { } frame)
            {
                if (frame.Split(' ') is not [var digest, var number] ||
                    !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ||
                    length >= bytes.Length - position)
                {
                    throw new FormatException("a content has no length");
                }
                var content = bytes.Slice(position, length);
                position += length;
                if (Line().Length > 0 || Convert.ToHexStringLower(SHA256.HashData(content.Span)) != digest)
                {
                    throw new FormatException("a content is damaged");
                }
                contents[digest] = content;
            }
            return contents.ToImmutable();
        }

        public void End()
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(bytes.Span[..position]));
            if (Value("end") != digest || position != bytes.Length) throw new FormatException("its digest is another");
        }
    }
}
