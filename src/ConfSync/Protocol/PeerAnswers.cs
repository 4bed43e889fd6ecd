using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Services;
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

    /// <summary>What is known of the services other than nginx, by their names.</summary>
    public ImmutableDictionary<string, ServiceFacts> Others { get; init; } = ImmutableDictionary<string, ServiceFacts>.Empty;

    /// <summary>What the peer retains, without the changes of each; empty where the session did not ask for it, or it may not be
    /// seen.</summary>
    public ImmutableArray<Generation> Generations { get; init; } = [];

    /// <summary>Which addresses it holds; null where it was not asked.</summary>
    public MachineRoles? Roles { get; init; }

    /// <summary>What is known of a service that takes part.</summary>
    public ServiceFacts Of(Service service) => service.Definition == ServiceDefinition.Nginx
        ? new ServiceFacts(NginxRuns, Served)
        : Others.GetValueOrDefault(service.Name, ServiceFacts.NotRunning);
}

/// <summary>What is known of a service on a peer before anything is done there.</summary>
/// <param name="Runs">There is a living master of it.</param>
/// <param name="Served">As <see cref="PeerFacts.Served"/>.</param>
public sealed record ServiceFacts(bool Runs, ImmutableArray<string> Served)
{
    public static ServiceFacts NotRunning { get; } = new(false, []);
}

/// <summary>What a push asks of one service of a peer, where not only nginx takes part.</summary>
/// <param name="Digest">The digest of its part of the state that the peer will hold.</param>
/// <param name="Known">The digest of its part of the state that the peer holds, where it is known to serve just that.</param>
public sealed record AffectedService(string Name, string Digest, string? Known);

/// <summary>What became of one service, where not only nginx takes part.</summary>
/// <param name="Outcome">Null where it was known to serve what is there, and was left alone.</param>
public sealed record ServiceOutcome(string Name, ReloadOutcome? Outcome)
{
    /// <summary>It is to run on every node (EXPECT_RUNNING).</summary>
    public bool IsExpected { get; init; } = true;

    /// <summary>The change affects it, so that its configuration was tested.</summary>
    public bool WasAffected { get; init; } = true;

    public bool IsStopped => Outcome == ReloadOutcome.NotRunning;
}

/// <summary>The result of a scan.</summary>
/// <param name="Paths">Everything under CONFPATHS.</param>
/// <param name="Ancestors">The ancestors that exist.</param>
/// <param name="Beyond">Where an ancestor is a link: the directories on the way to its target.</param>
public sealed record Scan(Snapshot Paths, IReadOnlyList<Entry> Ancestors, IReadOnlyList<Entry> Beyond)
{
    /// <summary>What changed during the scan, so that it was repeated; null for nothing.</summary>
    public string? Moved { get; init; }
}

/// <summary>The result of the test of what was staged.</summary>
/// <param name="Passed">True: the test passed. False: the peer allows no view, so the files will be tested in place, and
/// undone at once if that test fails.</param>
/// <param name="Words">What the test printed, or why there can be no view.</param>
public sealed record TestOutcome(bool Passed, string Words);

/// <summary>What became of the running service; of several that a change affects, the one with which least was done.</summary>
public enum ReloadOutcome
{
    /// <summary>nginx was reloaded and seen to have taken up the configuration.</summary>
    Reloaded,

    /// <summary>nginx does not run.</summary>
    NotRunning,

    /// <summary>No reload was wanted.</summary>
    NotReloaded,
}

/// <summary>The words by which the script names a <see cref="ReloadOutcome"/>.</summary>
internal static class ReloadOutcomes
{
    /// <exception cref="ProtocolException">The script has no such word.</exception>
    public static ReloadOutcome Parse(string word) => word switch
    {
        "reloaded" => ReloadOutcome.Reloaded,
        "not-running" => ReloadOutcome.NotRunning,
        "not-reloaded" => ReloadOutcome.NotReloaded,
        _ => throw new ProtocolException(PosixText.Printable(word)),
    };
}

/// <summary>The change is live, and nginx was seen to serve it. It is not confirmed.</summary>
/// <param name="TestWords">What the test in place printed; null where the files were tested in a view.</param>
public sealed record Activation(ReloadOutcome Reload, string? TestWords)
{
    /// <summary>What the administrator should know although it worked; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>The outcome of each service that the change affects.</summary>
    public ImmutableArray<ServiceOutcome> Services { get; init; } = [];
}

/// <summary>The change is confirmed.</summary>
/// <param name="Reload">The reload outcome. If another process has started or reloaded nginx since the activation, the peer
/// has reloaded it once more.</param>
/// <param name="Warning">What went wrong without harm to the change, such as a generation that could not be retained; null
/// for nothing.</param>
public sealed record Confirmation(ReloadOutcome Reload, string? Warning)
{
    /// <inheritdoc cref="Activation.Services"/>
    public ImmutableArray<ServiceOutcome> Services { get; init; } = [];
}
