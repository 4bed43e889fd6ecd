using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>
/// Says what EXCLUDE takes out. The patterns have the meaning that they have for <c>rsync -a --exclude</c>. An excluded
/// path, and anything beneath it, is neither pushed nor deleted nor compared. A directory of CONFPATHS is the root of its
/// own transfer, and no pattern for names matches it. A file of CONFPATHS is matched like any other file in its directory.
/// Immutable but for a cache; may be used from several threads.
/// </summary>
public sealed class ExcludeRules
{
    private readonly ImmutableArray<ExcludePattern> patterns;

    // Caches the matches, because peers have much the same paths.
    private readonly ConcurrentDictionary<string, Transfer> transfers = new(StringComparer.Ordinal);

    public static ExcludeRules None { get; } = new([]);

    /// <exception cref="FormatException">A pattern could never match, or is no pattern. The message names it and says
    /// why.</exception>
    public ExcludeRules(IEnumerable<string> patterns) =>
        this.patterns = [.. patterns.Select(pattern => new ExcludePattern(pattern))];

    /// <summary>The patterns that mean the same to <c>find -name</c>. What has such a name need only be listed, not
    /// searched, unless it is a path of CONFPATHS where the search began.</summary>
    public IEnumerable<string> PrunableNames => NamesWhere(isDirectoryOnly: false);

    /// <summary>The same as <see cref="PrunableNames"/>, for directories (<c>find -type d -name</c>).</summary>
    public IEnumerable<string> PrunableDirectoryNames => NamesWhere(isDirectoryOnly: true);

    /// <summary>Divides a Snapshot into what is included and what is excluded.</summary>
    /// <param name="whole">All that was scanned, on the primary or on a peer.</param>
    /// <param name="confPaths">CONFPATHS, absolute and normalised. A path beneath several of them is excluded if every
    /// transfer excludes it. A path beneath none of them is included.</param>
    public (Snapshot Included, Snapshot Excluded) Divide(Snapshot whole, IReadOnlyList<string> confPaths)
    {
        if (patterns.IsEmpty) return (whole, Snapshot.Empty);
        var roots = confPaths.Select(path => RootOf(path, whole[path])).ToList();
        var divided = whole.Entries.ToLookup(IsExcluded);
        return (new Snapshot(divided[false]), new Snapshot(divided[true]));

        bool IsExcluded(Entry entry)
        {
            var isCovered = false;
            foreach (var (path, isNamed, transfer) in roots)
            {
                if (!PosixPath.IsAtOrBeneath(entry.Path, path)) continue;
                if (!isNamed && !transfer.Excludes(entry.Path, entry.Kind == EntryKind.Directory)) return false;
                isCovered = true;
            }
            return isCovered;
        }
    }

    /// <summary>Whether EXCLUDE takes out a path of which nothing else is known, such as one beneath a directory that was
    /// not searched.</summary>
    public bool Protects(string path, EntryKind kind, IReadOnlyList<string> confPaths)
    {
        var above = PosixPath.Ancestors(path).Select(directory => new Entry(directory, EntryKind.Directory, 0, default, default));
        var known = new Snapshot(above.Append(new Entry(path, kind, 0, default, default)));
        return Divide(known, confPaths).Excluded[path] is not null;
    }

    private IEnumerable<string> NamesWhere(bool isDirectoryOnly) =>
        patterns.Where(pattern => pattern.IsDirectoryOnly == isDirectoryOnly)
            .Select(pattern => pattern.Name).OfType<string>();

    private (string Path, bool IsNamed, Transfer Transfer) RootOf(string path, Entry? entry)
    {
        var isDirectory = entry is { Kind: EntryKind.Directory };
        var transfer = transfers.GetOrAdd(
            isDirectory ? path : PosixPath.Parent(path)!, static (root, all) => new Transfer(root, all), patterns);
        return (path, isDirectory && patterns.Any(pattern => pattern.Names(path)), transfer);
    }

    // A transfer, as rsync calls it, is a directory and what is beneath it.
    private sealed class Transfer
    {
        private readonly string root;
        private readonly ImmutableArray<Func<byte[], bool, bool>> patterns;
        private readonly ConcurrentDictionary<(string Path, bool IsDirectory), bool> known = new();

        public Transfer(string root, ImmutableArray<ExcludePattern> patterns) =>
            (this.root, this.patterns) = (root, [.. patterns.Where(pattern => !pattern.Names(root)).Select(pattern => pattern.Within(root))]);

        public bool Excludes(string path, bool isDirectory)
        {
            if (path == root) return false;
            if (known.TryGetValue((path, isDirectory), out var isExcluded)) return isExcluded;
            isExcluded = Excludes(PosixPath.Parent(path)!, isDirectory: true) || Matches(path, isDirectory);
            known.TryAdd((path, isDirectory), isExcluded);
            return isExcluded;
        }

        private bool Matches(string path, bool isDirectory)
        {
            var name = PosixText.Encode(PosixPath.Relative(root, path));
            return patterns.Any(matches => matches(name, isDirectory));
        }
    }
}
