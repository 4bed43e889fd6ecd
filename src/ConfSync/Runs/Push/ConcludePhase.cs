using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>The third phase of a node's push: it waits for the commit decision, then confirms or undoes.</summary>
internal sealed class ConcludePhase(Node node, ICommitCoordinator coordinator, NodeProgress progress)
{
    /// <param name="verified">Called when nginx is seen to serve the change, so that other nodes need not wait for the
    /// confirmation.</param>
    /// <param name="interruption">Cancelled when the run is to end: the node undoes. It has no effect once the node has
    /// voted, because the commit decision then holds for all nodes.</param>
    /// <returns>The report of the node.</returns>
    /// <exception cref="PeerException">The change was neither confirmed nor undone, or the session was lost before that
    /// could be seen.</exception>
    public async Task<NodeReport> RunAsync(
        PeerSession session, Activated activated, int index, Action verified, CancellationToken interruption)
    {
        var prepared = activated.Prepared;
        if (activated.Warning is { } said) progress.Note(new NodeNote.Warning(said));
        if (prepared.Changes.IsEmpty) return new NodeReport.Unchanged(node, activated.Test.Words, activated.Reload) { Services = activated.Services };
        if (interruption.IsCancellationRequested) return await UndoAsync(session, Interrupted);
        if (activated.ChangedMeanwhile is { } changed)
        {
            return await UndoAsync(session, () => progress.Failed(new Refusal.ChangedWhileActivated(changed), PeerState.Undone));
        }
        verified();
        progress.Begin(PushStep.Agree);
        var decision = await session.StayUntilAsync(
            coordinator.VerifiedAsync(index, prepared.Changes, prepared.Desired), CancellationToken.None);
        if (!decision.Keep) return await UndoAsync(session, () => UndoneBy(decision));
        progress.Begin(PushStep.Confirm);
        var confirmation = await session.ConfirmAsync(CancellationToken.None);
        if (confirmation.Warning is { } warning) progress.Note(new NodeNote.Warning(warning));
        return new NodeReport.Updated(node, prepared.Changes, activated.Test, confirmation.Reload)
        {
            Services = prepared.Needs.Outcomes(confirmation.Services),
        };
    }

    private static async Task<NodeReport> UndoAsync(PeerSession session, Func<NodeReport> report)
    {
        await session.UndoAsync(CancellationToken.None);
        return report();
    }

    private NodeReport UndoneBy(CommitDecision decision) => decision.Reason is { } reason ? new NodeReport.Undone(node, reason) : Interrupted();

    private NodeReport.Failed Interrupted() =>
        progress.Failed(new Refusal.InterruptedAfter(), PeerState.Undone);
}
