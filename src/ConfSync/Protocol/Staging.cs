using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>What a peer is to stage and test.</summary>
/// <param name="Changes">What the plan does, to be kept with its generation.</param>
/// <param name="Digest">Of the state that the peer will hold.</param>
/// <param name="ContentOf">A file's bytes.</param>
public sealed record Staging(
    StagingPlan Plan, ImmutableArray<Change> Changes, string Digest, Func<Entry, ReadOnlyMemory<byte>> ContentOf)
{
    /// <summary>Where the peer itself keeps a file's bytes; null where they have to be sent.</summary>
    public Func<Entry, RetainedFile?> RetainedCopyOf { get; init; } = _ => null;

    /// <summary>The generation that this goes back to, for the peer's history; null for a push.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>The run that stages it, for the peer's history.</summary>
    public RunRecord? Run { get; init; }
}
