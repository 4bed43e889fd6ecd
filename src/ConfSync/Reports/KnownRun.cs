using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What nodes and the primary together know of one run.</summary>
/// <param name="Record">Null for a run of an older version, whose generations do not say which run made them.</param>
/// <param name="Who">The primary that made it and its user.</param>
/// <param name="Made">The generations that it made and that nodes keep, in the order of the nodes.</param>
/// <param name="Remembered">What the primary remembers of it; null for nothing.</param>
internal sealed record KnownRun(
    RunRecord? Record, string Who, DateTimeOffset? Began, ImmutableArray<(NodeHistory History, Generation Generation)> Made, RecordedRun? Remembered)
{
    /// <summary>The runs that a node keeps a generation of, and those after the first of them that failed everywhere; the last
    /// one first.</summary>
    /// <param name="reached">What the nodes keep that were asked.</param>
    /// <param name="recorded">What the primary remembers.</param>
    public static IReadOnlyList<KnownRun> Of(IReadOnlyList<NodeHistory> reached, ImmutableArray<RecordedRun> recorded)
    {
        var remembered = recorded.DistinctBy(run => run.Run.Id).ToDictionary(run => run.Run.Id, StringComparer.Ordinal);
        // One that an older version made is on each node a run of its own: nothing says which belong together.
        var kept = reached.SelectMany(history => history.Generations.Select(generation => (History: history, Generation: generation)))
            .GroupBy(made => made.Generation.Run?.Id ?? $"{made.History.Node}/{made.Generation.Number}")
            .Select(made => Of([.. made], remembered.GetValueOrDefault(made.Key))).ToList();
        var first = kept.Select(run => run.Began ?? DateTimeOffset.MinValue).DefaultIfEmpty(DateTimeOffset.MinValue).Min();
        var ids = kept.Select(run => run.Record?.Id).ToHashSet();
        // One that changed a node and is kept nowhere is older than what the nodes keep.
        var failed = remembered.Values.Where(run => !ids.Contains(run.Run.Id) && run.Run.Began >= first && run.Nodes.All(node => node.Outcome != NodeOutcome.Updated))
            .Select(run => new KnownRun(run.Run, run.Who, run.Run.Began, [], run));
        // Runs that began in the same second are told apart by the nodes' numbers.
        return
        [
            .. kept.Concat(failed).OrderByDescending(run => run.Began ?? DateTimeOffset.MinValue)
                .ThenByDescending(run => run.Made.Select(made => made.Generation.Number).DefaultIfEmpty().Max()),
        ];
    }

    private static KnownRun Of(ImmutableArray<(NodeHistory History, Generation Generation)> made, RecordedRun? remembered)
    {
        var first = made[0].Generation;
        return new KnownRun(first.Run, first.Who, first.Run?.Began ?? first.Time, made, remembered);
    }
}
