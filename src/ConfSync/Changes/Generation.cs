using System.Collections.Immutable;

namespace ConfSync.Changes;

/// <summary>A file, link or directory that a generation keeps since its push replaced or deleted it.</summary>
/// <param name="Part">The number of the directory in the push's plan, from 1 on: it was moved to <c>old.PART</c>.</param>
/// <param name="Path">Where it was.</param>
public sealed record RetainedPath(int Part, string Path);

/// <summary>Where the bytes of a file are that a generation keeps.</summary>
/// <param name="Name">Its path in <c>old.PART</c>, relative.</param>
public sealed record RetainedFile(int Generation, int Part, string Name);

/// <summary>What a confirmed push, or roll-back, left on a peer.</summary>
/// <param name="Number">The peer's own; the next push gets the next one.</param>
/// <param name="Time">When it was confirmed; null where that cannot be read.</param>
/// <param name="Who">The user and machine that did it; empty where that cannot be read.</param>
/// <param name="Digest">Of the state that it made; empty where that was not recorded.</param>
/// <param name="RolledBackTo">The generation that it went back to; null for a push.</param>
/// <param name="Run">The run that made it; null where that was not recorded or cannot be read.</param>
/// <param name="Count">How many paths it changed; null where that was not recorded or cannot be read, so that there is no
/// way back over it.</param>
/// <param name="Changes">What it changed, or the first of it, as asked for.</param>
/// <param name="Retained">What it keeps, where all was asked for.</param>
public sealed record Generation(
    int Number, DateTimeOffset? Time, string Who, string Digest, int? RolledBackTo, RunRecord? Run, int? Count,
    ImmutableArray<Change> Changes, ImmutableArray<RetainedPath> Retained);
