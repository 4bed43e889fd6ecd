using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>A pattern of the configuration.</summary>
/// <param name="Variable">The one that it stands in, such as <c>EXCLUDE</c>.</param>
/// <param name="Text">As it was written.</param>
public sealed record NamedPattern(string Variable, string Text);

/// <summary>
/// Which patterns match nothing on any machine: most likely they are misspelt, and protect nothing. A path counts for every
/// pattern that matches it, be it that another one excludes it, or a directory above it, as well. May be used from several
/// threads.
/// </summary>
/// <param name="confPaths">Absolute and normalised.</param>
internal sealed class PatternUse(IEnumerable<NamedPattern> patterns, IReadOnlyList<string> confPaths)
{
    private readonly ImmutableArray<Watched> watched = [.. patterns.Select(pattern => new Watched(pattern, new ExcludePattern(pattern.Text)))];
    private readonly ConcurrentDictionary<int, bool> seen = new();

    /// <param name="machine">Any number, the same whenever it is the same machine.</param>
    /// <param name="whole">All that is there.</param>
    public void Saw(int machine, Snapshot whole)
    {
        foreach (var one in watched.Where(one => !one.IsUsed))
        {
            if (confPaths.Any(path => Matches(one.Pattern, path, whole))) one.IsUsed = true;
        }
        seen.TryAdd(machine, true);
    }

    /// <summary>The patterns that have matched nothing; none where fewer machines than this were seen, because they may match
    /// there.</summary>
    public ImmutableArray<NamedPattern> Unmatched(int machines) =>
        seen.Count < machines ? [] : [.. watched.Where(one => !one.IsUsed).Select(one => one.Name)];

    private static bool Matches(ExcludePattern pattern, string confPath, Snapshot whole)
    {
        var isDirectory = whole[confPath] is { Kind: EntryKind.Directory };
        if (isDirectory && pattern.Names(confPath)) return true;
        var root = isDirectory ? confPath : PosixPath.Parent(confPath)!;
        var matches = pattern.Within(root);
        return whole.Entries.Any(entry => entry.Path != root && PosixPath.IsAtOrBeneath(entry.Path, confPath) &&
            matches(PosixText.Encode(PosixPath.Relative(root, entry.Path)), entry.Kind == EntryKind.Directory));
    }

    private sealed class Watched(NamedPattern name, ExcludePattern pattern)
    {
        private volatile bool isUsed;

        public NamedPattern Name => name;

        public ExcludePattern Pattern => pattern;

        public bool IsUsed
        {
            get => isUsed;
            set => isUsed = value;
        }
    }
}
