using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>The result of the first phase of a node's push.</summary>
internal abstract record Preparation;

/// <summary>The node holds the desired Snapshot, and nothing is to be done.</summary>
/// <param name="Reload">The reload outcome; null where nginx is known to serve it.</param>
internal sealed record UpToDate(ReloadOutcome? Reload) : Preparation
{
    /// <inheritdoc cref="NodeReport.Services"/>
    public ImmutableArray<ServiceOutcome> Services { get; init; } = [];
}

/// <summary>The change is staged and tested, so the node may be activated.</summary>
/// <param name="Before">What the node holds, without what EXCLUDE takes out.</param>
/// <param name="Changes">The changes; empty if only a reload is missing.</param>
/// <param name="IsForeign">Another user may write to directories on the node that this push works in.</param>
/// <param name="Needs">What is to be done with its services, as they were when the node was scanned.</param>
internal sealed record Prepared(
    DesiredState Desired, Snapshot Before, ImmutableArray<Change> Changes, NodeTest Test, bool IsForeign, ServiceNeeds Needs) : Preparation;

/// <summary>The first phase of a node's push: scan, plan, stage, test. Nothing live changes, so a session that is lost here
/// leaves the node as it was.</summary>
/// <param name="machine">Null where this run has checked before that no two nodes are one machine.</param>
internal sealed class PreparePhase(PushRequest request, ExcludeRules exclude, NodeMachine? machine, NodeProgress progress)
{
    /// <summary>Receives the scan of the node, excluded paths included.</summary>
    public Action<Snapshot> Scanned { get; init; } = _ => { };

    /// <summary>Looks at what the last push left; null where that does not matter, because a decision or a roll-back is what is
    /// wanted.</summary>
    public LastPush? LastPush { get; init; }

    /// <summary>Receives which addresses the node has, where it was asked.</summary>
    public Action<MachineRoles> Told { get; init; } = _ => { };

    /// <summary>Says why no node of the run may be staged, once all nodes have told their addresses; null where nodes hold none.</summary>
    public Func<Task<Refusal?>>? HoldersObjection { get; init; }

    /// <exception cref="PeerException">The peer refused the change, or the session failed.</exception>
    /// <exception cref="RefusedException">This program refuses the change.</exception>
    public async Task<Preparation> RunAsync(PeerSession session, DesiredOf desiredOf, CancellationToken cancellation)
    {
        progress.Begin(PushStep.Scan);
        var (facts, scan) = await session.BeginAsync(cancellation);
        Scanned(scan.Paths);
        if (facts.Roles is { } roles) Told(roles);
        if (facts.NotOurs is { } other) progress.Note(new NodeNote.OtherNginx(other));
        if (facts.Recovered is { } recovered) progress.Note(new NodeNote.Recovered(recovered));
        if (scan.Moved is { } moved) progress.Rescanned(moved);
        progress.Spend(TimedStep.WaitForLogins);
        if (machine is not null && await session.StayUntilAsync(machine.ObjectionAsync(), cancellation) is { } objection)
        {
            throw new RefusedException(objection);
        }
        if (facts.Roles is not null && HoldersObjection is not null && await session.StayUntilAsync(HoldersObjection(), cancellation) is { } holders)
        {
            throw new RefusedException(holders);
        }
        progress.Spend(TimedStep.WaitForPrimary);
        var desired = await session.StayUntilAsync(desiredOf(session, scan), cancellation);
        progress.Begin(PushStep.Stage);
        if (facts.Unfinished is { } unfinished && request.DryRun) throw new RefusedException(new Refusal.Remains(unfinished));
        var (before, excluded) = exclude.Divide(scan.Paths, request.Config.ConfPaths);
        var changeSet = ChangeSet.Between(desired.Snapshot, before, excluded);
        progress.HoldsOther = !changeSet.IsEmpty;
        if (!changeSet.Conflicts.IsEmpty) throw new RefusedException(new Refusal.Conflicts(changeSet.Conflicts));
        if (DeletionRule.Find(changeSet.Changes, before, request.Config.ConfPaths, request.Config.MaxDelete) is { } excess)
        {
            throw new RefusedException(new Refusal.TooManyDeletions(excess));
        }
        progress.Desired = desired;
        if (desired is { IsEdited: true, BackTo: { } target }) progress.Note(new NodeNote.NotAsLeft(target.Number, target.Run?.ShortId));
        var needs = ServiceNeeds.Of(request.Config, facts, changeSet.Changes, before, desired);
        if (changeSet.IsEmpty) return WithoutChanges(new Prepared(desired, before, [], NodeTest.None, IsForeign: false, needs));
        if (LastPush is not null && await LastPush.CheckAsync(session, facts.Generations, before, changeSet.Changes, cancellation) is { IsEmpty: false } edits)
        {
            progress.Note(new NodeNote.EditedByHand(edits.Paths, edits.IsComplete));
        }
        var plan = StagingPlan.From(changeSet, scan.Paths, scan.Ancestors, desired.Ancestors);
        var foreign = ForeignIn(plan, facts, scan);
        if (!foreign.IsEmpty && !request.Config.AllowForeignDirectories) throw new RefusedException(new Refusal.ForeignDirectories(foreign));
        if (request.Contents) progress.Differences = await DiffAsync(session, changeSet.Changes, desired, scan, cancellation);
        var held = facts.Served.IsEmpty ? null : SnapshotDigest.Of(before, request.Config.Scope);
        var test = await StageAsync(session, plan, changeSet.Changes, desired, facts.Served.FirstOrDefault(digest => digest == held), needs, cancellation);
        return new Prepared(desired, before, changeSet.Changes, test, !foreign.IsEmpty, needs);
    }

    // Shows and hides the same contents as a comparison does.
    private async Task<ImmutableArray<ComparedEntry>> DiffAsync(
        PeerSession session, ImmutableArray<Change> changes, DesiredState desired, Scan scan, CancellationToken cancellation)
    {
        var closed = Secrets.Closed([.. desired.Snapshot.Entries, .. desired.Ancestors, .. scan.Paths.Entries, .. scan.Ancestors]);
        return await new ContentReader(request.Config, new Secrets(request.Config)).DiffAsync(
            [.. changes.Select(ComparedEntry.Of)], desired, closed.ToHashSet(StringComparer.Ordinal),
            files => session.StayUntilAsync(LoadToShowAsync(files), cancellation),
            (files, received) => session.ReadAsync(files, received, cancellation));

        async Task<bool> LoadToShowAsync(IEnumerable<Entry> files)
        {
            await desired.Contents.LoadToShowAsync(files, cancellation);
            return true;
        }
    }

    private Preparation WithoutChanges(Prepared reload)
    {
        var needs = reload.Needs;
        if (needs.IsNone) return UpToDate(null);
        if (!request.DryRun && request.Reload) return reload;
        progress.Note(new NodeNote.NotKnownToServe());
        return UpToDate(ReloadOutcome.NotReloaded);

        UpToDate UpToDate(ReloadOutcome? outcome) =>
            new(needs.SomeStopped ? ReloadOutcome.NotRunning : outcome) { Services = needs.Outcomes([]) };
    }

    private async Task<NodeTest> StageAsync(
        PeerSession session, StagingPlan plan, ImmutableArray<Change> changes, DesiredState desired, string? known, ServiceNeeds needs,
        CancellationToken cancellation)
    {
        await session.StayUntilAsync(LoadAsync(), cancellation);
        var staging = new Staging(plan, changes, desired.Digest, desired.Contents.Of)
        {
            RetainedCopyOf = desired.Contents.RetainedCopyOf,
            RollbackTo = desired.RollbackTo,
            Known = known,
            Services = needs.Affected,
            Run = desired.Run,
        };
        var test = await session.StageAndTestAsync(staging, () => progress.Begin(PushStep.Test), cancellation);
        if (test.Passed) return new NodeTest(test.Words, null);
        if (!request.Config.RequireStagedTest) return new NodeTest(null, test.Words);
        throw new RefusedException(new Refusal.NoView(test.Words));

        // With all or none, loads all changed files: the commit record must hold everything that a later run may need to
        // finish it.
        async Task<bool> LoadAsync()
        {
            await desired.Contents.LoadAsync(
                changes.Where(change => change.NeedsContent || (request.Rollout.AllOrNone && change.After is { Kind: EntryKind.File }))
                    .Select(change => change.After!), cancellation);
            return true;
        }
    }

    private ImmutableArray<Entry> ForeignIn(StagingPlan plan, PeerFacts facts, Scan scan)
    {
        var directories = new ForeignDirectories(facts.Logins.Add(0));
        var tops = request.Config.ConfPaths.Select(path => scan.Paths[path]).OfType<Entry>();
        return ForeignDirectories.Distinct(
            directories.AmongAncestors([.. scan.Ancestors, .. scan.Beyond], tops).Concat(directories.Within(plan.DirectoriesIn(scan.Paths))));
    }
}
