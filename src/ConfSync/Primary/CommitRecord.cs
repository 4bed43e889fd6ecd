using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>One node of a <see cref="CommitRecord"/>, with what was decided for this node.</summary>
/// <param name="Ancestors">The ancestors as they are on the primary, to make one that the node does not have.</param>
/// <param name="Changes">The changes that were active on the node at the decision; at least one.</param>
public sealed record DecidedNode(Node Node, ImmutableArray<Entry> Ancestors, ImmutableArray<Change> Changes);

/// <summary>The decision that all nodes keep a push to all nodes or none. It holds everything that is needed to finish the
/// push on every node, because the primary's files may have changed by then.</summary>
/// <param name="Id">The ID of the run that made the decision.</param>
/// <param name="Who">The name of the primary and of its user.</param>
/// <param name="ConfigPath">The configuration file, as an absolute path.</param>
/// <param name="Reload">False: the reload was left to a later run.</param>
/// <param name="ConfPaths">CONFPATHS of that push.</param>
/// <param name="Exclude">EXCLUDE of that push.</param>
/// <param name="Nodes">The nodes on which something changed.</param>
/// <param name="Contents">By digest, the content of every file that a change creates or replaces.</param>
public sealed record CommitRecord(
    string Id, DateTimeOffset Time, string Who, string ConfigPath, bool Reload, ImmutableArray<string> ConfPaths,
    ImmutableArray<string> Exclude, ImmutableArray<DecidedNode> Nodes,
    ImmutableDictionary<string, ReadOnlyMemory<byte>> Contents)
{
    /// <summary>What the nodes record of the run; null where nothing is known but its ID, as in a record of an earlier version.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>What a node ought to hold: what it holds now, with the decided changes applied. Other changes on the node
    /// since then stay.</summary>
    /// <param name="included">What the node holds, without what EXCLUDE takes out.</param>
    /// <exception cref="RefusedException">A directory that the changes need is gone, and the record does not say how to
    /// make it.</exception>
    internal DesiredState DesiredOn(DecidedNode node, Snapshot included)
    {
        var decided = node.Changes.ToDictionary(change => change.Path, change => change.After, StringComparer.Ordinal);
        var desired = new Snapshot(included.Entries.Where(entry => !IsDecided(entry.Path))
            .Concat(decided.Values.OfType<Entry>()));
        foreach (var entry in decided.Values.OfType<Entry>())
        {
            var missing = PosixPath.Ancestors(entry.Path)
                .TakeWhile(above => ConfPaths.Any(path => PosixPath.IsAtOrBeneath(above, path)))
                .FirstOrDefault(above => desired[above] is null);
            if (missing is null) continue;
            throw new RefusedException(new Refusal.ParentGone(entry.Path, missing));
        }
        var digest = SnapshotDigest.Of(desired, SnapshotDigest.ScopeOf(ConfPaths, Exclude));
        return new DesiredState(desired, node.Ancestors, digest, new DecidedContents(Contents));

        // A path beneath one that was decided to be no directory cannot stay.
        bool IsDecided(string path) => decided.ContainsKey(path) ||
            PosixPath.Ancestors(path).Any(above => decided.TryGetValue(above, out var after) && after is not { Kind: EntryKind.Directory });
    }

    private sealed class DecidedContents(ImmutableDictionary<string, ReadOnlyMemory<byte>> contents) : IContents
    {
        public Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation) => Task.CompletedTask;

        public ReadOnlyMemory<byte> Of(Entry file) => contents[file.Digest!];

        public void Dispose()
        {
        }
    }
}
