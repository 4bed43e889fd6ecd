using System.Collections.Concurrent;
using ConfSync.Peers;
using ConfSync.Snapshots;

namespace ConfSync.Push;

/// <summary>The bytes of the files that some node needs: read once, whatever the number of nodes, and no others.</summary>
internal sealed class ContentStore(PrimaryShell primary) : IDisposable
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> contents = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim reading = new(1);

    /// <summary>Sees to it that <see cref="Of"/> knows these files.</summary>
    /// <exception cref="PeerException">A file is not what it was when it was scanned.</exception>
    public async Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            var missing = files.Where(file => !contents.ContainsKey(file.Path)).ToList();
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
