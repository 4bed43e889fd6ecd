using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Changes;

/// <summary>
/// A ChangeSet as renames within the peer's existing directories. No part of it is at or beneath a path that another part
/// creates, replaces or deletes. Activation takes the steps in this order, each over all directories before the next:
/// created, replaced, kind changed, attributes, deleted. So nothing refers to a file that is not there yet, or no longer.
/// An undo takes the opposite order.
/// </summary>
/// <param name="Directories">The directories with operations, ordered by path.</param>
/// <param name="Attributes">Directories that stay and whose mode, owner or group changes in place, ordered by path.</param>
public sealed record StagingPlan(ImmutableArray<StagedDirectory> Directories, ImmutableArray<Change> Attributes)
{
    /// <param name="changes">The changes, without conflicts.</param>
    /// <param name="peer">All that was scanned on the peer, including what EXCLUDE takes out.</param>
    /// <param name="peerAncestors">The ancestors that exist on the peer. The root may be left out.</param>
    /// <param name="primaryAncestors">The ancestors as they are on the primary. A missing one is made like this on the
    /// peer.</param>
    /// <exception cref="ArgumentException">The changes have conflicts, or the primary does not know a directory that is
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

    /// <summary>The directories of the peer that this plan works in: those that stay, with all between them and their
    /// CONFPATH, and those that are removed.</summary>
    /// <param name="peer">All that was scanned on the peer.</param>
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
        /// <summary>
        /// Finds where a path is renamed. Directory is the nearest directory that exists and stays. Top is the path in it
        /// that is renamed for the sake of this path. Missing are the directories in between that have to be made although
        /// they are no changes themselves.
        /// </summary>
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
