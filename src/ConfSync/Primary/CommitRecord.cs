using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>One node of a <see cref="CommitRecord"/>, with what was decided for it and for no other.</summary>
/// <param name="Ancestors">How to make a directory above CONFPATHS that the node does not have.</param>
/// <param name="Changes">What was active there when it was decided; at least one.</param>
public sealed record DecidedNode(Node Node, ImmutableArray<Entry> Ancestors, ImmutableArray<Change> Changes);

/// <summary>
/// That a push to all nodes or none is kept: everything that is needed to finish it on every node, without the primary's
/// files as they are by then.
/// </summary>
/// <param name="Id">Of the run that decided it.</param>
/// <param name="Who">The primary and its user.</param>
/// <param name="ConfigPath">The configuration file, absolute.</param>
/// <param name="Reload">False: the reload was left to a later run.</param>
/// <param name="ConfPaths">CONFPATHS of that push.</param>
/// <param name="Exclude">EXCLUDE of that push.</param>
/// <param name="Nodes">Those on which something changed.</param>
/// <param name="Contents">By digest, of every file that a change leaves behind.</param>
public sealed record CommitRecord(
    string Id, DateTimeOffset Time, string Who, string ConfigPath, bool Reload, ImmutableArray<string> ConfPaths,
    ImmutableArray<string> Exclude, ImmutableArray<DecidedNode> Nodes,
    ImmutableDictionary<string, ReadOnlyMemory<byte>> Contents)
{
    /// <summary>What a node ought to hold: what it holds, with what was decided put in. Somebody may have worked on it
    /// since.</summary>
    /// <param name="included">What it holds, less EXCLUDE.</param>
    /// <exception cref="RefusedException">A directory is gone there of which the decision knows nothing.</exception>
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
        return new DesiredState(desired, node.Ancestors, digest, "", new DecidedContents(Contents));

        // What is beneath a name that was decided to be no directory cannot stay.
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
