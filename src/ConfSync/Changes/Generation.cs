using System.Collections.Immutable;

namespace ConfSync.Changes;

/// <summary>A file, link or directory that a generation retains because its push replaced or deleted it.</summary>
/// <param name="Part">The number of its directory in the plan of the push, from 1 on. The path was moved to
/// <c>old.PART</c>.</param>
/// <param name="Path">The path where it was.</param>
public sealed record RetainedPath(int Part, string Path);

/// <summary>Where a generation retains the content of a file.</summary>
/// <param name="Name">The path in <c>old.PART</c>, relative.</param>
public sealed record RetainedFile(int Generation, int Part, string Name)
{
    /// <summary>The path on the node.</summary>
    /// <param name="backupDirectory">BACKUPDIR there.</param>
    public string PathIn(string backupDirectory) => FormattableString.Invariant($"{backupDirectory}/generations/{Generation}/old.{Part}/{Name}");
}

/// <summary>A confirmed push or roll-back, as the peer recorded it.</summary>
/// <param name="Number">The peer's own number. The next push gets the next number.</param>
/// <param name="Time">When it was confirmed; null where that cannot be read.</param>
/// <param name="Who">The user and machine that made it; empty where that cannot be read.</param>
/// <param name="Digest">The digest of the state that it made; empty where that was not recorded.</param>
/// <param name="RolledBackTo">The generation that it went back to; null for a push.</param>
/// <param name="Run">The run that made it; null where that was not recorded or cannot be read.</param>
/// <param name="Count">The number of paths that it changed; null where that was not recorded, cannot be read or was not asked
/// for. A roll-back over a generation that did not record it is refused.</param>
/// <param name="Changes">Its changes, or the first of them, as many as were asked for.</param>
/// <param name="Retained">What it retains, where all was asked for.</param>
public sealed record Generation(
    int Number, DateTimeOffset? Time, string Who, string Digest, int? RolledBackTo, RunRecord? Run, int? Count,
    ImmutableArray<Change> Changes, ImmutableArray<RetainedPath> Retained)
{
    /// <summary>The generation that made a state. The same state may have been there more than once: the last one counts.</summary>
    /// <param name="generations">Those of one node, the lowest number first.</param>
    public static Generation? LastWith(IEnumerable<Generation> generations, string digest) =>
        generations.LastOrDefault(generation => generation.Digest == digest);
}
