using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a comparison is asked to do beyond what the configuration says.</summary>
/// <param name="Nodes">In the order in which they are reported.</param>
/// <param name="Contents">Read the contents of files that differ, and tell in what.</param>
/// <param name="Sudo">Where the user is not root, commands run under sudo, here and on the peers.</param>
/// <param name="Who">The primary and its user, as peers are to name them.</param>
public sealed record CompareRequest(SyncConfig Config, IReadOnlyList<Node> Nodes, bool Contents, bool Sudo, string Who)
{
    /// <summary>Each node is also asked what it says of itself (<see cref="ServiceStatus"/>), and the primary is not asked what its
    /// nginx reads elsewhere.</summary>
    public bool Status { get; init; }
}

/// <summary>
/// Compares the nodes with the primary: a push that stops at the ChangeSet. It makes the desired Snapshot and scans the
/// nodes as a push does, and writes nothing on either side. It takes no lock, so it can run beside a push.
/// </summary>
/// <param name="timeline">Records what the time was spent on.</param>
public sealed class CompareRun(CompareRequest request, Func<Node, ITransport> transportTo, Timeline timeline)
{
    // A Snapshot of 10,000 files takes some megabytes while it is compared. The answers of the other nodes wait in their
    // pipes.
    private const int LookedAtAtOnce = 6;

    private readonly SyncConfig config = request.Config;

    /// <returns>One result for each node, in the order of the request.</returns>
    /// <exception cref="PrimaryException">The primary's own files cannot be scanned.</exception>
    public async Task<Comparison> RunAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(cancellation);
            }
            catch (PrimaryMovedException) when (attempt < PushRun.Attempts && !cancellation.IsCancellationRequested)
            {
                // The next attempt compares the nodes with the files as they are now.
            }
        }
    }

    private async Task<Comparison> AttemptAsync(CancellationToken cancellation)
    {
        var started = DateTimeOffset.Now;
        var clock = Stopwatch.StartNew();
        var exclude = PushRun.ExcludeRulesOf(config);
        await using var primary = new PrimaryShell(request.Sudo, config, exclude);
        var contents = new ContentReader(config, new Secrets(config));
        using var logins = new Logins(config.Logins);
        var use = new PatternUse(config.WatchedPatterns, config.ConfPaths);
        using var looking = new SemaphoreSlim(LookedAtAtOnce);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // All tasks start together, because starting a program takes some milliseconds of a processor. The scan trusts
        // directories of other users, because a comparison writes nothing.
        var reading = Task.Run(
            () => new DesiredStateReader(primary, config, exclude, trusts: true, timeline, new ContentStore(primary.ReadAsync))
                .ReadAsync(request.Nodes, use, abort.Token),
            CancellationToken.None);
        var beside = request.Status
            ? Task.FromResult(OutsideFiles.None)
            : Task.Run(() => OutsideAsync(primary, abort.Token), CancellationToken.None);
        var machines = new DistinctMachines(request.Nodes);
        var told = new MachineRoles?[request.Nodes.Count];
        var comparing = request.Nodes.Select((node, index) => Task.Run(
            () => CompareAsync(
                node, machine => machines.Found(index, machine), whole => use.Saw(index, whole), roles => told[index] = roles, exclude, contents, OfAsync(node), logins, looking,
                abort.Token),
            CancellationToken.None)).ToList();
        try
        {
            using var local = await reading;
            machines.PrimaryIs(await primary.MachineAsync(cancellation));
            var results = await Task.WhenAll(comparing);
            if (machines.Duplicate is { } duplicate) throw new PrimaryException(PrimaryStep.TellApart, new PrimaryFault.Refused(duplicate));
            var outside = await beside;
            var astray = await AstrayAsync(told, cancellation);
            return new Comparison(started, clock.Elapsed, local.Paths, [.. results])
            {
                Outside = outside,
                Astray = astray,
                Unmatched = PushRun.UnmatchedOf(use, config, request.Nodes),
            };
        }
        catch
        {
            // The nodes' answers cannot mend what is wrong on the primary, so the run stops waiting for them.
            await abort.CancelAsync();
            await ((Task)Task.WhenAll([beside, .. comparing])).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        async Task<DesiredState> OfAsync(Node node) => (await reading).Of(node);
    }

    private bool AsksRoles => !request.Status && config.AsksRoles && request.Nodes.Count > 1;

    private async Task<ImmutableArray<AddressHolders>> AstrayAsync(IReadOnlyList<MachineRoles?> told, CancellationToken cancellation) =>
        AsksRoles && HoldersBefore.IsSuspect(config, request.Nodes, told)
            ? await OneHolder.AstrayBeforeAsync(new RolesRequest(config, config.Nodes, request.Sudo, request.Who), transportTo, cancellation) : [];

    // The files outside are only a note, so a failure to list them is no failure of the comparison.
    private static async Task<OutsideFiles> OutsideAsync(PrimaryShell primary, CancellationToken cancellation)
    {
        try
        {
            return await primary.OutsideAsync(cancellation);
        }
        catch (PeerException)
        {
            return OutsideFiles.None;
        }
    }

    private async Task<NodeComparison> CompareAsync(
        Node node, Action<string?> reached, Action<Snapshot> scanned, Action<MachineRoles?> tells, ExcludeRules exclude, ContentReader contents,
        Task<DesiredState> desired, Logins logins, SemaphoreSlim looking, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var steps = new StepClock(timeline, node);
        steps.Begin(TimedStep.WaitForPlace);
        try
        {
            // "No reload" lets the peer skip that check, because a monitoring account need not be allowed to signal nginx.
            var settings = PeerSettings.Of(config, reload: false) with { AsksRoles = AsksRoles };
            var transport = transportTo(node);
            await using var session = await logins.ConnectAsync(transport,
                () =>
                {
                    steps.Begin(TimedStep.Login);
                    return PeerSession.Open(
                        transport, request.Sudo, request.Status ? ConversationMode.Status : ConversationMode.Compare, request.Who,
                        settings, config.ConfPaths, exclude);
                },
                config.ConnectTimeout, cancellation);
            reached(session.Machine);
            steps.Begin(TimedStep.WaitForPlaceToLook);
            var (facts, changes, services, closed) = await LookAtFilesAsync(session, scanned, tells, exclude, desired, looking, steps, cancellation);
            steps.Begin(TimedStep.LookAtNginx);
            var (nginx, service) = await NginxAsync(session, facts, services, cancellation);
            if (!changes.Unreadable.IsEmpty) return Failed(new LookFailure.Unreadable(changes.Unreadable[0].Path)) with { Service = service };
            steps.Begin(TimedStep.ReadContents);
            var local = await desired;
            ImmutableArray<ComparedEntry> entries = [.. changes.Changes.Select(ComparedEntry.Of)];
            if (!request.Contents)
            {
                entries = contents.Marked(entries, local.Snapshot, closed);
            }
            else
            {
                entries = await contents.DiffAsync(
                    entries, local, closed,
                    files => PrimaryException.AttemptAsync(PrimaryStep.ReadContents, () => LoadAsync(local, files, cancellation)),
                    (files, received) => session.ReadAsync(files, received, cancellation));
            }
            steps.Begin(TimedStep.Close);
            await session.CloseAsync();
            timeline.Add(node, session.Traffic);
            return new NodeComparison(node, entries, nginx, null, facts.Unfinished, clock.Elapsed)
            {
                NginxName = config.Services.NginxName,
                ExpectsRunning = config.Services.Nginx?.IsExpected ?? false,
                Others = services.Others,
                Service = service,
            };
        }
        catch (PeerException exception)
        {
            return Failed(LookFailure.Said.Of(exception));
        }
        finally
        {
            steps.End();
        }

        NodeComparison Failed(LookFailure why) => new(node, [], NginxState.Unknown, why, null, clock.Elapsed);
    }

    private static async Task<bool> LoadAsync(DesiredState local, IEnumerable<Entry> files, CancellationToken cancellation)
    {
        await local.Contents.LoadAsync(files, cancellation);
        return true;
    }

    // This is a method of its own so that a node's Snapshots can be collected before the next request is answered. With
    // many nodes, Snapshots are what fills the memory.
    private async Task<(PeerFacts Facts, ChangeSet Changes, HeldServices Services, IReadOnlySet<string> Closed)> LookAtFilesAsync(
        PeerSession session, Action<Snapshot> scanned, Action<MachineRoles?> tells, ExcludeRules exclude, Task<DesiredState> desired, SemaphoreSlim places, StepClock steps,
        CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            // The scan is read before the primary's files are ready, because ssh copies unread output in its memory again and again.
            steps.Begin(TimedStep.Scan);
            var (facts, scan) = await session.BeginAsync(cancellation);
            scanned(scan.Paths);
            tells(facts.Roles);
            steps.Begin(TimedStep.WaitForPrimary);
            var local = await desired;
            steps.Begin(TimedStep.Compare);
            var (included, excluded) = exclude.Divide(scan.Paths, config.ConfPaths);
            var changes = ChangeSet.Between(local.Snapshot, included, excluded);
            var services = HeldServices.Of(config, facts, included, changes.IsEmpty ? local.Digest : null, request.Status);
            var closed = Secrets.Closed(local.Snapshot.Entries.Concat(local.Ancestors).Concat(scan.Paths.Entries).Concat(scan.Ancestors));
            return (facts, changes, services, closed.ToHashSet(StringComparer.Ordinal));
        }
        finally
        {
            places.Release();
        }
    }

    // What runs is compared with what the node holds, not with what it ought to hold: a drifted node may well run all of
    // its drift.
    private async Task<(NginxState State, ServiceStatus? Service)> NginxAsync(
        PeerSession session, PeerFacts facts, HeldServices services, CancellationToken cancellation)
    {
        var takesPart = config.Services.Nginx is not null;
        var recorded = takesPart ? facts.ServedOf(config.Scope) : null;
        var looks = takesPart && facts.NginxRuns && recorded is null;
        var status = request.Status ? await session.StatusAsync(looks, cancellation) : null;
        var times = !looks ? null : status is null ? await session.LookAsync(cancellation) : status.Times;
        var state = !takesPart ? NginxState.Unknown
            : !facts.NginxRuns ? NginxState.NotRunning
            : recorded is not null ? recorded == services.Nginx ? NginxState.Current : NginxState.Pending
            : times?.ChangedSinceStart == false ? NginxState.ProbablyCurrent : NginxState.ProbablyPending;
        return (state, status is null ? null : ServiceStatus.Of(status, services.Served(recorded, state)));
    }
}
