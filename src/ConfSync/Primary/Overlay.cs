using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>Files that lie in a directory of the primary beneath the paths that they have on a node, such as
/// <c>/etc/nginx-sync.d/nodes/web1/files/etc/nginx/local.conf</c>.</summary>
/// <param name="Root">That directory.</param>
/// <param name="Entries">What is in it, each at its path on the node.</param>
internal sealed record Overlay(string Root, ImmutableArray<Entry> Entries)
{
    /// <param name="scanned">A scan that includes the directory.</param>
    public static Overlay Of(Snapshot scanned, string root) => new(
        root,
        [.. scanned.Entries.Where(entry => entry.Path != root && PosixPath.IsAtOrBeneath(entry.Path, root))
            .Select(entry => entry with { Path = entry.Path[root.Length..] })]);

    /// <summary>The path on the primary of an entry.</summary>
    /// <param name="path">Its path on the node.</param>
    public string SourceOf(string path) => Root + path;

    /// <summary>What is no directory and not beneath CONFPATHS, so that it would be pushed nowhere.</summary>
    public IEnumerable<Entry> Outside(IReadOnlyCollection<string> confPaths) =>
        Entries.Where(entry => entry.Kind != EntryKind.Directory && !IsWithin(entry.Path, confPaths));

    /// <summary>The entries at these paths, and the directories above them.</summary>
    public Overlay Only(IReadOnlyCollection<string> paths) => this with
    {
        Entries = [.. Entries.Where(entry => entry.Kind == EntryKind.Directory
            ? paths.Any(path => PosixPath.IsAtOrBeneath(path, entry.Path))
            : paths.Contains(entry.Path))],
    };

    /// <summary>Puts the entries over a Snapshot. A directory that both have keeps the Snapshot's owner and mode, because
    /// the directories of an overlay are only the way to its files.</summary>
    public Snapshot Over(Snapshot below, IReadOnlyCollection<string> confPaths)
    {
        var result = below.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        foreach (var entry in Entries.Where(entry => IsWithin(entry.Path, confPaths)))
        {
            var present = result.GetValueOrDefault(entry.Path);
            if (present is { Kind: EntryKind.Directory })
            {
                if (entry.Kind == EntryKind.Directory) continue;
                foreach (var gone in result.Keys.Where(path => PosixPath.IsAtOrBeneath(path, entry.Path)).ToList()) result.Remove(gone);
            }
            result[entry.Path] = entry;
        }
        return new Snapshot(result.Values);
    }

    private static bool IsWithin(string path, IEnumerable<string> confPaths) => confPaths.Any(confPath => PosixPath.IsAtOrBeneath(path, confPath));
}
