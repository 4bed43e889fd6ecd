using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>A pattern of the configuration.</summary>
/// <param name="Variable">The variable that holds it, such as <c>EXCLUDE</c>.</param>
/// <param name="Text">The pattern as the administrator wrote it.</param>
public sealed record NamedPattern(string Variable, string Text);

/// <summary>
/// Finds patterns that match nothing on any machine, because such a pattern is probably misspelt and protects nothing. A
/// path counts for every pattern that matches it, even if another pattern excludes it or a directory above it too. May be
/// used from several threads.
/// </summary>
/// <param name="confPaths">CONFPATHS, absolute and normalised.</param>
internal sealed class PatternUse(IEnumerable<NamedPattern> patterns, IReadOnlyList<string> confPaths)
{
    private readonly ImmutableArray<Watched> watched = [.. patterns.Select(pattern => new Watched(pattern, new ExcludePattern(pattern.Text)))];
    private readonly ConcurrentDictionary<int, bool> seen = new();

    /// <summary>Records which patterns match on one machine.</summary>
    /// <param name="machine">A number that identifies the machine.</param>
    /// <param name="whole">All that was scanned there.</param>
    public void Saw(int machine, Snapshot whole)
    {
        foreach (var one in watched.Where(one => !one.IsUsed))
        {
            if (confPaths.Any(path => Matches(one.Pattern, path, whole))) one.IsUsed = true;
        }
        seen.TryAdd(machine, true);
    }

    /// <summary>The patterns that have matched nothing; empty if fewer machines than this were scanned, because the
    /// patterns may match on the others.</summary>
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
