using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Makes this machine hold what was found on a node, or what it held before that: a push to this machine alone, through a local
/// shell, with the same transaction as on a peer. So what dies at any step leaves all of the old files or all of the new.</summary>
internal sealed class AdoptRun(AdoptRequest request, Timeline timeline)
{
    /// <summary>How the message of a run begins that took something over.</summary>
    public const string Mark = "adopt ";

    private readonly ExcludeRules exclude = PushRun.ExcludeRulesOf(request.Config);

    /// <param name="run">What this machine's history records of it.</param>
    /// <param name="dryRun">Everything up to the test, with the lines that differ; nothing changes.</param>
    /// <returns>The report of this machine.</returns>
    public Task<NodeReport> TakeAsync(Adoption adoption, RunRecord run, bool dryRun, CancellationToken cancellation) => RunAsync(
        RequestOf(run, dryRun), (_, scan) =>
        {
            // Only what was shown is taken away.
            var (now, _) = exclude.Divide(scan.Paths, request.Config.ConfPaths);
            if (ChangeSet.Between(adoption.Here, now, Snapshot.Empty).Changes is [var moved, ..]) throw new RefusedException(new Refusal.PrimaryMoved(moved.Path));
            return Task.FromResult(adoption.DesiredState(request.Config.Scope, run));
        }, cancellation);

    /// <summary>Puts this machine back to what it held before the last change of its files, which is an adoption.</summary>
    /// <param name="last">The generation that the adoption made.</param>
    /// <param name="force">Overwrite what was edited here since.</param>
    public Task<NodeReport> UndoAsync(Generation last, RunRecord run, bool force, bool dryRun, CancellationToken cancellation)
    {
        var push = RequestOf(run, dryRun);
        var rollback = new RollbackRequest(
            request.Config, push.Nodes, new RollbackTarget.Generation(last.Number - 1), force, dryRun, Reload: true, push.Rollout, request.Sudo, request.Who)
        {
            Run = run,
            Contents = dryRun,
        };
        return RunAsync(rollback.AsPush, async (session, scan) =>
        {
            // A peer's push may have come between.
            var newest = (await session.HistoryAsync(last.Number, changes: 0, cancellation)).LastOrDefault();
            if (newest?.Number != last.Number) throw new RefusedException(new Refusal.GenerationMissing(last.Number));
            return await new NodeRollback(rollback, 0, exclude, sameOnAll: null, runs: null, chosen: _ => { }).DesiredAsync(session, scan, cancellation);
        }, cancellation);
    }

    /// <summary>The last change of this machine's files if it is an adoption; null where it is another one, or there is none.</summary>
    /// <exception cref="PeerException">What this machine keeps cannot be read.</exception>
    public async Task<Generation?> LastAsync(CancellationToken cancellation) =>
        (await RunMemory.ReceivedAsync(request.Config, request.Sudo, request.Who, cancellation)).LastOrDefault() is { } last && IsAdoption(last) ? last : null;

    private bool IsAdoption(Generation generation) =>
        generation.RolledBackTo is null && generation.Run?.Message?.StartsWith(Mark, StringComparison.Ordinal) == true && RunMemory.AreOfOneMachine(generation.Who, request.Who);

    // OVERWRITE is about what a push takes away unseen.
    private PushRequest RequestOf(RunRecord run, bool dryRun) =>
        new(request.Config, [AdoptRequest.Here], dryRun, Reload: true, RolloutPolicy.AllAtOnce, request.Sudo, request.Who) { Run = run, Contents = dryRun };

    private async Task<NodeReport> RunAsync(PushRequest push, DesiredOf desiredOf, CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        return await new NodePush(push, AdoptRequest.Here, new LocalShell(), logins, exclude, _ => { }, timeline)
            .RunAsync(0, new Rollout(1, RolloutPolicy.AllAtOnce), desiredOf, cancellation);
    }
}
