using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>
/// A ChangeSet as renames within the peer's existing directories. Nothing in it is at or beneath what another part of
/// it creates, swaps or deletes. To be activated in this order, each step over all directories before the next, so
/// that nothing refers to what is not there yet or no longer: created, replaced, changed in kind, attributes, deleted. To be
/// undone in the opposite order.
/// </summary>
/// <param name="Directories">Ordered by path.</param>
/// <param name="Attributes">Directories that stay, whose mode, owner or group changes in place; ordered by path.</param>
public sealed record StagingPlan(ImmutableArray<StagedDirectory> Directories, ImmutableArray<Change> Attributes)
{
    /// <param name="changes">What is to be done, without conflicts.</param>
    /// <param name="peer">All that was seen on the peer, what EXCLUDE matches included.</param>
    /// <param name="peerAncestors">The directories above the CONFPATHS that exist on the peer, the root not needed.</param>
    /// <param name="primaryAncestors">The directories above the CONFPATHS as they are on the primary: where one is
    /// missing on the peer, it is made like this.</param>
    /// <exception cref="ArgumentException">The changes have conflicts, or nothing is known of a directory that is
    /// missing on the peer.</exception>
    public static StagingPlan From(
        ChangeSet changes, Snapshot peer, IEnumerable<Entry> peerAncestors, IEnumerable<Entry> primaryAncestors)
    {
        if (!changes.Conflicts.IsEmpty) throw new ArgumentException(changes.Conflicts[0].ToString(), nameof(changes));

        var moving = changes.Changes.Where(change => change.Kind != ChangeKind.Attributes).ToList();
        var lookup = new Surroundings(
            moving.Select(change => change.Path).ToHashSet(StringComparer.Ordinal),
            peer.Entries.Where(entry => entry.Kind == EntryKind.Directory).Concat(peerAncestors)
                .Select(entry => entry.Path).Append("/").ToHashSet(StringComparer.Ordinal),
            primaryAncestors.ToDictionary(entry => entry.Path, StringComparer.Ordinal));
        var directories = new SortedDictionary<string, DirectoryBuilder>(StringComparer.Ordinal);

        foreach (var change in moving)
        {
            var (directory, top, missing) = lookup.Locate(change.Path);
            if (!directories.TryGetValue(directory, out var builder))
            {
                directories.Add(directory, builder = new DirectoryBuilder(directory));
            }
            foreach (var entry in missing) builder.Add(new Change(null, entry), top);
            builder.Add(change, top);
        }
        return new(
            [.. directories.Values.Select(builder => builder.Build())],
            [.. changes.Changes.Where(change => change.Kind == ChangeKind.Attributes)]);
    }

    /// <summary>The peer's directories that something is done in: what stays, with all between it and its CONFPATH, and what
    /// goes.</summary>
    /// <param name="peer">All that was seen on the peer.</param>
    public IEnumerable<Entry> DirectoriesIn(Snapshot peer)
    {
        var staying = Directories.Select(directory => directory.Path).Concat(Attributes.Select(change => change.Path))
            .SelectMany(path => PosixPath.Ancestors(path).Prepend(path)).ToHashSet(StringComparer.Ordinal);
        var going = Directories
            .SelectMany(directory => directory.KindChanged.Concat(directory.Deleted).Select(name => $"{directory.Path.TrimEnd('/')}/{name}"))
            .ToHashSet(StringComparer.Ordinal);
        return peer.Entries.Where(entry => entry.Kind == EntryKind.Directory &&
            (staying.Contains(entry.Path) || PosixPath.Ancestors(entry.Path).Prepend(entry.Path).Any(going.Contains)));
    }

    private sealed record Surroundings(
        HashSet<string> Moving, HashSet<string> Existing, Dictionary<string, Entry> OnPrimary)
    {
        /// <summary>The nearest directory that exists and stays, what is renamed in it for this path's sake, and the
        /// directories in between that have to be made although they are no change of their own.</summary>
        public (string Directory, string Top, List<Entry> Missing) Locate(string path)
        {
            var top = path;
            var missing = new List<Entry>();
            foreach (var above in PosixPath.Ancestors(path))
            {
                var moves = Moving.Contains(above);
                if (!moves && Existing.Contains(above)) return (above, top, missing);
                if (!moves) missing.Add(MissingDirectory(above));
                top = above;
            }
            throw new ArgumentException($"the root directory cannot change: {path}", nameof(path));
        }

        private Entry MissingDirectory(string path) => OnPrimary.TryGetValue(path, out var entry)
            ? entry
            : throw new ArgumentException($"nothing is known of the primary's {path}, which is missing on the peer");
    }

    private sealed class DirectoryBuilder(string path)
    {
        private readonly SortedSet<string> created = new(StringComparer.Ordinal);
        private readonly List<string> replaced = [];
        private readonly List<string> kindChanged = [];
        private readonly List<string> deleted = [];
        private readonly SortedDictionary<string, StagedMember> members = new(StringComparer.Ordinal);

        public void Add(Change change, string top)
        {
            if (change.After is { } after)
            {
                var name = PosixPath.Relative(path, after.Path);
                var isCopied = after.Kind == EntryKind.File && !change.NeedsContent;
                members.TryAdd(name, new StagedMember(name, after, isCopied));
            }
            if (change.Path == top) OperationFor(change).Add(PosixPath.Name(top));
        }

        private ICollection<string> OperationFor(Change change) => change.Kind switch
        {
            ChangeKind.Create => created,
            ChangeKind.Delete => deleted,
            _ when change is { Before.Kind: EntryKind.Directory } or { After.Kind: EntryKind.Directory } => kindChanged,
            _ => replaced,
        };

        public StagedDirectory Build() =>
            new(path, [.. created], [.. replaced], [.. kindChanged], [.. deleted], [.. members.Values]);
    }
}
