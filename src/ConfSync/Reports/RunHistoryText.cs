using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>The runs that nodes keep generations of and that the primary remembers, for people: newest first. Pure but for
/// the zone of this machine's clock; the words of others are made safe to show.</summary>
internal static class RunHistoryText
{
    /// <summary>A block for each run, with what it changed on which node and what became of the other nodes.</summary>
    /// <param name="recorded">The runs that the primary remembers, the oldest one first.</param>
    /// <param name="paths">Name every path that was asked for.</param>
    public static IEnumerable<ReportLine> Of(IReadOnlyList<NodeHistory> histories, ImmutableArray<RecordedRun> recorded, bool paths)
    {
        foreach (var history in histories.Where(history => history.Failure is not null)) yield return HistoryText.NotAsked(history);
        foreach (var history in histories.Where(history => history.SameAs is not null)) yield return OtherName(history);
        var reached = histories.Where(history => history is { Failure: null, SameAs: null }).ToList();
        if (reached.Count == 0) yield break;
        yield return ReportLine.Star($"Runs on {string.Join(' ', reached.Select(history => history.Node))}, the last one first:");
        foreach (var line in reached.SelectMany(HistoryText.Unfinished)) yield return line;
        var runs = KnownRun.Of(reached, recorded);
        if (runs.Count == 0) yield return ReportLine.Plain("    none: no push has changed anything there, or none is kept any more");
        foreach (var line in runs.SelectMany(run => OfRun(run, histories, paths))) yield return line;
        yield return ReportLine.Plain("");
    }

    private static IEnumerable<ReportLine> OfRun(KnownRun run, IReadOnlyList<NodeHistory> histories, bool paths)
    {
        var named = run.Record is { } record ? $"run {record.ShortId}" : "a run that was not recorded";
        yield return ReportLine.Plain($"  {named}  {HistoryText.Time(run.Began)}  {HistoryText.Who(run.Who)}{HistoryText.About(run.Record)}");
        foreach (var (history, generation) in run.Made)
        {
            yield return ReportLine.Plain(
                $"    {history.Node}: generation {generation.Number}, {HistoryText.What(generation)}{HistoryText.IfServed(history, generation)}");
            if (!paths) continue;
            foreach (var line in HistoryText.Paths(generation)) yield return line;
        }
        if (run.Record is null) yield break;
        var others = histories.Where(history => history.SameAs is null && run.Made.All(made => made.History.Node != history.Node)).ToList();
        foreach (var line in run.Remembered is { } remembered ? Others(remembered, run, others) : Unremembered(others)) yield return line;
    }

    // Without a record, one that was not asked may have been changed.
    private static IEnumerable<ReportLine> Unremembered(IEnumerable<NodeHistory> others)
    {
        var nodes = others.Where(history => history.Failure is null).Select(history => history.Node).ToList();
        if (nodes.Count > 0) yield return ReportLine.Plain($"    changed nothing on {string.Join(' ', nodes)}");
    }

    private static IEnumerable<ReportLine> Others(RecordedRun remembered, KnownRun run, List<NodeHistory> others)
    {
        var asked = others.Where(history => history.Failure is null).Select(history => history.Node.ToString()).ToHashSet(StringComparer.Ordinal);
        var made = run.Made.Select(one => one.History.Node.ToString()).ToHashSet(StringComparer.Ordinal);
        var words = remembered.Nodes.Where(node => !made.Contains(node.Node)).Select(node => (node.Node, Became: Became(node.Outcome, asked.Contains(node.Node))));
        var absent = others.Select(history => history.Node.ToString()).Except(remembered.Nodes.Select(node => node.Node))
            .Select(node => (Node: node, Became: "not part of it"));
        return words.Concat(absent).GroupBy(one => one.Became)
            .Select(group => ReportLine.Plain($"    {group.Key}: {string.Join(' ', group.Select(one => PosixText.Printable(one.Node)))}"));
    }

    private static string Became(NodeOutcome outcome, bool isAsked) => outcome switch
    {
        NodeOutcome.Updated => isAsked ? "updated, and the generation is kept no more" : "updated",
        NodeOutcome.Unchanged => "already up to date",
        NodeOutcome.LeftAlone => "left as it was, since the run stopped before",
        NodeOutcome.NotOfRun => "left as it was",
        NodeOutcome.Undone => "undone, since another node failed",
        NodeOutcome.NotReached => "not reached",
        NodeOutcome.Rejected => "failed, nothing was changed there",
        NodeOutcome.Failed => "failed after its files had changed",
        NodeOutcome.Unknown => "failed, and what it held was not seen",
        NodeOutcome.InDoubt => "in doubt: not seen to keep the change that all were to keep",
        NodeOutcome.NotTold => "the run has not told its end (it is at work, or was cut off), and changed nothing there that the node keeps",
        NodeOutcome.WouldUpdate => throw new UnreachableException("a dry run is not recorded"),
        _ => throw new UnreachableException(),
    };

    private static ReportLine OtherName(NodeHistory history) => ReportLine.Error(
        $"nginx-sync: warning: {history.Node} is the same machine as {history.SameAs}, whose generations are shown: remove one of them from NODES");
}
