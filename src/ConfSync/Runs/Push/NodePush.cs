using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>The way of one node through a push: one session, one straight line, and a report that says what was seen.</summary>
internal sealed class NodePush(
    PushRequest request, NodeAddress node, ITransport transport, ExcludeRules exclude, IPushObserver observer,
    Timeline timeline)
{
    private readonly StepClock clock = new(timeline, node);
    private readonly List<string> notes = [];
    private PushStep step = PushStep.Connect;
    private ImmutableArray<Change> changes = [];
    private string? testWords;
    private string? noView;

    // What another user may write to there, of what this push works in.
    private string? foreign;

    /// <summary>Whether what was activated may be kept: by default, when it is verified.</summary>
    public IConsent Consent { get; init; } = NoConsent.Needed;

    /// <summary>Told which machine the node is; it is not staged before that is known to be no other's. Null where this was
    /// seen by the run that decided the push.</summary>
    public DistinctMachines? Machines { get; init; }

    /// <summary>Told where the primary's files have changed before any node had its turn.</summary>
    public Action<PrimaryMovedException> StartAgain { get; init; } = _ => { };

    /// <param name="desiredOf">What this node is to hold, told once it was looked at.</param>
    public async Task<NodeReport> RunAsync(
        int index, Rollout rollout, SemaphoreSlim logins, DesiredOf desiredOf, CancellationToken cancellation)
    {
        NodeReport report;
        PeerSession? session = null;
        Settlement? settlement = null;
        Served? served = null;
        try
        {
            session = await ConnectAsync(logins, cancellation);
            Machines?.Found(index, session.Machine);
            rollout.Reached(index);
            Begin(PushStep.Scan);
            var (facts, scan) = await session.BeginAsync(cancellation);
            Note(facts);
            if (scan.Moved is { } moved) observer.Remarked($"{node}: looked at again, since files changed meanwhile: {moved}");
            clock.Begin("wait for the other logins");
            if (Machines is not null && await StayUntilAsync(session, Machines.ObjectionToAsync(index)) is { } objection)
            {
                throw Refused(PeerFailure.Machine, objection);
            }
            clock.Begin("wait for the primary");
            report = await PushAsync(session, facts, scan, await StayUntilAsync(session, desiredOf(session, scan)));
        }
        catch (PeerException exception) when (settlement is not null && exception.State is PeerState.Unknown or PeerState.Confirmed)
        {
            // Others may be waiting for this node's word: first they are told. What was decided is finished below.
            var verdict = await Consent.FailedAsync(index);
            report = verdict.Keep ? Failed(exception, exception.State) : await SettleAsync(settlement, exception);
        }
        catch (PeerException exception) when (exception.Failure == PeerFailure.Locked && Machines?.DuplicateOf(index) is { } duplicate)
        {
            // This run itself is at work there, under the other name.
            report = Failed(PeerFailure.Machine, duplicate, PeerState.Untouched);
        }
        catch (PeerException exception)
        {
            // Before its activation a node has nothing to lose, however it got lost.
            report = Failed(exception, settlement is null && exception.State == PeerState.Unknown ? PeerState.Untouched : exception.State);
        }
        catch (TransportException exception)
        {
            report = Failed(PeerFailure.Connect, exception.Message, PeerState.Untouched);
        }
        catch (OperationCanceledException)
        {
            // Nothing is live: what could be is waited for and undone where it was activated.
            report = Failed(PeerFailure.Interrupted, "interrupted before anything changed there", PeerState.Untouched);
        }
        catch (PrimaryMovedException exception)
        {
            if (rollout.GiveUp())
            {
                StartAgain(exception);
                return Report(NodeOutcome.LeftAlone);
            }
            // Others have what the files were before.
            report = Failed(PeerFailure.Moved, exception.Message, PeerState.Untouched);
        }
        catch (PrimaryException)
        {
            // Reported once, for the whole run.
            return Report(NodeOutcome.LeftAlone);
        }
        catch (Exception exception)
        {
            // A defect of this program must not keep the other nodes waiting for this one's turn, nor go unreported.
            report = Failed(PeerFailure.Defect, exception.ToString(), settlement is null ? PeerState.Untouched : PeerState.Unknown);
        }
        finally
        {
            Machines?.Leave(index);
            if (session is not null)
            {
                // Whatever happened: what was staged there is gone before this run is.
                clock.Begin("close");
                await session.CloseAsync();
                timeline.Add(node, session.Traffic);
                await session.DisposeAsync();
            }
            clock.End();
        }
        // It is told of once it was made again.
        if (rollout.IsGivenUp) return report;
        if (report.IsGood && report.Outcome != NodeOutcome.Updated) Consent.NothingToKeep(index);
        if (!report.IsGood && (await Consent.FailedAsync(index)).Keep)
        {
            report = await Consent.BringOnAsync(index, report, cancellation);
        }
        if (session?.Nginx is { } nginx)
        {
            report = report with { Nginx = nginx };
            timeline.Add(node, nginx);
        }
        rollout.Leave(
            index, served == Served.Reloaded,
            failed: !report.IsGood && (request.Rollout.AllOrNone || (settlement is not null && !IsFailedTest(report))));
        observer.NodeFinished(report);
        return report;

        async Task<NodeReport> PushAsync(PeerSession session, PeerFacts facts, Scan scan, DesiredState desired)
        {
            Begin(PushStep.Stage);
            if (facts.Unfinished is { } unfinished && request.DryRun) throw Refused(PeerFailure.Remains, unfinished);
            var (kept, excluded) = exclude.Divide(scan.Paths, [.. request.Config.ConfPaths]);
            var changeSet = ChangeSet.Between(desired.Snapshot, kept, excluded);
            changes = changeSet.Changes;
            if (!changeSet.Conflicts.IsEmpty)
            {
                throw Refused(PeerFailure.Conflict, string.Join('\n', changeSet.Conflicts.Select(conflict => conflict.Message)));
            }
            var isServed = !facts.NginxRuns || facts.ServedDigest == desired.Digest;
            if (changeSet.IsEmpty && (isServed || request.DryRun || !request.Reload))
            {
                if (!isServed) notes.Add("nginx is not known to serve the files that are there: a push reloads it");
                return Report(NodeOutcome.Unchanged, facts.NginxRuns ? Served.NotReloaded : Served.NotRunning);
            }
            if (!changeSet.IsEmpty)
            {
                var plan = StagingPlan.From(changeSet, scan.Paths, scan.Above, desired.Above);
                foreign = ForeignIn(plan, facts, scan);
                if (foreign is not null && !request.Config.AllowForeignDirectories) throw Refused(PeerFailure.Foreign, foreign);
                // A decision has to hold all that a node may need by the time at which somebody finishes it.
                await StayUntilAsync(session, LoadAsync(desired.Contents));
                var staging = new Staging(plan, changes, desired.Digest, desired.Contents.Of)
                {
                    KeptOf = desired.Contents.KeptOf,
                    RollbackTo = desired.RollbackTo,
                };
                var test = await session.StageAndTestAsync(staging, () => Begin(PushStep.Test), cancellation);
                if (test.Passed) testWords = test.Words;
                else noView = test.Words;
                if (noView is not null && request.Config.RequireStagedTest)
                {
                    throw Refused(
                        PeerFailure.NoView, $"the result cannot be tested before it is live, and REQUIRE_STAGED_TEST=yes: {noView}");
                }
            }
            if (request.DryRun)
            {
                await session.DiscardAsync(cancellation);
                return Report(NodeOutcome.WouldUpdate);
            }
            Begin(PushStep.Wait);
            await StayUntilAsync(session, desired.Saved);
            // Nothing takes a reload of what is there already back: with all or none, it waits for those that can be undone.
            var last = request.Rollout.AllOrNone && changeSet.IsEmpty;
            if (!await StayUntilAsync(session, rollout.TurnAsync(index, last))) return Report(NodeOutcome.LeftAlone);
            settlement = new Settlement(Open, exclude, request.Config.ConfPaths, kept, desired);
            // From here on an interruption has to wait: what is live is either proven or undone.
            return changeSet.IsEmpty ? await ServeAsync(session, desired.Digest) : await ActivateAsync(session, desired);
        }

        async Task<bool> LoadAsync(IContents contents)
        {
            await contents.LoadAsync(
                changes.Where(change => change.NeedsContent || (request.Rollout.AllOrNone && change.After is { Kind: EntryKind.File }))
                    .Select(change => change.After!), cancellation);
            return true;
        }

        Task<T> StayUntilAsync<T>(PeerSession session, Task<T> awaited) => StayAsync(session, awaited, cancellation);

        async Task<T> StayAsync<T>(PeerSession session, Task<T> awaited, CancellationToken interruption)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(interruption);
            var signs = session.StayAsync(waiting.Token);
            await Task.WhenAny(awaited, signs);
            var lost = signs.IsFaulted;
            await waiting.CancelAsync();
            await signs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            interruption.ThrowIfCancellationRequested();
            if (lost) await signs;
            return await awaited;
        }

        async Task<NodeReport> ActivateAsync(PeerSession session, DesiredState desired)
        {
            Begin(PushStep.Activate);
            var activation = await session.ActivateAsync(
                word => Begin(word switch
                {
                    "test" => PushStep.Test,
                    "reload" => PushStep.Reload,
                    "health" => PushStep.HealthCheck,
                    _ => PushStep.Activate,
                }), CancellationToken.None);
            testWords ??= activation.TestWords;
            if (cancellation.IsCancellationRequested)
            {
                await session.UndoAsync(CancellationToken.None);
                return Failed(PeerFailure.Interrupted, "interrupted after the activation", PeerState.Undone);
            }
            served = activation.Served;
            if (foreign is not null && await SwappedAsync(session, desired) is { } swapped)
            {
                await session.UndoAsync(CancellationToken.None);
                return Failed(PeerFailure.Changed, swapped, PeerState.Undone);
            }
            // It is seen to serve: the others need not wait until it is tidied up there.
            rollout.Leave(index, served == Served.Reloaded);
            Begin(PushStep.Agree);
            // An interruption is for the verdict to take into account: what is decided for one is decided for all.
            var verdict = await StayAsync(session, Consent.VerifiedAsync(index, changes, desired), CancellationToken.None);
            if (!verdict.Keep)
            {
                await session.UndoAsync(CancellationToken.None);
                return Undone(verdict);
            }
            Begin(PushStep.Confirm);
            if (await session.ConfirmAsync(CancellationToken.None) is { } warning) notes.Add(warning);
            return Report(NodeOutcome.Updated, served);
        }

        // What was renamed into a directory of another user may already be something else.
        async Task<string?> SwappedAsync(PeerSession session, DesiredState desired)
        {
            var (kept, excluded) = exclude.Divide((await session.ScanAsync(CancellationToken.None)).Paths, [.. request.Config.ConfPaths]);
            var differing = ChangeSet.Between(desired.Snapshot, kept, excluded).Changes;
            return differing is [var first, ..]
                ? $"{PosixText.Printable(first.Path)} was changed on this node while the push was activated"
                : null;
        }

        async Task<NodeReport> ServeAsync(PeerSession session, string digest)
        {
            Begin(PushStep.Reload);
            var activation = await session.ServeAsync(digest, CancellationToken.None);
            testWords = activation.TestWords;
            served = activation.Served;
            if (activation.Warning is { } warning) notes.Add(warning);
            return Report(NodeOutcome.Unchanged, served);
        }
    }

    private Task<PeerSession> ConnectAsync(SemaphoreSlim logins, CancellationToken cancellation)
    {
        Begin(PushStep.Connect);
        return Logins.ConnectAsync(OpenFirst, request.Config.ConnectTimeout, logins, cancellation);
    }

    private PeerSession OpenFirst()
    {
        clock.Begin("login");
        return Open();
    }

    private PeerSession Open() => PeerSession.Open(
        transport, request.Sudo, request.DryRun ? ConversationMode.DryRun : ConversationMode.Push, request.Who,
        PeerSettings.Of(request.Config, request.Reload), request.Config.ConfPaths, exclude);

    private async Task<NodeReport> SettleAsync(Settlement settlement, PeerException lost)
    {
        var lostAt = step;
        Begin(PushStep.Settle);
        try
        {
            // As long as the peer itself may need to notice the silence, and to undo.
            var state = await settlement.SettleAsync(request.Config.ConfirmTimeout + request.Config.ReloadTimeout);
            step = lostAt;
            if (state != PeerState.Confirmed) return Failed(lost.Failure, lost.Message, state);
            notes.Add($"the session was lost at its end, and the node was looked at again: {lost.Message}");
            return Report(NodeOutcome.Updated);
        }
        catch (PeerException exception)
        {
            return Failed(exception, exception.State);
        }
    }

    // Tested in place and undone at once: nginx never heard of it, so it is left out as any node that fails its test.
    private static bool IsFailedTest(NodeReport report) =>
        report.Failure is { Kind: PeerFailure.Test, State: PeerState.Undone or PeerState.Untouched };

    private void Begin(PushStep next)
    {
        step = next;
        clock.Begin(NameOf(next));
        observer.NodeBegan(node, next);
    }

    private static string NameOf(PushStep step) => step switch
    {
        PushStep.Connect => "wait for a place",
        PushStep.Scan => "begin, scan",
        PushStep.Stage => "plan, stage",
        PushStep.Test => "test",
        PushStep.Wait => "wait for the turn",
        PushStep.Activate => "activate",
        PushStep.Reload => "reload, watched",
        PushStep.HealthCheck => "health check",
        PushStep.Settle => "find out",
        _ => "confirm",
    };

    private void Note(PeerFacts facts)
    {
        if (facts.NotOurs is { } other) notes.Add($"nginx is taken for not running: {other}");
        if (facts.Recovered is { } recovered) notes.Add($"an earlier push had been cut off: {recovered}");
    }

    private string? ForeignIn(StagingPlan plan, PeerFacts facts, Scan scan)
    {
        var directories = new ForeignDirectories(facts.Logins.Add(0));
        var tops = request.Config.ConfPaths.Select(path => scan.Paths[path]).OfType<Entry>();
        return ForeignDirectories.Message(
            directories.Above([.. scan.Above, .. scan.Beyond], tops).Concat(directories.Within(plan.DirectoriesIn(scan.Paths))), "on this node");
    }

    private static PeerException Refused(PeerFailure failure, string words) => new(failure, words, PeerState.Untouched);

    private NodeReport Report(NodeOutcome outcome, Served? served = null) =>
        new(node, outcome, changes, testWords, noView, served, null, [.. notes]);

    private NodeReport Undone(Verdict verdict)
    {
        if (verdict is { Opponent: null, Reason: null }) return Failed(PeerFailure.Interrupted, "interrupted after the activation", PeerState.Undone);
        var why = verdict.Opponent is { } opponent ? $"{opponent} failed" : verdict.Reason!;
        return Failed(PeerFailure.None, why, PeerState.Undone) with { Outcome = NodeOutcome.Undone };
    }

    private NodeReport Failed(PeerException exception, PeerState state) =>
        Failed(exception.Failure, exception.Message, state, exception.UndoWords, exception.Advice);

    private NodeReport Failed(PeerFailure failure, string words, PeerState state, string undoWords = "", string? advice = null) =>
        new(node, NodeOutcome.Failed, changes, testWords, noView, null,
            new NodeFailure(failure == PeerFailure.Test ? PushStep.Test : step, failure, words, state, undoWords, advice)
            {
                IsOfRoot = Environment.IsPrivilegedProcess,
            }, [.. notes]);
}
