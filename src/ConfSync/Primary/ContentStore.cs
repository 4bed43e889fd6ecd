using System.Collections.Concurrent;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>The contents of the files of a <see cref="DesiredState"/>.</summary>
internal interface IContents : IDisposable
{
    /// <summary>Loads the contents of these files, so that <see cref="Of"/> can return them.</summary>
    /// <exception cref="PrimaryMovedException">A file of the primary has changed since it was scanned.</exception>
    /// <exception cref="RefusedException">The contents are too large for one push.</exception>
    Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation);

    /// <summary>The same for contents that are only shown. Where the node itself retains a content, a push does not need
    /// it here.</summary>
    /// <exception cref="RefusedException">A content cannot be read.</exception>
    Task LoadToShowAsync(IEnumerable<Entry> files, CancellationToken cancellation) => LoadAsync(files, cancellation);

    ReadOnlyMemory<byte> Of(Entry file);

    /// <summary>Where the node itself retains the content of a file; null where it has to be sent.</summary>
    RetainedFile? RetainedCopyOf(Entry file) => null;
}

/// <summary>The contents of the primary's files that some node needs. They are stored by digest, because nodes may differ
/// in what they hold under one path. Each content is read once, whatever the number of nodes and paths.</summary>
/// <param name="read">Reads files of the primary and returns their contents by digest.</param>
internal sealed class ContentStore(
    Func<IReadOnlyCollection<Entry>, CancellationToken, Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>> read) : IContents
{
    // The key is the SHA-256 in hexadecimal digits.
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> contents = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim reading = new(1);
    // By digest, where on the primary a content is that is at another path on a node.
    private readonly ConcurrentDictionary<string, Entry> sources = new(StringComparer.Ordinal);
    private long loaded;

    public async Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            var missing = files.DistinctBy(file => file.Digest).Where(file => !contents.ContainsKey(file.Digest!)).ToList();
            loaded += missing.Sum(file => file.Size);
            if (loaded > SizeLimits.Most) throw new RefusedException(new Refusal.TooMuchContent(loaded));
            foreach (var (digest, content) in await read([.. missing.Select(SourceOf)], cancellation)) contents[digest] = content;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Says where on the primary the content of a file is, because it is at another path on a node.</summary>
    /// <param name="source">The file as it was scanned on the primary.</param>
    public void AddSource(Entry source) => sources[source.Digest!] = source;

    /// <summary>Adds a content that is in none of the primary's files, such as one that POSTSYNC made.</summary>
    /// <param name="digest">The SHA-256 of the content, in hexadecimal digits.</param>
    public void Add(string digest, ReadOnlyMemory<byte> content) => contents[digest] = content;

    public ReadOnlyMemory<byte> Of(Entry file) => contents[file.Digest!];

    public void Dispose() => reading.Dispose();

    private Entry SourceOf(Entry file) => sources.GetValueOrDefault(file.Digest!, file);
}
