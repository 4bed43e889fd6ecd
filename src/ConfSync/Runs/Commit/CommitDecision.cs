using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>The vote of one node on whether all nodes keep the change.</summary>
public enum Vote
{
    /// <summary>The node has not voted.</summary>
    Open,

    /// <summary>The change is active and verified on the node, or the node has nothing to change.</summary>
    For,

    /// <summary>The node failed, its session was lost, or it was never reached.</summary>
    Against,
}

/// <summary>Whether the nodes keep the change that is active on them.</summary>
/// <param name="Keep">True: the nodes keep it. False: they undo it.</param>
/// <param name="Reason">Why they undo it; null for an interruption, and when they keep it.</param>
public sealed record CommitDecision(bool Keep, UndoReason? Reason = null)
{
    public static CommitDecision Commit { get; } = new(true);

    /// <summary>The decision that follows from the votes. One vote against, and all nodes undo at once. All votes for, and
    /// all nodes keep the change.</summary>
    /// <returns>True to keep, false to undo, null while votes are missing.</returns>
    public static bool? Of(IReadOnlyCollection<Vote> votes) =>
        votes.Contains(Vote.Against) ? false : votes.All(vote => vote == Vote.For) ? true : null;
}

/// <summary>Says for each node whether it keeps the change that is active and verified there. Nodes are named by their
/// index in the run.</summary>
internal interface ICommitCoordinator
{
    /// <summary>Records that the change is active and verified on the node. Completes when the decision is made.</summary>
    Task<CommitDecision> VerifiedAsync(int node, ImmutableArray<Change> changes, DesiredState desired);

    /// <summary>Records that the node already holds the desired state, so that it has nothing to keep or undo.</summary>
    void NothingToKeep(int node);

    /// <summary>Records that the node failed. All nodes then undo, unless the decision to keep the change was made
    /// before.</summary>
    /// <returns>The decision that stands.</returns>
    Task<CommitDecision> FailedAsync(int node);

    /// <summary>Puts the change on a node that failed after the decision to keep it.</summary>
    /// <param name="failed">The report of that failure.</param>
    /// <returns>The report that replaces <paramref name="failed"/>.</returns>
    Task<NodeReport> FinishAsync(int node, NodeReport.Failed failed, CancellationToken cancellation);
}

/// <summary>Lets each node keep its change as soon as it is verified there, whatever becomes of the other nodes.</summary>
/// <param name="beforeFirst">Called once, before the first node is told to keep its change. Returns null, or why no node
/// may keep anything.</param>
internal sealed class IndependentCommits(Func<Task<UndoReason?>> beforeFirst) : ICommitCoordinator
{
    private readonly Lazy<Task<UndoReason?>> first = new(beforeFirst);

    public static IndependentCommits Always { get; } = new(() => Task.FromResult<UndoReason?>(null));

    public async Task<CommitDecision> VerifiedAsync(int node, ImmutableArray<Change> changes, DesiredState desired) =>
        await first.Value is { } problem ? new CommitDecision(false, problem) : CommitDecision.Commit;

    public void NothingToKeep(int node)
    {
    }

    public Task<CommitDecision> FailedAsync(int node) => Task.FromResult(new CommitDecision(false));

    public Task<NodeReport> FinishAsync(int node, NodeReport.Failed failed, CancellationToken cancellation) =>
        Task.FromResult<NodeReport>(failed);
}
