using System.Collections.Immutable;
using ConfSync.Inventory;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>What each node of a run ought to hold. Nodes that differ in nothing share one <see cref="DesiredState"/>; all
/// have the same contents, by digest.</summary>
/// <param name="LocalDigest">The digest of the primary's files as they are.</param>
/// <param name="Moved">What a program said of a file that changed while the primary's files were scanned; null for
/// nothing.</param>
internal sealed record DesiredStates(ImmutableDictionary<Node, DesiredState> ByNode, string LocalDigest, string? Moved, IContents Contents) : IDisposable
{
    /// <summary>Completes when the primary's own files are saved.</summary>
    public Task<string> Saved { get; init; } = Task.FromResult("");

    /// <summary>The primary's files, without what EXCLUDE takes out.</summary>
    public required Snapshot Included { get; init; }

    /// <summary>The number of paths that a node ought to hold: that of the node with the most.</summary>
    public int Paths => ByNode.IsEmpty ? 0 : ByNode.Values.Max(state => state.Snapshot.Entries.Length);

    public DesiredState Of(Node node) => ByNode[node];

    /// <summary>The same, with a change to what every node ought to hold.</summary>
    public DesiredStates WithEach(Func<DesiredState, DesiredState> change) =>
        this with { ByNode = ByNode.ToImmutableDictionary(node => node.Key, node => change(node.Value)) };

    public void Dispose() => Contents.Dispose();
}
