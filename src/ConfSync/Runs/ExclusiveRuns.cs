using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>The runs that may change nodes, each as one call. A call takes the lock of this machine, finishes a push to all
/// nodes or none that an earlier run decided, decides whether to go on, and runs.</summary>
/// <param name="transportTo">Makes the transport that logs in to a node.</param>
/// <param name="timeline">Records what the time was spent on.</param>
public sealed class ExclusiveRuns(Func<Node, ITransport> transportTo, Timeline timeline)
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Where decisions are recorded, for a user who may use sudo or not.</summary>
    internal Func<bool, ICommitRecordStore> StoreFor { get; init; } = sudo => new CommitRecordShell(sudo);

    /// <summary>Where runs are recorded, for a user who may use sudo or not, through the shell that a run has open or another
    /// one.</summary>
    internal Func<bool, PrimaryShell?, IRunLog> LogFor { get; init; } = (sudo, open) => new RunLogShell(sudo, open);

    /// <summary>How long a run waits for the lock of this machine while another process holds it.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Told once, when a run begins to wait for the lock.</summary>
    public Action<LockProblem.Held>? Waiting { get; init; }

    /// <summary>A push.</summary>
    /// <param name="say">Told of what happens while it happens, by several tasks at once.</param>
    /// <exception cref="OperationCanceledException">The run was to end before it had changed a node.</exception>
    public Task<RunOutcome> PushAsync(PushRequest request, Action<RunEvent> say, CancellationToken cancellation) =>
        LockedAsync(request.Config, request.Sudo, async () =>
        {
            var record = RecordFor(request.Sudo);
            var (stop, left) = await new EarlierPush(record, request, transportTo, say, timeline, LogFor(request.Sudo, null)).FinishFirstAsync(
                mustFinish: request.Rollout.AllOrNone, cancellation);
            if (stop is not null) return stop;
            say(new RunEvent.Began());
            var run = new PushRun(request with { Supersedes = left }, transportTo, say, timeline)
            {
                Record = record,
                Begun = primary => NoteAsync(request, log => log.BeginAsync(RecordedRun.AtWork(request.Run!, request.Who, NodesOf(request))), primary),
                Ended = (reports, known, primary) => RecordAsync(reports, request with { Run = known }, primary, say),
            };
            var reports = await EndingAsync(request, () => run.RunAsync(cancellation));
            return await EndedAsync(reports, request, !run.AstrayBefore.IsEmpty, say, cancellation);
        }, cancellation);

    /// <summary>Rolls the nodes of the request back. If a node of an earlier push cannot be reached, the other nodes are
    /// still rolled back.</summary>
    /// <inheritdoc cref="PushAsync"/>
    public Task<RunOutcome> RollBackAsync(
        RollbackRequest request, Action<RunEvent> say, CancellationToken cancellation) =>
        LockedAsync(request.Config, request.Sudo, async () =>
        {
            // An earlier push must be finished first, because the next run would otherwise finish it over the roll-back.
            var (stop, _) = await new EarlierPush(RecordFor(request.Sudo), request.AsPush, transportTo, say, timeline, LogFor(request.Sudo, null))
                .FinishFirstAsync(mustFinish: false, cancellation);
            if (stop is not null) return stop;
            var push = request.AsPush;
            var run = new RollbackRun(request with { Recorded = await RememberedAsync(request, cancellation) }, transportTo, say, timeline)
            {
                Begun = () => NoteAsync(push, log => log.BeginAsync(RecordedRun.AtWork(push.Run!, push.Who, NodesOf(push))), null),
            };
            say(new RunEvent.Began());
            var reports = await EndingAsync(push, () => run.RunAsync(cancellation));
            // A roll-back that changed nothing is no run that the next one, its repetition, could be meant to go back over.
            if (reports.Any(report => report.Outcome == NodeOutcome.Updated))
            {
                await RecordAsync(reports, push, null, say);
            }
            else
            {
                await NoteAsync(push, log => log.EndAsync(push.Run!.Id), null);
            }
            return await EndedAsync(reports, push, false, say, cancellation);
        }, cancellation);

    /// <summary>Finishes what an earlier run left, and does nothing else.</summary>
    /// <param name="request">How to log in. The nodes are those of the earlier push.</param>
    /// <param name="say">Receives the events of the run while it goes on, from several tasks at once.</param>
    /// <returns>How the run ended.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled before it had changed a node.</exception>
    public Task<RunOutcome> SettleAsync(
        PushRequest request, Action<RunEvent> say, CancellationToken cancellation) =>
        LockedAsync(request.Config, request.Sudo, () =>
            new EarlierPush(RecordFor(request.Sudo), request, transportTo, say, timeline, LogFor(request.Sudo, null)).SettleAsync(cancellation), cancellation);

    /// <summary>Makes this machine hold what was found on a node, and remembers that it has had it.</summary>
    /// <param name="run">What this machine's history records.</param>
    /// <param name="say">Told where this machine could not remember it: then the next push is refused as before.</param>
    internal Task<RunOutcome> AdoptAsync(
        AdoptRequest request, Adoption adoption, RunRecord run, Action<RunEvent> say, CancellationToken cancellation) => HereAsync(request, async () =>
        {
            var adopting = new AdoptRun(request, timeline);
            var report = await adopting.TakeAsync(adoption, run, dryRun: false, cancellation);
            if (!report.IsGood || adoption.Runs.IsEmpty) return report;
            // What an earlier adoption brought is undone with that one: also one that was killed before it could be remembered.
            var earlier = report is NodeReport.Unchanged ? await PrimaryException.AttemptAsync(PrimaryStep.Remember, () => adopting.LastAsync(cancellation)) : null;
            await AddAsync(request, new AdoptionRecord(earlier?.Run?.Id ?? run.Id, adoption.Runs), say);
            return report;
        }, cancellation);

    /// <summary>Puts this machine back to what it held before it took over what a node had.</summary>
    /// <param name="last">The generation of this machine that the adoption made, which is its last one.</param>
    /// <inheritdoc cref="AdoptAsync"/>
    internal Task<RunOutcome> UndoAdoptionAsync(
        AdoptRequest request, Generation last, RunRecord run, bool force, Action<RunEvent> say, CancellationToken cancellation) => HereAsync(request, async () =>
        {
            // First, because a machine that has gone back must at no moment count as one that has had what it went back from.
            var id = last.Run!.Id;
            var before = AdoptionRecord.RunsOf((await RememberedAsync(request, cancellation)).Adoptions.Where(adoption => adoption.Id == id)).ToImmutableArray();
            await PrimaryException.AttemptAsync(PrimaryStep.Remember, async () =>
            {
                await LogFor(request.Sudo, null).AddAsync(new AdoptionRecord(id, []));
                return true;
            });
            var report = await new AdoptRun(request, timeline).UndoAsync(last, run, force, dryRun: false, cancellation);
            if (!report.IsGood && !before.IsEmpty) await AddAsync(request, new AdoptionRecord(id, before), say);
            return report;
        }, cancellation);

    /// <summary>Looks at a node from which this machine may take something over. Takes no lock of this machine.</summary>
    internal Task<AdoptLook> LookToAdoptAsync(AdoptRequest request, CancellationToken cancellation) =>
        new AdoptLooker(request, transportTo(request.Node), LogFor(request.Sudo, null), timeline).LookAsync(cancellation);

    // A run on this machine alone. A push to all nodes or none that is decided must be finished before.
    private Task<RunOutcome> HereAsync(AdoptRequest request, Func<Task<NodeReport>> run, CancellationToken cancellation) =>
        LockedAsync(request.Config, request.Sudo, async () => await RecordFor(request.Sudo).ReadAsync(cancellation) is { } earlier
            ? new RunOutcome.EarlierUnfinished(earlier, [], IsInterrupted: false)
            : new RunOutcome.Ended([await run()]), cancellation);

    private Task<RunLogContent> RememberedAsync(AdoptRequest request, CancellationToken cancellation) =>
        PrimaryException.AttemptAsync(PrimaryStep.Remember, () => LogFor(request.Sudo, null).ReadAsync(cancellation));

    private async Task AddAsync(AdoptRequest request, AdoptionRecord adoption, Action<RunEvent> say)
    {
        try
        {
            await LogFor(request.Sudo, null).AddAsync(adoption);
        }
        catch (PeerException exception)
        {
            say(new RunEvent.RunNotRecorded(exception.Message));
        }
    }

    /// <summary>The push that an earlier run decided and did not finish; null for none. Takes no lock.</summary>
    /// <param name="sudo">Where the user is not root, local commands run under sudo.</param>
    /// <exception cref="PrimaryException">There is one that cannot be read or is not to be trusted.</exception>
    public async Task<UnfinishedPush?> FindEarlierAsync(bool sudo, CancellationToken cancellation) =>
        await RecordFor(sudo).ReadAsync(cancellation) is { } decision ? EarlierPush.AsUnfinished(decision) : null;

    /// <summary>The runs that this machine remembers, the oldest one first. Takes no lock.</summary>
    /// <param name="sudo">Where the user is not root, local commands run under sudo.</param>
    /// <exception cref="PeerException">They cannot be read, or other users may have written them.</exception>
    public async Task<ImmutableArray<RecordedRun>> RecordedAsync(bool sudo, CancellationToken cancellation) =>
        MayRecord(sudo) ? (await LogFor(sudo, null).ReadAsync(cancellation)).Runs : [];

    private async Task<RunOutcome> EndedAsync(
        IReadOnlyList<NodeReport> reports, PushRequest request, bool wereAstray, Action<RunEvent> say, CancellationToken cancellation)
    {
        var astray = await OneHolder.AstrayAsync(request, reports, wereAstray, transportTo, cancellation);
        if (!astray.IsEmpty) say(new RunEvent.AddressesAstray(astray));
        return new RunOutcome.Ended(reports) { Astray = astray };
    }

    // What cannot be read counts as not remembered, because a roll-back is what helps in an emergency.
    private async Task<ImmutableArray<RecordedRun>> RememberedAsync(RollbackRequest request, CancellationToken cancellation)
    {
        if (request.Force || request.To is not RollbackTarget.BeforeLastRun) return [];
        try
        {
            return await RecordedAsync(request.Sudo, cancellation);
        }
        catch (PeerException)
        {
            return [];
        }
    }

    // A roll-back logs in to nodes of NODES.
    private static IEnumerable<Node> NodesOf(PushRequest request) => request.Nodes.Where(node => !node.Equals(request.Here));

    // A run that throws has changed nothing.
    private async Task<IReadOnlyList<NodeReport>> EndingAsync(PushRequest request, Func<Task<IReadOnlyList<NodeReport>>> run)
    {
        try
        {
            return await run();
        }
        catch
        {
            await NoteAsync(request, log => log.EndAsync(request.Run!.Id), null);
            throw;
        }
    }

    // What cannot be noted costs the run nothing: its end says what could not be recorded.
    private async Task NoteAsync(PushRequest request, Func<IRunLog, Task> note, PrimaryShell? open)
    {
        if (request.DryRun || request.Run is null || !MayRecord(request.Sudo)) return;
        try
        {
            await note(LogFor(request.Sudo, open));
        }
        catch (PeerException)
        {
        }
    }

    private async Task RecordAsync(IReadOnlyList<NodeReport> reports, PushRequest request, PrimaryShell? open, Action<RunEvent> say)
    {
        var remembered = reports.Where(report => !report.Node.Equals(request.Here)).ToList();
        if (RecordedRun.Of(request.Run, request.Who, remembered) is not { } recorded)
        {
            await NoteAsync(request, log => log.EndAsync(request.Run!.Id), open);
        }
        else if (!request.DryRun && MayRecord(request.Sudo))
        {
            try
            {
                await LogFor(request.Sudo, open).AddAsync(recorded);
            }
            catch (PeerException exception)
            {
                say(new RunEvent.RunNotRecorded(exception.Message));
            }
        }
    }

    // The file is root's. A user without sudo pushes to nodes where nothing is root's either.
    internal static bool MayRecord(bool sudo) => sudo || Posix.EffectiveUserId == 0;

    private CommitRecordFile RecordFor(bool sudo) => new(StoreFor(sudo));

    private async Task<RunOutcome> LockedAsync(SyncConfig config, bool sudo, Func<Task<RunOutcome>> run, CancellationToken cancellation)
    {
        var (taken, problem) = await TakeLockAsync(config, sudo, cancellation);
        if (taken is null) return new RunOutcome.NotLocked(problem!) { Waited = problem is LockProblem.Held ? Wait : TimeSpan.Zero };
        await using (taken)
        {
            try
            {
                return await run();
            }
            catch (PrimaryException exception)
            {
                return new RunOutcome.PrimaryFailed(exception.Problem);
            }
        }
    }

    private async Task<(RunLock? Taken, LockProblem? Problem)> TakeLockAsync(SyncConfig config, bool sudo, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (var isFirst = true; ; isFirst = false)
        {
            var (taken, problem) = await RunLock.TryTakeAsync(config.LockFile, sudo, cancellation);
            if (problem is not LockProblem.Held held || clock.Elapsed >= Wait) return (taken, problem);
            if (isFirst) Waiting?.Invoke(held);
            await Task.Delay(LockPause, cancellation);
        }
    }
}
