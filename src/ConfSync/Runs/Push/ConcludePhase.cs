using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>The last phase of a node's way: agree, then confirm or undo.</summary>
internal sealed class ConcludePhase(Node node, ICommitCoordinator coordinator, NodeProgress progress)
{
    /// <param name="verified">Told when the node is seen to serve: the others need not wait until it is tidied up there.</param>
    /// <param name="interruption">The run is to end. Once the node's vote is given, the decision decides: what is decided
    /// for one is decided for all.</param>
    /// <exception cref="PeerException">What is live was neither confirmed nor undone, or is not known to be.</exception>
    public async Task<NodeReport> RunAsync(
        PeerSession session, Activated activated, int index, Action verified, CancellationToken interruption)
    {
        var prepared = activated.Prepared;
        if (activated.Warning is { } said) progress.Note(new NodeNote.Warning(said));
        if (prepared.Changes.IsEmpty) return new NodeReport.Unchanged(node, activated.Test.Words, activated.Reload);
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
        return new NodeReport.Updated(node, prepared.Changes, activated.Test, confirmation.Reload) { GoneOver = prepared.Desired.GoneOver };
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
