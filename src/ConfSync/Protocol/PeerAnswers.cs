using System.Collections.Immutable;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>What is known of a peer before anything is done there.</summary>
/// <param name="NginxRuns">There is a living nginx master.</param>
/// <param name="Served">The digests of the states that nginx was last seen to serve, if it is still the same generation of
/// workers: one for each scope of which that is known.</param>
/// <param name="Recovered">What an earlier run had left and this session finished or undid; null for nothing.</param>
/// <param name="Unfinished">What an earlier run has left, seen by a session that may not touch it; null for nothing.</param>
/// <param name="Logins">The users whom the work there is done for: the one it is done as, and the login that sudo was
/// called by.</param>
/// <param name="NotOurs">Where no nginx runs: which other one was seen and is not looked at; null for none.</param>
public sealed record PeerFacts(
    bool NginxRuns, ImmutableArray<string> Served, string? Recovered, string? Unfinished, ImmutableHashSet<uint> Logins, string? NotOurs = null)
{
    /// <summary>The digest of the state that nginx serves of these paths; null where that is not known. A push with other
    /// CONFPATHS or EXCLUDE recorded the state of other files, which says nothing about these.</summary>
    public string? ServedOf(string scope) => Served.FirstOrDefault(digest => SnapshotDigest.IsOf(digest, scope));
}

/// <summary>What is there.</summary>
/// <param name="Paths">Everything under CONFPATHS.</param>
/// <param name="Ancestors">The directories above them that exist.</param>
/// <param name="Beyond">Where a directory above is a link: the directories on the way to where it leads.</param>
public sealed record Scan(Snapshot Paths, IReadOnlyList<Entry> Ancestors, IReadOnlyList<Entry> Beyond)
{
    /// <summary>What changed while it was looked at, so that it was looked at again; null for nothing.</summary>
    public string? Moved { get; init; }
}

/// <summary>The test of what was staged.</summary>
/// <param name="Passed">False where this peer allows no private view: it is then tested in place, and undone at once
/// if it fails.</param>
/// <param name="Words">What the test printed, or why there can be no view.</param>
public sealed record TestOutcome(bool Passed, string Words);

/// <summary>What became of the running nginx.</summary>
public enum ReloadOutcome
{
    /// <summary>It was reloaded and seen to have taken the configuration up.</summary>
    Reloaded,

    /// <summary>It does not run.</summary>
    NotRunning,

    /// <summary>No reload was wanted.</summary>
    NotReloaded,
}

/// <summary>A change that is live and seen to work, and not confirmed.</summary>
/// <param name="TestWords">What the test in place printed, where there could be no test before.</param>
public sealed record Activation(ReloadOutcome Reload, string? TestWords)
{
    /// <summary>What somebody should know all the same; null for nothing.</summary>
    public string? Warning { get; init; }
}

/// <summary>A change that is the peer's own from now on.</summary>
/// <param name="Reload">What had become of nginx by then: another process may have started or reloaded it since the
/// activation, and then the peer reloaded it once more.</param>
/// <param name="Warning">What went wrong without harm to the change, such as a generation that could not be kept; or null.</param>
public sealed record Confirmation(ReloadOutcome Reload, string? Warning);
