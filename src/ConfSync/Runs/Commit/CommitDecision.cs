using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>What a node says to keeping the change everywhere.</summary>
public enum Vote
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>It is active and verified there, or there is nothing to be kept.</summary>
    For,

    /// <summary>It failed, was lost, or was never reached.</summary>
    Against,
}

/// <summary>Whether nodes may keep what was activated.</summary>
/// <param name="Keep">Told to keep it; otherwise to undo it.</param>
/// <param name="Reason">Undo: why; null for an interruption.</param>
public sealed record CommitDecision(bool Keep, UndoReason? Reason = null)
{
    public static CommitDecision Commit { get; } = new(true);

    /// <summary>What follows from the votes: one against it and all undo, at once; all for it, and all keep it.</summary>
    /// <returns>Null while that is open.</returns>
    public static bool? Of(IReadOnlyCollection<Vote> votes) =>
        votes.Contains(Vote.Against) ? false : votes.All(vote => vote == Vote.For) ? true : null;
}

/// <summary>Asked before a node is told to keep what is active and verified there.</summary>
internal interface ICommitCoordinator
{
    /// <summary>The node is active and verified. Waits for the decision.</summary>
    Task<CommitDecision> VerifiedAsync(int node, ImmutableArray<Change> changes, DesiredState desired);

    /// <summary>The node holds everything already: there is nothing to be kept or undone.</summary>
    void NothingToKeep(int node);

    /// <summary>The node failed. Whoever waits is told to undo, unless it was decided before that all keep it.</summary>
    /// <returns>The decision that stands.</returns>
    Task<CommitDecision> FailedAsync(int node);

    /// <summary>Brings a node on that failed although it was decided that it keeps the change.</summary>
    /// <param name="failed">How it failed.</param>
    Task<NodeReport> FinishAsync(int node, NodeReport.Failed failed, CancellationToken cancellation);
}

/// <summary>Every node for itself: what is verified is kept.</summary>
/// <param name="beforeFirst">Done once, before the first node is told to keep its change. Gives what went wrong, and then
/// no node keeps anything; or null.</param>
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
