using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a doctor is asked to look at.</summary>
/// <param name="Nodes">In the order in which they are reported.</param>
/// <param name="Sudo">Where the user is not root, commands run under sudo, here and on the nodes.</param>
/// <param name="Who">The primary and its user, as peers are to name them.</param>
public sealed record DoctorRequest(SyncConfig Config, IReadOnlyList<Node> Nodes, bool Sudo, string Who);

/// <summary>Asks the primary and the nodes what a push needs of them. It takes no lock and writes nothing on either side. What
/// one machine cannot tell keeps no other from being looked at.</summary>
public sealed class DoctorRun(DoctorRequest request, Func<Node, ITransport> transportTo, Timeline timeline)
{
    private readonly SyncConfig config = request.Config;
    private readonly ExcludeRules exclude = PushRun.ExcludeRulesOf(request.Config);

    public async Task<Diagnosis> RunAsync(CancellationToken cancellation)
    {
        var (started, clock) = (DateTimeOffset.Now, Stopwatch.StartNew());
        using var logins = new Logins(config.Logins);
        var use = new PatternUse(config.WatchedPatterns, config.ConfPaths);
        await using var shell = new PrimaryShell(request.Sudo, config, exclude);
        var reading = Task.Run(() => ReadAsync(shell, use, cancellation), CancellationToken.None);
        var here = Task.Run(() => ExamineAsync(logins, new LocalShell(), cancellation), CancellationToken.None);
        var asked = request.Nodes.Select((node, index) => Task.Run(async () =>
        {
            var told = await ExamineAsync(logins, transportTo(node), cancellation);
            return await DifferencesAsync(told, node, index, reading, use);
        }, CancellationToken.None)).ToList();
        var primary = await here;
        var nodes = await Task.WhenAll(asked);
        var (desired, problem) = await reading;
        using (desired)
        {
            return DiagnosisOf(started, clock.Elapsed, primary, nodes, problem, PushRun.UnmatchedOf(use, config, request.Nodes));
        }
    }

    private Diagnosis DiagnosisOf(
        DateTimeOffset started, TimeSpan took, Examination primary, Examination[] nodes, PrimaryProblem? problem, ImmutableArray<NamedPattern> unmatched)
    {
        var machines = new DistinctMachines(request.Nodes);
        machines.PrimaryIs(primary.Machine);
        for (var index = 0; index < nodes.Length; index++) machines.Found(index, nodes[index].Machine);
        var checks = new DoctorChecks(config, primary, started) { KeyIsMissing = ConfigurationFile.LacksKey(config) };
        return new Diagnosis(
            started, took, new MachineDiagnosis(null, primary.Checkup is not null, checks.OfPrimary(problem, unmatched, nodes), primary.Took),
            [
                .. request.Nodes.Select((node, index) => new MachineDiagnosis(
                    node, nodes[index].Checkup is not null, checks.OfNode(nodes[index], machines.DuplicateOf(index)), nodes[index].Took)),
            ]);
    }

    private async Task<(DesiredStates? Desired, PrimaryProblem? Problem)> ReadAsync(PrimaryShell shell, PatternUse use, CancellationToken cancellation)
    {
        try
        {
            var reader = new DesiredStateReader(shell, config, exclude, config.AllowForeignDirectories, timeline, new ContentStore(shell.ReadAsync));
            return (await reader.ReadAsync(request.Nodes, use, cancellation), null);
        }
        catch (PrimaryException exception)
        {
            return (null, exception.Problem);
        }
    }

    private async Task<Examination> DifferencesAsync(
        Examination told, Node node, int index, Task<(DesiredStates? Desired, PrimaryProblem? Problem)> reading, PatternUse use)
    {
        if (told.Scan is null) return told;
        use.Saw(index, told.Scan.Paths);
        var (desired, _) = await reading;
        if (desired is null) return told;
        var (included, excluded) = exclude.Divide(told.Scan.Paths, config.ConfPaths);
        return told with { Scan = null, Differences = ChangeSet.Between(desired.Of(node).Snapshot, included, excluded).Changes.Length };
    }

    private async Task<Examination> ExamineAsync(Logins logins, ITransport transport, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var told = new Examination(null, null, null, TimeSpan.Zero, null);
        try
        {
            await using var session = await logins.ConnectAsync(
                transport,
                () => new DoctorSession(transport, request.Sudo, request.Who, PeerSettings.Of(config, reload: false), config.ConfPaths, exclude),
                config.ConnectTimeout, cancellation);
            told = told with { LoginTook = clock.Elapsed, Machine = session.Machine };
            told = told with { Checkup = await session.ExamineAsync(cancellation) };
            told = told with { Status = await session.StatusAsync(cancellation) };
            told = told with { Scan = await session.BeginAsync(cancellation) };
            await session.CloseAsync();
        }
        catch (PeerException exception)
        {
            told = told with { Failure = exception };
        }
        return told with { Took = clock.Elapsed };
    }
}
