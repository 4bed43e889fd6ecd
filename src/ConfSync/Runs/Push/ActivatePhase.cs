using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What is live on a node and seen to work, and neither confirmed nor undone.</summary>
/// <param name="Test">Of the staged result, or in place.</param>
/// <param name="Warning">What the administrator should know all the same; null for nothing.</param>
/// <param name="ChangedMeanwhile">A path that another process changed meanwhile, so that it must be undone; null where none did.</param>
internal sealed record Activated(Prepared Prepared, ReloadOutcome Reload, NodeTest Test, string? Warning, string? ChangedMeanwhile);

/// <summary>The second phase of a node's way: its turn, then rename, reload, verify. Nobody interrupts it once its turn has
/// come, because what is live has to be proven or undone.</summary>
internal sealed class ActivatePhase(PushRequest request, ExcludeRules exclude, NodeProgress progress)
{
    /// <summary>Waits until the node may be activated.</summary>
    /// <returns>False where the run was stopped before.</returns>
    /// <exception cref="PrimaryException">The primary's own files could not be saved.</exception>
    public async Task<bool> WaitForTurnAsync(
        PeerSession session, Prepared prepared, Rollout rollout, int index, CancellationToken cancellation)
    {
        progress.Begin(PushStep.Wait);
        await session.StayUntilAsync(prepared.Desired.Saved, cancellation);
        // Nothing takes a reload of what is there already back: with all or none, it waits for those that can be undone.
        var last = request.Rollout.AllOrNone && prepared.Changes.IsEmpty;
        return await session.StayUntilAsync(rollout.TurnAsync(index, last), cancellation);
    }

    /// <param name="interruption">The run is to end: what is live need not be looked at any further.</param>
    /// <exception cref="PeerException">It is not live: the exception says what state the node is in.</exception>
    public Task<Activated> RunAsync(PeerSession session, Prepared prepared, CancellationToken interruption) =>
        prepared.Changes.IsEmpty ? ReloadAsync(session, prepared) : RenameAsync(session, prepared, interruption);

    private async Task<Activated> ReloadAsync(PeerSession session, Prepared prepared)
    {
        progress.Begin(PushStep.Reload);
        var activation = await session.ServeAsync(prepared.Desired.Digest, CancellationToken.None);
        return new Activated(prepared, activation.Reload, new NodeTest(activation.TestWords, null), activation.Warning, null);
    }

    private async Task<Activated> RenameAsync(PeerSession session, Prepared prepared, CancellationToken interruption)
    {
        progress.Begin(PushStep.Activate);
        var activation = await session.ActivateAsync(
            word => progress.Begin(word switch
            {
                "test" => PushStep.Test,
                "reload" => PushStep.Reload,
                "health" => PushStep.HealthCheck,
                _ => PushStep.Activate,
            }), CancellationToken.None);
        var test = prepared.Test with { Words = prepared.Test.Words ?? activation.TestWords };
        var changed = prepared.IsForeign && !interruption.IsCancellationRequested ? await ChangedMeanwhileAsync(session, prepared.Desired) : null;
        return new Activated(prepared, activation.Reload, test, activation.Warning, changed);
    }

    // What was renamed into a directory of another user may already be something else.
    private async Task<string?> ChangedMeanwhileAsync(PeerSession session, DesiredState desired)
    {
        var scan = await session.ScanAsync(CancellationToken.None);
        var (included, excluded) = exclude.Divide(scan.Paths, request.Config.ConfPaths);
        return ChangeSet.Between(desired.Snapshot, included, excluded).Changes is [var first, ..] ? first.Path : null;
    }
}
