using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ConfSync.Trees;

/// <summary>What is there under a set of paths: entries in ordinal order of their paths, each directory before what is in
/// it. Immutable.</summary>
public sealed class Snapshot
{
    private readonly Dictionary<string, Entry> byPath;

    public static Snapshot Empty { get; } = new([]);

    public ImmutableArray<Entry> Entries { get; }

    /// <exception cref="ArgumentException">A path occurs twice.</exception>
    public Snapshot(IEnumerable<Entry> entries)
    {
        Entries = [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
        byPath = Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
    }

    public Entry? this[string path] => byPath.GetValueOrDefault(path);

    public bool TryGet(string path, [MaybeNullWhen(false)] out Entry entry) => byPath.TryGetValue(path, out entry);
}
