using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>The change is live on a node and nginx was seen to serve it. It is neither confirmed nor undone.</summary>
/// <param name="Test">The result of the test of the staged files, or of the test in place.</param>
/// <param name="Warning">What the administrator should know although it worked; null for nothing.</param>
/// <param name="ChangedMeanwhile">A path that another process changed during the activation, so that the node must undo;
/// null for none.</param>
internal sealed record Activated(Prepared Prepared, ReloadOutcome Reload, NodeTest Test, string? Warning, string? ChangedMeanwhile)
{
    /// <inheritdoc cref="NodeReport.Services"/>
    public ImmutableArray<ServiceOutcome> Services { get; init; } = [];
}

/// <summary>The second phase of a node's push: it waits for its turn, then renames, reloads and verifies. The phase cannot
/// be interrupted after the turn has come, because what is live has to be verified or undone.</summary>
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
        // A node that only needs a reload comes last with all or none, because nothing can undo a reload.
        var last = request.Rollout.AllOrNone && prepared.Changes.IsEmpty;
        return await session.StayUntilAsync(rollout.TurnAsync(index, last), cancellation);
    }

    /// <summary>Makes the staged change live, or only reloads nginx where nothing changes.</summary>
    /// <param name="interruption">Cancelled when the run is to end. The scan for changes by other processes is then left
    /// out.</param>
    /// <exception cref="PeerException">The change is not live. The exception says what state the node is in.</exception>
    public Task<Activated> RunAsync(PeerSession session, Prepared prepared, CancellationToken interruption) =>
        prepared.Changes.IsEmpty ? ReloadAsync(session, prepared) : RenameAsync(session, prepared, interruption);

    private async Task<Activated> ReloadAsync(PeerSession session, Prepared prepared)
    {
        progress.Begin(PushStep.Reload);
        var activation = await session.ServeAsync(prepared.Desired.Digest, prepared.Needs.Affected, CancellationToken.None);
        return new Activated(prepared, activation.Reload, new NodeTest(activation.TestWords, null), activation.Warning, null)
        {
            Services = prepared.Needs.Outcomes(activation.Services),
        };
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

    // Another user who may write to a directory can change a file as soon as it was renamed into place.
    private async Task<string?> ChangedMeanwhileAsync(PeerSession session, DesiredState desired)
    {
        var scan = await session.ScanAsync(CancellationToken.None);
        var (included, excluded) = exclude.Divide(scan.Paths, request.Config.ConfPaths);
        return ChangeSet.Between(desired.Snapshot, included, excluded).Changes is [var first, ..] ? first.Path : null;
    }
}
