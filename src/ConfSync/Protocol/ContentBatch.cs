using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>Files whose contents one process sends one after the other, without lengths. Pure.</summary>
/// <param name="Files">The files as a scan found them. Their sizes say where each content begins, and their digests whether
/// that is right.</param>
internal sealed record ContentBatch(ImmutableArray<Entry> Files)
{
    // A command line takes 200 names. A batch is in memory as a whole.
    private const int MostFiles = 200;
    private const int MostBytes = 1024 * 1024;

    /// <summary>The number of bytes that come if no file has changed since the scan.</summary>
    public long Size => Files.Sum(file => file.Size);

    /// <summary>Divides the files into batches, in their order. A file that is larger than a batch is a batch of its
    /// own.</summary>
    public static IEnumerable<ContentBatch> Of(IEnumerable<Entry> files)
    {
        var batch = ImmutableArray.CreateBuilder<Entry>();
        long size = 0;
        foreach (var file in files)
        {
            if (batch.Count > 0 && (batch.Count == MostFiles || size + file.Size > MostBytes))
            {
                yield return new ContentBatch(batch.ToImmutable());
                batch.Clear();
                size = 0;
            }
            batch.Add(file);
            size += file.Size;
        }
        if (batch.Count > 0) yield return new ContentBatch(batch.ToImmutable());
    }

    /// <summary>The directories of these files that another user could have replaced, in a fixed order.</summary>
    /// <param name="swappable">All such directories by path, with their identities.</param>
    public ImmutableArray<string> Beside(IReadOnlyDictionary<string, Identity> swappable) => swappable.Count == 0
        ? []
        : [.. Files.SelectMany(file => PosixPath.Ancestors(file.Path)).Where(swappable.ContainsKey).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The files that have changed since the scan, whatever their content, judged by their identities after the
    /// reading.</summary>
    /// <param name="identities">One line for each file, then one for each directory of <see cref="Beside"/>; none for what
    /// is gone.</param>
    /// <param name="swappable">The identities of replaceable directories at the scan, by path.</param>
    /// <returns>The files; null where something is gone, so that the lines cannot be matched.</returns>
    /// <exception cref="FormatException">A line is no identity.</exception>
    public IReadOnlySet<Entry>? Touched(ReadOnlySpan<byte> identities, IReadOnlyDictionary<string, Identity> swappable)
    {
        var lines = Encoding.ASCII.GetString(identities).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var beside = Beside(swappable);
        if (lines.Length != Files.Length + beside.Length) return null;
        var there = lines.Select(line => line.Split(':') is [var device, var inode, var changed]
            ? Identity.Parse(device, inode, changed)
            : throw new FormatException("no identity of a file")).ToList();
        var swapped = beside.Where((directory, i) => swappable[directory] != there[Files.Length + i]).ToHashSet(StringComparer.Ordinal);
        return Files.Where((file, i) => file.Identity != there[i] || PosixPath.Ancestors(file.Path).Any(swapped.Contains)).ToHashSet();
    }

    /// <summary>
    /// Divides the content among the files. If a file has changed, the files before it are found from the front and those
    /// after it from the back. What is in between cannot be divided, nor can its neighbours, which may have grown.
    /// </summary>
    /// <param name="content">All that came.</param>
    /// <param name="touched">Files that count as changed, whatever came. Null where that is not known: all files are then
    /// read again, unless the batch has only one.</param>
    /// <param name="received">Receives each file that has not changed, with its content.</param>
    /// <returns>Changed: the files that have changed. Again: smaller batches to be read again.</returns>
    public (ImmutableArray<Entry> Changed, ImmutableArray<ContentBatch> Again) Divide(
        ReadOnlyMemory<byte> content, IReadOnlySet<Entry>? touched, Action<Entry, ReadOnlyMemory<byte>> received)
    {
        if (touched is null) return Files.Length == 1 ? (Files, []) : ([], Halves(Files));
        if (touched.Count > 0)
        {
            var rest = Divide(content, (file, bytes) =>
            {
                if (!touched.Contains(file)) received(file, bytes);
            });
            return ([.. rest.Changed.Union(touched)], [.. rest.Again.Select(Untouched).Where(batch => !batch.Files.IsEmpty)]);
        }
        return Divide(content, received);

        ContentBatch Untouched(ContentBatch batch) => new([.. batch.Files.Where(file => !touched.Contains(file))]);
    }

    private (ImmutableArray<Entry> Changed, ImmutableArray<ContentBatch> Again) Divide(
        ReadOnlyMemory<byte> content, Action<Entry, ReadOnlyMemory<byte>> received)
    {
        var parts = new ReadOnlyMemory<byte>[Files.Length];
        int first = 0, last = Files.Length - 1;
        for (; first <= last && Takes(first, fromFront: true); first++) { }
        for (; first <= last && Takes(last, fromFront: false); last--) { }
        var isWhole = first > last && content.IsEmpty;
        if (!isWhole) (first, last) = (Math.Max(first - 1, 0), Math.Min(last + 1, Files.Length - 1));
        for (var i = 0; i < Files.Length; i++)
        {
            if (isWhole || i < first || i > last) received(Files[i], parts[i]);
        }
        if (isWhole) return ([], []);
        if (Files.Length == 1) return (Files, []);
        return ([], Halves(Files[first..(last + 1)]));

        bool Takes(int number, bool fromFront)
        {
            var file = Files[number];
            if (file.Size > content.Length) return false;
            var size = (int)file.Size;
            parts[number] = fromFront ? content[..size] : content[^size..];
            if (Convert.ToHexStringLower(SHA256.HashData(parts[number].Span)) != file.Digest) return false;
            content = fromFront ? content[size..] : content[..^size];
            return true;
        }
    }

    // Halves, so that many changes take few rounds and each changed file is found in the end.
    private static ImmutableArray<ContentBatch> Halves(ImmutableArray<Entry> doubtful)
    {
        var half = doubtful.Length / 2;
        return [.. new[] { doubtful[..half], doubtful[half..] }.Where(files => !files.IsEmpty).Select(files => new ContentBatch(files))];
    }
}
