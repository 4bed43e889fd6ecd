using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>The answer to a scan: the entries under the paths, and the directories above them in the same block.</summary>
/// <param name="Mounts">The mount points inside the paths, a directory with a slash at its end.</param>
internal sealed record ScanAnswer(ScanBlock Found, IReadOnlyList<string> Mounts)
{
    // The script marks a directory like this that was not asked for, because a link above CONFPATHS leads through it.
    private const string BeyondMark = "//.";

    private const string RunAgain = "files change there while they are looked at, as when they are being saved: run nginx-sync again";

    /// <summary>Divides the entries into those under these paths, those above them, and those on the way to where a link
    /// above them leads.</summary>
    /// <exception cref="PeerException">Something is mounted inside a path, or could not be scanned, so that nothing certain
    /// is known.</exception>
    /// <exception cref="ProtocolException">An entry was not asked for.</exception>
    public Scan Of(IReadOnlyCollection<string> paths, ExcludeRules exclude)
    {
        EnsureNothingIsMounted([.. paths], exclude);
        var ancestors = paths.SelectMany(PosixPath.Ancestors).ToHashSet(StringComparer.Ordinal);
        var (beneath, above, beyond) = (new List<Entry>(Found.Entries.Count), new List<Entry>(ancestors.Count), new List<Entry>());
        foreach (var entry in Found.Entries)
        {
            if (Beyond(entry) is { } target) beyond.Add(target);
            else if (paths.Any(path => PosixPath.IsAtOrBeneath(entry.Path, path))) beneath.Add(entry);
            else if (Above(entry, ancestors) is { } ancestor) above.Add(ancestor);
            else throw new ProtocolException($"{PosixText.Printable(entry.Path)} was not asked for");
        }
        var snapshot = new Snapshot(beneath);
        if (Found.Problem is { } problem && !IsExplainedByExcluded(problem, snapshot, [.. paths], exclude))
        {
            throw new PeerException(PeerFailure.Scan, Found.Moved is null ? problem : $"{problem}\n{RunAgain}", PeerState.Untouched);
        }
        return new Scan(snapshot, above, beyond);
    }

    private static Entry? Beyond(Entry entry) => entry.Path.EndsWith(BeyondMark, StringComparison.Ordinal)
        ? entry with { Path = entry.Path is BeyondMark ? "/" : entry.Path[..^BeyondMark.Length] }
        : null;

    // A directory was asked for as DIRECTORY/.
    private static Entry? Above(Entry entry, HashSet<string> ancestors)
    {
        var path = entry.Path is "/." ? "/" : entry.Path.EndsWith("/.", StringComparison.Ordinal) ? entry.Path[..^2] : entry.Path;
        return ancestors.Contains(path) ? entry with { Path = path } : null;
    }

    // Renames inside a path would fail, or act elsewhere, where something is mounted. Excluded paths are not renamed.
    private void EnsureNothingIsMounted(string[] paths, ExcludeRules exclude)
    {
        foreach (var mount in Mounts)
        {
            var path = mount.TrimEnd('/');
            if (exclude.Protects(path, mount.EndsWith('/') ? EntryKind.Directory : EntryKind.File, paths)) continue;
            throw new PeerException(
                PeerFailure.Unsafe, $"{PosixText.Printable(path)} is a mount point, and CONFPATHS must not have one inside: name the paths " +
                "beside it, or add it to EXCLUDE", PeerState.Untouched);
        }
    }

    // Excluded files may be unreadable. Then each complaint is about one such file, or about a mounted file system whose
    // server is gone.
    private bool IsExplainedByExcluded(string words, Snapshot snapshot, string[] paths, ExcludeRules exclude)
    {
        var lines = words.Split('\n');
        var unread = snapshot.Entries.Where(entry => entry is { Kind: EntryKind.File, Digest: null }).ToList();
        var (included, _) = exclude.Divide(snapshot, paths);
        var gone = Mounts.Select(mount => mount.TrimEnd('/')).Where(mount => snapshot[mount] is null).ToList();
        var aboutMounts = lines.Count(line => gone.Any(mount => line.Contains(mount, StringComparison.Ordinal)));
        return unread.Count >= (Found.Complaints ?? lines.Length) - aboutMounts && unread.All(entry => included[entry.Path] is null);
    }
}
