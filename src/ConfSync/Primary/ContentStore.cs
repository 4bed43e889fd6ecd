using System.Collections.Concurrent;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>Where the bytes of a <see cref="DesiredState"/> come from.</summary>
internal interface IContents : IDisposable
{
    /// <summary>Sees to it that <see cref="Of"/> knows these files.</summary>
    /// <exception cref="PrimaryMovedException">A file of the primary is not what it was when it was scanned.</exception>
    /// <exception cref="RefusedException">They are too much for one push.</exception>
    Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation);

    ReadOnlyMemory<byte> Of(Entry file);

    /// <summary>Where the node itself keeps a file's bytes; null where they have to be sent.</summary>
    RetainedFile? RetainedCopyOf(Entry file) => null;
}

/// <summary>The bytes of the primary's own files that some node needs, by their digest, because nodes may differ in what
/// they hold under one path. Each content is read once, whatever the number of nodes and paths, and no others.</summary>
/// <param name="read">Reads files of the primary and gives their contents by digest.</param>
internal sealed class ContentStore(
    Func<IReadOnlyCollection<Entry>, CancellationToken, Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>> read) : IContents
{
    // By SHA-256, in hexadecimal digits.
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> contents = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim reading = new(1);
    private long loaded;

    public async Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            var missing = files.DistinctBy(file => file.Digest).Where(file => !contents.ContainsKey(file.Digest!)).ToList();
            loaded += missing.Sum(file => file.Size);
            if (loaded > SizeLimits.Most) throw new RefusedException(new Refusal.TooMuchContent(loaded));
            foreach (var (digest, content) in await read(missing, cancellation)) contents[digest] = content;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Bytes that are in none of the primary's files (POSTSYNC).</summary>
    /// <param name="digest">Theirs.</param>
    public void Add(string digest, ReadOnlyMemory<byte> content) => contents[digest] = content;

    public ReadOnlyMemory<byte> Of(Entry file) => contents[file.Digest!];

    public void Dispose() => reading.Dispose();
}
