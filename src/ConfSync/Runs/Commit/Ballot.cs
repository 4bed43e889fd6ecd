using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;

namespace ConfSync.Runs;

/// <summary>A node on which the change is active and verified.</summary>
/// <param name="Desired">What it is to hold; another node may have to hold something else.</param>
internal sealed record VerifiedNode(NodeAddress Node, ImmutableArray<Change> Changes, DesiredState Desired);

/// <summary>
/// All nodes or none: collects the votes, has the decision recorded, and only then lets anybody keep anything. Two-phase
/// commit with presumed abort: what is not recorded was never decided, and undoes itself.
/// </summary>
/// <param name="nodes">All of the run.</param>
/// <param name="record">Writes the decision, so that it outlives this process and a loss of power.</param>
/// <param name="bringOn">Finishes it on one node, whatever became of that since.</param>
/// <param name="interruption">Nobody keeps anything, unless that was decided before.</param>
internal sealed class Ballot(
    IReadOnlyList<NodeAddress> nodes, Func<IReadOnlyList<VerifiedNode>, Task<Decision>> record,
    Func<Decision, DecidedNode, NodeReport.Failed, CancellationToken, Task<NodeReport>> bringOn,
    CancellationToken interruption) : IConsent
{
    private readonly Lock sync = new();
    private readonly Vote[] votes = new Vote[nodes.Count];
    private readonly VerifiedNode?[] verified = new VerifiedNode?[nodes.Count];
    private readonly TaskCompletionSource<Verdict> verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    /// <summary>What is recorded; null if nothing is.</summary>
    public Decision? Decision { get; private set; }

    public Task<Verdict> VerifiedAsync(int node, ImmutableArray<Change> changes, DesiredState desired)
    {
        lock (sync)
        {
            verified[node] = new VerifiedNode(nodes[node], changes, desired);
        }
        return CastAsync(node, Vote.For);
    }

    public void NothingToKeep(int node) => _ = CastAsync(node, Vote.For);

    public Task<Verdict> FailedAsync(int node) => CastAsync(node, Vote.Against);

    /// <summary>Tells whoever waits that the run was interrupted.</summary>
    public void Interrupt() => Close(null);

    public Task<NodeReport> BringOnAsync(int node, NodeReport.Failed failed, CancellationToken cancellation) =>
        bringOn(Decision!, Decision!.Nodes.First(decided => decided.Node == nodes[node]), failed, cancellation);

    private Task<Verdict> CastAsync(int node, Vote vote)
    {
        lock (sync)
        {
            votes[node] = vote;
            if (closed || Verdict.Of(votes) is not { } keep) return verdict.Task;
            if (!keep || interruption.IsCancellationRequested)
            {
                Close(nodes[node]);
                return verdict.Task;
            }
            closed = true;
        }
        _ = DecideAsync();
        return verdict.Task;
    }

    private void Close(NodeAddress? opponent)
    {
        lock (sync)
        {
            if (closed) return;
            closed = true;
        }
        verdict.SetResult(new Verdict(false, opponent is null || interruption.IsCancellationRequested ? null : new UndoReason.NodeFailed(opponent)));
    }

    private async Task DecideAsync()
    {
        try
        {
            var changed = verified.OfType<VerifiedNode>().ToList();
            if (changed.Count > 0) Decision = await record(changed);
            verdict.SetResult(Verdict.ToKeep);
        }
        catch (Exception exception)
        {
            verdict.SetResult(new Verdict(false, new UndoReason.NotRecorded(exception.Message)));
        }
    }
}
