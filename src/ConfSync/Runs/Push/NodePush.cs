using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>
/// Pushes to one node in one session. The prepare phase gives a <see cref="Prepared"/>, the activate phase an
/// <see cref="Activated"/>, and the conclude phase the report. What a failure means depends on whether the node had its
/// turn.
/// </summary>
internal sealed class NodePush(
    PushRequest request, Node node, ITransport transport, Logins logins, ExcludeRules exclude, Action<RunEvent> say,
    Timeline timeline)
{
    private readonly NodeProgress progress = new(node, say, timeline);

    /// <summary>Decides whether the node keeps the change. By default it does as soon as the change is verified.</summary>
    public ICommitCoordinator Coordinator { get; init; } = IndependentCommits.Always;

    /// <summary>Checks that no other node is the same machine, before this node is staged. Null where this run has checked
    /// it before.</summary>
    public NodeMachine? Machine { get; init; }

    /// <inheritdoc cref="PreparePhase.LastPush"/>
    public LastPush? LastPush { get; init; }

    /// <inheritdoc cref="PreparePhase.HoldersObjection"/>
    public Func<Task<Refusal?>>? HoldersObjection { get; init; }

    /// <summary>Where what earlier scans hashed is remembered; null where this one hashes everything.</summary>
    public IScanIndexes? Indexes { get; init; }

    /// <inheritdoc cref="PreparePhase.Scanned"/>
    public Action<Snapshot> Scanned { get; init; } = _ => { };

    /// <summary>Called where the primary's files have changed before any node had its turn.</summary>
    public Action<PrimaryMovedException> StartAgain { get; init; } = _ => { };

    /// <param name="desiredOf">Gives what this node is to hold. Called once the node was scanned.</param>
    /// <returns>The report of the node. Never throws: a defect is a report too.</returns>
    public async Task<NodeReport> RunAsync(
        int index, Rollout rollout, DesiredOf desiredOf, CancellationToken cancellation)
    {
        var (report, hadTurn) = await GoAsync(index, rollout, desiredOf, cancellation);
        // The run begins again and reports this node then.
        if (rollout.IsGivenUp) return report;
        if (report is NodeReport.Unchanged or NodeReport.WouldUpdate) Coordinator.NothingToKeep(index);
        if (!report.IsGood && await Coordinator.FailedAsync(index) is { Keep: true } && report is NodeReport.Failed failed)
        {
            report = await Coordinator.FinishAsync(index, failed, cancellation);
        }
        var services = request.Config.Services;
        report = report with { ExpectsRunning = services.All.Any(service => service.IsExpected), NginxName = services.NginxName };
        if (report.Nginx is { } nginx) timeline.Add(node, nginx);
        rollout.Leave(
            index, report is NodeReport.Unchanged { Reload: ReloadOutcome.Reloaded },
            failed: !report.IsGood && (request.Rollout.AllOrNone || (hadTurn && !IsFailedTest(report))));
        say(new RunEvent.NodeFinished(report));
        return report;
    }

    private async Task<Ended> GoAsync(
        int index, Rollout rollout, DesiredOf desiredOf, CancellationToken cancellation)
    {
        PeerSession? session = null;
        Ended ended;
        try
        {
            progress.Begin(PushStep.Connect);
            session = await logins.ConnectAsync(transport, OpenFirst, request.Config.ConnectTimeout, cancellation);
            Machine?.Found(session.Machine);
            rollout.Reached(index);
            ended = await PhasesAsync(session, index, rollout, desiredOf, cancellation);
        }
        catch (Exception exception)
        {
            ended = new Ended(BeforeTurn(exception, index, rollout), HadTurn: false);
        }
        finally
        {
            Machine?.Leave();
            if (session is not null) await CloseAsync(session);
            progress.End();
        }
        return ended with { Report = WithWayBack(ended.Report) with { Notes = progress.Notes, Nginx = session?.Nginx, HeldOther = progress.HoldsOther, Differences = progress.Differences } };
    }

    // Of a roll-back: what it went over, and what the node holds then.
    private NodeReport WithWayBack(NodeReport report) => (report, progress.Desired) switch
    {
        (NodeReport.Updated or NodeReport.WouldUpdate, { RollbackTo: not null } desired) =>
            report with { GoneOver = desired.GoneOver, BackTo = desired.BackTo, Holds = HeldWith(desired) },
        (NodeReport.Unchanged, { RollbackTo: not null } desired) => report with { BackTo = desired.BackTo, Holds = HeldWith(desired) },
        (NodeReport.Failed, var desired) when request.Back is { } asked =>
            report with { Retry = desired?.RollbackTo is { } generation ? new RollbackTarget.Generation(generation) : asked },
        _ => report,
    };

    private string? HeldWith(DesiredState desired) => request.Config.MayDifferByNode ? null : desired.Digest;

    private async Task<Ended> PhasesAsync(
        PeerSession session, int index, Rollout rollout, DesiredOf desiredOf, CancellationToken cancellation)
    {
        var preparation = await new PreparePhase(request, exclude, Machine, progress)
        {
            Scanned = Scanned,
            LastPush = LastPush,
            HoldersObjection = HoldersObjection,
            Told = roles => rollout.Told(index, roles),
        }.RunAsync(session, desiredOf, cancellation);
        if (preparation is UpToDate held)
        {
            return new Ended(new NodeReport.Unchanged(node, null, held.Reload) { Services = held.Services }, HadTurn: false);
        }
        var prepared = (Prepared)preparation;
        if (request.DryRun)
        {
            await session.DiscardAsync(cancellation);
            var would = new NodeReport.WouldUpdate(node, prepared.Changes, prepared.Test)
            {
                NginxRuns = prepared.Needs.AllRun,
                Services = prepared.Needs.Outcomes([]),
            };
            return new Ended(would, HadTurn: false);
        }
        var activate = new ActivatePhase(request, exclude, progress);
        if (!await activate.WaitForTurnAsync(session, prepared, rollout, index, cancellation))
        {
            return new Ended(new NodeReport.LeftAlone(node), HadTurn: false);
        }
        var test = prepared.Test;
        try
        {
            var activated = await activate.RunAsync(session, prepared, cancellation);
            test = activated.Test;
            var report = await new ConcludePhase(node, Coordinator, progress).RunAsync(
                session, activated, index, () => rollout.Leave(index, activated.Reload == ReloadOutcome.Reloaded), cancellation);
            return new Ended(report, HadTurn: true);
        }
        catch (Exception exception)
        {
            return new Ended(await AfterTurnAsync(exception, index, prepared with { Test = test }), HadTurn: true);
        }
    }

    // Before its turn nothing live has changed on the node, so a lost session leaves no doubt.
    private NodeReport BeforeTurn(Exception exception, int index, Rollout rollout)
    {
        switch (exception)
        {
            case PeerException { Failure: PeerFailure.Locked } when Machine?.Duplicate is { } duplicate:
                // The lock is held by this run itself, under the machine's other name.
                return progress.Failed(duplicate, PeerState.Untouched);
            case PeerException peer:
                return progress.Failed(peer, peer.State == PeerState.Unknown ? PeerState.Untouched : peer.State);
            case NothingToDoException nothing:
                return nothing.Report;
            case RefusedException refused:
                return progress.Failed(refused.Refusal, PeerState.Untouched);
            case OperationCanceledException:
                return progress.Failed(new Refusal.InterruptedBefore(), PeerState.Untouched);
            case PrimaryMovedException first when rollout.GiveUp():
                StartAgain(first);
                return new NodeReport.LeftAlone(node);
            case PrimaryMovedException moved:
                // Other nodes already hold the files as they were before.
                return progress.Failed(new Refusal.PrimaryMoved(moved.Path), PeerState.Untouched);
            case PrimaryException:
                // The run reports this once, for all nodes.
                return new NodeReport.LeftAlone(node);
            default:
                // A defect of this program must be reported, and must not keep the other nodes waiting for this node's
                // turn.
                return progress.Failed(PeerFailure.Defect, exception.ToString(), PeerState.Untouched);
        }
    }

    private async Task<NodeReport> AfterTurnAsync(Exception exception, int index, Prepared prepared)
    {
        if (exception is not PeerException failure) return progress.Failed(PeerFailure.Defect, exception.ToString(), PeerState.Unknown);
        if (failure.State is not (PeerState.Unknown or PeerState.Confirmed)) return progress.Failed(failure);
        // The other nodes may be waiting for this node's vote, so it votes first. If the decision is to keep the change,
        // the coordinator finishes this node after the session.
        var decision = await Coordinator.FailedAsync(index);
        return decision.Keep ? progress.Failed(failure) : await ResolveAsync(failure, prepared);
    }

    private async Task<NodeReport> ResolveAsync(PeerException lost, Prepared prepared)
    {
        var lostAt = progress.Step;
        progress.Begin(PushStep.Resolve);
        try
        {
            // The peer itself may need this long to notice that the session was lost, and to undo.
            var seen = await new InDoubtResolution(transport, Open, request.Config, logins, exclude, prepared.Before, prepared.Desired)
                .ResolveAsync(request.Config.ConfirmTimeout + request.Config.ReloadTimeout);
            progress.GoBackTo(lostAt);
            if (seen.Reload is not { } served) return progress.Failed(lost.Failure, lost.Message, seen.State);
            progress.Note(new NodeNote.LostAtEnd(lost.Message));
            return new NodeReport.Updated(node, prepared.Changes, prepared.Test, served) { Services = seen.Services };
        }
        catch (PeerException exception)
        {
            return progress.Failed(exception);
        }
    }

    private PeerSession OpenFirst()
    {
        progress.Spend(TimedStep.Login);
        return Open(Settings with
        {
            AsksForHistory = LastPush is not null,
            AsksRoles = request.AsksRoles,
            Memory = Indexes is null ? null : new ScanMemory(Indexes, string.Join('\n', request.Config.ConfPaths.Prepend(node.ToString()))),
        });
    }

    private PeerSettings Settings => PeerSettings.Of(request.Config, request.Reload) with { ReadsContents = request.Contents };

    private PeerSession Open() => Open(Settings);

    private PeerSession Open(PeerSettings settings) => PeerSession.Open(
        transport, request.Sudo, request.DryRun ? ConversationMode.DryRun : ConversationMode.Push, request.Who,
        settings, request.Config.ConfPaths, exclude);

    // Closes the session in any case, so that the peer has removed the staged files before the run ends.
    private async Task CloseAsync(PeerSession session)
    {
        progress.Spend(TimedStep.Close);
        await session.CloseAsync();
        timeline.Add(node, session.Traffic);
        await session.DisposeAsync();
    }

    // The files were tested in place and undone at once. nginx was not reloaded, so the run goes on without this node, as
    // after any failed test.
    private static bool IsFailedTest(NodeReport report) =>
        report is NodeReport.Failed { Failure: { Kind: PeerFailure.Test, State: PeerState.Undone or PeerState.Untouched } };

    private sealed record Ended(NodeReport Report, bool HadTurn);
}
