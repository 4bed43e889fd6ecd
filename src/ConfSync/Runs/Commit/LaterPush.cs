using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Finds a push that another primary made to a node after a commit decision of this machine, and that this machine has never
/// had. The decision is older than that push, so it must not be finished over it.</summary>
/// <param name="request">How to log in.</param>
internal sealed class LaterPush(PushRequest request, Func<Node, ITransport> transportTo, IRunLog log)
{
    /// <param name="nodes">The nodes of the commit record to look at. One that cannot be reached tells nothing.</param>
    /// <returns>Where it is, and whose; null for none.</returns>
    public async Task<(Node Node, Refusal Objection)?> FindAsync(CommitRecord decision, IReadOnlyList<DecidedNode> nodes, CancellationToken cancellation)
    {
        var histories = await new HistoryRun(
            request.Config, [.. nodes.Select(node => node.Node)], int.MaxValue, request.Sudo, request.Who, transportTo).RunAsync(cancellation);
        var later = histories.Zip(nodes).SelectMany(pair => pair.First.Generations.Where(generation => IsLater(generation, decision, pair.Second, request.Who))
            .Select(generation => (pair.First.Node, Generation: generation))).ToList();
        if (later.Count == 0) return null;
        var memory = await RunMemory.ReadAsync(request.Config, request.Sudo, request.Who, log, cancellation);
        foreach (var (node, generation) in later)
        {
            if (memory.ObjectionTo(generation, request.Who) is { } objection) return (node, objection);
        }
        return null;
    }

    /// <summary>Whether a generation of a node is by another machine, later than a decision, and about the same files. Later is what
    /// either clock says, that of the node or that of the other machine, because clocks may differ.</summary>
    /// <param name="who">This machine and its user.</param>
    internal static bool IsLater(Generation generation, CommitRecord decision, DecidedNode node, string who) =>
        generation.Run?.Id != decision.Id && RunMemory.None.ObjectionTo(generation, who) is not null &&
        (generation.Time > decision.Time || generation.Run?.Began > decision.Time) &&
        (SnapshotDigest.IsOf(generation.Digest, SnapshotDigest.ScopeOf(decision.ConfPaths, decision.Exclude)) ||
            generation.Changes.Select(change => change.Path).Intersect(node.Changes.Select(change => change.Path)).Any());
}
