using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>Gives what a node ought to hold, from the session with the node and its scan.</summary>
internal delegate Task<DesiredState> DesiredOf(PeerSession session, Scan scan);

/// <summary>What a node ought to hold. In a push this is the desired Snapshot: the primary's files without what EXCLUDE takes
/// out, with what is this node's own (<see cref="DesiredStateReader"/>).</summary>
/// <param name="Ancestors">The ancestors as they are on the primary. A missing one is made like this on a peer.</param>
/// <param name="Digest">The digest of <paramref name="Snapshot"/>, with its scope.</param>
internal sealed record DesiredState(
    Snapshot Snapshot, IReadOnlyList<Entry> Ancestors, string Digest, IContents Contents) : IDisposable
{
    /// <summary>Completes when the primary's own files are saved. No node is activated before.</summary>
    public Task<string> Saved { get; init; } = Task.FromResult("");

    /// <summary>The generation of the node that a roll-back goes back to; null for a push.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>The generations that a roll-back undoes, without their changes; empty for a push.</summary>
    public ImmutableArray<Generation> GoneOver { get; init; } = [];

    /// <summary>A roll-back: the generation whose state comes back, without its changes; null where the node keeps it no more.</summary>
    public Generation? BackTo { get; init; }

    /// <summary>A roll-back: what comes back is not what <see cref="BackTo"/> left.</summary>
    public bool IsEdited { get; init; }

    /// <summary>The run, as the node's history records it; null for nothing.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>The paths that are whole files of the node's own.</summary>
    public ImmutableHashSet<string> Own { get; init; } = [];

    public void Dispose() => Contents.Dispose();
}
