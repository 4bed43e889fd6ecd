using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>What a peer is to stage and test.</summary>
/// <param name="Changes">The changes that the plan makes. Its generation records them.</param>
/// <param name="Digest">The digest of the state that the peer will hold.</param>
/// <param name="ContentOf">Returns the content of a file.</param>
public sealed record Staging(
    StagingPlan Plan, ImmutableArray<Change> Changes, string Digest, Func<Entry, ReadOnlyMemory<byte>> ContentOf)
{
    /// <summary>How many bytes are sent at most. Each member has a header of tar besides its content.</summary>
    public long Size => Plan.Directories.Sum(directory => directory.Members.Sum(member => member.Entry.Size + 1024));

    /// <summary>Returns where the peer itself retains the content of a file; null where it has to be sent.</summary>
    public Func<Entry, RetainedFile?> RetainedCopyOf { get; init; } = _ => null;

    /// <summary>The generation that a roll-back goes back to, for the peer's history; null for a push.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>The digest of the state that the peer holds, where nginx is known to serve just that: an undo has nginx serve it
    /// again, and the peer records that. Null where it is not known; then an undo records nothing.</summary>
    public string? Known { get; init; }

    /// <summary>The services that the change affects; empty where nginx alone takes part.</summary>
    public ImmutableArray<AffectedService> Services { get; init; } = [];

    /// <summary>The run, for the peer's history; null for nothing.</summary>
    public RunRecord? Run { get; init; }
}
