using System.Globalization;
using ConfSync.Configuration;
using ConfSync.Services;

namespace ConfSync.Protocol;

/// <summary>The settings of a session with a peer; the same for all peers of a run.</summary>
/// <param name="Services">The services that are tested and reloaded there.</param>
/// <param name="BackupDirectory">Where the peer retains generations.</param>
/// <param name="HealthCheck">A command that must succeed on the peer after a reload; null for none.</param>
/// <param name="Reload">False leaves the reload to a later run.</param>
public sealed record PeerSettings(
    ServiceSet Services, string BackupDirectory, int Keep, TimeSpan ReloadTimeout, TimeSpan ConfirmTimeout, TimeSpan TestTimeout,
    TimeSpan StepTimeout, string? HealthCheck, TimeSpan HealthCheckTimeout, bool Reload)
{
    /// <summary>The session will read contents of files after the scan.</summary>
    public bool ReadsContents { get; init; }

    /// <summary>What earlier scans of this peer hashed; null where each scan hashes everything.</summary>
    internal ScanMemory? Memory { get; init; }

    /// <summary>The session asks for the generations that the peer retains, together with the scan. A refusal to show them is no
    /// failure.</summary>
    public bool AsksForHistory { get; init; }

    /// <summary>A push also asks which addresses the machine holds.</summary>
    public bool AsksRoles { get; init; }

    private const string Step = "STEP_TIMEOUT", All = "STEP_TIMEOUT, TEST_TIMEOUT, RELOAD_TIMEOUT, HEALTHCHECK_TIMEOUT";

    // For slow machines and lines, and so that the peer's own limit ends first and is reported.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    /// <summary>Practically no limit, because the caller has one for the login.</summary>
    internal static Limit LoginLimit { get; } = new("the login", TimeSpan.FromDays(2), "");

    internal Limit BeginLimit => new("a first look at it", StepTimeout + Margin, Step);

    /// <summary>The time for the undo of an earlier push before this one begins.</summary>
    internal Limit RecoveryLimit => new("the undo of an earlier push", Undo + StepTimeout + Margin, "STEP_TIMEOUT, RELOAD_TIMEOUT");

    internal Limit ScanLimit => new("the scan", StepTimeout + Margin, Step) { Bytes = Limit.MostOfScan };

    internal Limit ReadLimit => new("the reading of files", StepTimeout + Margin, Step) { Bytes = Limit.MostOfScan };

    internal Limit HistoryLimit => new("the history", StepTimeout + Margin, Step) { Bytes = Limit.MostOfScan };

    internal Limit StagingLimit => new("the staging", ConfirmTimeout + StepTimeout + Margin, Step);

    internal Limit TestLimit => new("the test", TestTimeout + StepTimeout + Margin, "TEST_TIMEOUT, STEP_TIMEOUT");

    /// <summary>The time for all that may be done in one activation: the renames, each step after them, an undo, and
    /// another undo by the runner's parent (docs/protocol.md, "Timers").</summary>
    internal Limit ActivationLimit => new("the activation", StepTimeout + TestTimeout + Serving + (2 * Undo) + Margin, All);

    internal Limit ServeLimit => new("the reload", TestTimeout + StepTimeout + Serving + Margin, All);

    internal Limit ConfirmLimit => new("the confirmation", (2 * StepTimeout) + Serving + (2 * Undo) + Margin, All);

    internal Limit UndoLimit => new("the undo", (2 * Undo) + Margin, "STEP_TIMEOUT, RELOAD_TIMEOUT");

    internal Limit DiscardLimit => new("the removal of what was staged", StepTimeout + Margin, Step);

    internal Limit SaveLimit => new("the save of the local files", StepTimeout, Step);

    /// <summary>The time for an answer that comes at once.</summary>
    internal Limit SignLimit => new("a sign of life", ConfirmTimeout + Margin, "CONFIRM_TIMEOUT");

    private TimeSpan Serving => (Services.All.Length * ReloadTimeout) + LooksAtOwn + HealthCheckTimeout;

    private TimeSpan LooksAtOwn => TimeSpan.FromTicks(Services.All.Sum(service => (service.Own?.ServesTimeout + StepTimeout)?.Ticks ?? 0));

    // An undo may need two reloads of each service, besides the renames.
    private TimeSpan Undo => (Services.All.Length * (StepTimeout + (2 * ReloadTimeout))) + LooksAtOwn;

    public static PeerSettings Of(SyncConfig config, bool reload = true) => new(
        config.Services, config.BackupDir, config.Keep, config.ReloadTimeout, config.ConfirmTimeout, config.TestTimeout,
        config.StepTimeout, config.HealthCheck, config.HealthCheckTimeout, reload);

    internal static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
