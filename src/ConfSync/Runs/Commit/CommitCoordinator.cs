using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>A node on which the change is active and verified.</summary>
/// <param name="Desired">What this node is to hold. Another node may have to hold something else.</param>
internal sealed record VerifiedNode(Node Node, ImmutableArray<Change> Changes, DesiredState Desired);

/// <summary>
/// Makes the commit decision of a run for all nodes or none: collects the votes of the nodes, writes the commit record, and
/// only then tells the nodes to keep the change. This is two-phase commit with presumed abort: without a commit record,
/// every node undoes.
/// </summary>
/// <param name="nodes">All nodes of the run.</param>
/// <param name="record">Writes the commit record to the disk and synchronizes it. An exception means that all nodes
/// undo.</param>
/// <param name="finish">Puts the decided change on one node that failed after the decision.</param>
/// <param name="interruption">Cancelled when the run is to end. All nodes then undo, unless the decision to keep the change
/// was made before.</param>
internal sealed class CommitCoordinator(
    IReadOnlyList<Node> nodes, Func<IReadOnlyList<VerifiedNode>, Task<CommitRecord>> record,
    Func<CommitRecord, DecidedNode, NodeReport.Failed, CancellationToken, Task<NodeReport>> finish,
    CancellationToken interruption) : ICommitCoordinator
{
    private readonly Lock sync = new();
    private readonly Vote[] votes = new Vote[nodes.Count];
    private readonly VerifiedNode?[] verified = new VerifiedNode?[nodes.Count];
    private readonly TaskCompletionSource<CommitDecision> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    /// <summary>The commit record that was written; null if none was.</summary>
    public CommitRecord? Record { get; private set; }

    public Task<CommitDecision> VerifiedAsync(int node, ImmutableArray<Change> changes, DesiredState desired)
    {
        lock (sync)
        {
            verified[node] = new VerifiedNode(nodes[node], changes, desired);
        }
        return CastAsync(node, Vote.For);
    }

    public void NothingToKeep(int node) => _ = CastAsync(node, Vote.For);

    public Task<CommitDecision> FailedAsync(int node) => CastAsync(node, Vote.Against);

    /// <summary>Decides that all nodes undo because the run was interrupted. Does nothing once a decision is
    /// made.</summary>
    public void Interrupt() => Close(null);

    public Task<NodeReport> FinishAsync(int node, NodeReport.Failed failed, CancellationToken cancellation) =>
        finish(Record!, Record!.Nodes.First(decided => decided.Node == nodes[node]), failed, cancellation);

    private Task<CommitDecision> CastAsync(int node, Vote vote)
    {
        lock (sync)
        {
            votes[node] = vote;
            if (closed || CommitDecision.Of(votes) is not { } keep) return decision.Task;
            if (!keep || interruption.IsCancellationRequested)
            {
                Close(nodes[node]);
                return decision.Task;
            }
            closed = true;
        }
        _ = DecideAsync();
        return decision.Task;
    }

    private void Close(Node? opponent)
    {
        lock (sync)
        {
            if (closed) return;
            closed = true;
        }
        decision.SetResult(new CommitDecision(false, opponent is null || interruption.IsCancellationRequested ? null : new UndoReason.NodeFailed(opponent)));
    }

    private async Task DecideAsync()
    {
        try
        {
            var changed = verified.OfType<VerifiedNode>().ToList();
            if (changed.Count > 0) Record = await record(changed);
            decision.SetResult(CommitDecision.Commit);
        }
        catch (Exception exception)
        {
            decision.SetResult(new CommitDecision(false, new UndoReason.NotRecorded(exception.Message)));
        }
    }
}
