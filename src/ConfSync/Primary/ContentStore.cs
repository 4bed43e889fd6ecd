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
    KeptFile? KeptOf(Entry file) => null;
}

/// <summary>The bytes of the primary's own files that some node needs: read once, whatever the number of nodes, and no others.</summary>
internal sealed class ContentStore(PrimaryShell primary) : IContents
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> contents = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim reading = new(1);
    private long loaded;

    public async Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            var missing = files.Where(file => !contents.ContainsKey(file.Path)).ToList();
            loaded += missing.Sum(file => file.Size);
            if (loaded > SizeLimits.Most) throw new RefusedException(new Refusal.TooMuchContent(loaded));
            foreach (var (path, content) in await primary.ReadAsync(missing, cancellation)) contents[path] = content;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>What nodes get instead of the file's own bytes (POSTSYNC).</summary>
    public void Replace(string path, ReadOnlyMemory<byte> content) => contents[path] = content;

    public ReadOnlyMemory<byte> Of(Entry file) => contents[file.Path];

    public void Dispose() => reading.Dispose();
}
