using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Platform;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What nodes keep, for people: newest first. Pure but for the zone of this machine's clock; the words of others are
/// made safe to show.</summary>
internal static class HistoryText
{
    private const int CommitShown = 12;

    /// <summary>What one node keeps, a line for each of its generations.</summary>
    public static IEnumerable<ReportLine> OfNode(NodeHistory history)
    {
        if (history.Failure is not null) return [NotAsked(history)];
        return
        [
            ReportLine.Star($"Generations on {history.Node}, the last one first:"),
            .. Unfinished(history),
            .. history.Generations.IsEmpty ? [ReportLine.Plain("    none: no push has changed anything there, or none is kept any more")] : Array.Empty<ReportLine>(),
            .. history.Generations.Reverse().SelectMany(generation => OfGeneration(history, generation)),
            ReportLine.Plain(""),
        ];
    }

    /// <summary>The runs that nodes keep generations of: a block for each, with what it changed on which node.</summary>
    /// <param name="paths">Name every path that was asked for.</param>
    public static IEnumerable<ReportLine> OfRuns(IReadOnlyList<NodeHistory> histories, bool paths)
    {
        foreach (var history in histories.Where(history => history.Failure is not null)) yield return NotAsked(history);
        foreach (var history in histories.Where(history => history.SameAs is not null)) yield return OtherName(history);
        var reached = histories.Where(history => history is { Failure: null, SameAs: null }).ToList();
        if (reached.Count == 0) yield break;
        yield return ReportLine.Star($"Runs on {string.Join(' ', reached.Select(history => history.Node))}, the last one first:");
        foreach (var line in reached.SelectMany(Unfinished)) yield return line;
        // One that an older version made is on each node a run of its own: nothing says which belong together.
        var runs = reached.SelectMany(history => history.Generations.Select(generation => (History: history, Generation: generation)))
            .GroupBy(made => made.Generation.Run?.Id ?? $"{made.History.Node}/{made.Generation.Number}")
            .OrderByDescending(run => run.Max(made => made.Generation.Run?.Began ?? made.Generation.Time ?? DateTimeOffset.MinValue)).ToList();
        if (runs.Count == 0) yield return ReportLine.Plain("    none: no push has changed anything there, or none is kept any more");
        foreach (var run in runs)
        {
            foreach (var line in OfRun([.. run], reached, paths)) yield return line;
        }
        yield return ReportLine.Plain("");
    }

    private static IEnumerable<ReportLine> OfRun(
        IReadOnlyList<(NodeHistory History, Generation Generation)> made, List<NodeHistory> reached, bool paths)
    {
        var first = made[0].Generation;
        var began = first.Run?.Began ?? first.Time;
        var named = first.Run is { } run ? $"run {run.ShortId}" : "a run that was not recorded";
        yield return ReportLine.Plain($"  {named}  {Time(began)}  {Who(first)}{About(first.Run)}");
        foreach (var (history, generation) in made)
        {
            yield return ReportLine.Plain($"    {history.Node}: generation {generation.Number}, {What(generation)}{IfServed(history, generation)}");
            if (!paths) continue;
            foreach (var line in Paths(generation)) yield return line;
        }
        var others = reached.Select(history => history.Node).Except(made.Select(one => one.History.Node)).ToList();
        if (first.Run is not null && others.Count > 0) yield return ReportLine.Plain($"    changed nothing on {string.Join(' ', others)}");
    }

    private static IEnumerable<ReportLine> OfGeneration(NodeHistory history, Generation generation)
    {
        yield return ReportLine.Plain(
            $"{generation.Number,5}  {Time(generation.Time)}  {Who(generation)}  {What(generation)}{IfServed(history, generation)}");
        if (generation.Run is { } run) yield return ReportLine.Plain($"       run {run.ShortId}{About(run)}");
        foreach (var line in Paths(generation)) yield return line;
    }

    private static IEnumerable<ReportLine> Paths(Generation generation)
    {
        if (generation.Count is not { } changed) yield break;
        foreach (var change in generation.Changes) yield return ReportLine.Plain($"         {ChangeText.Of(change)}");
        if (changed > generation.Changes.Length)
        {
            yield return ReportLine.Plain($"         and {changed - generation.Changes.Length} more (-r names them)");
        }
    }

    private static string What(Generation generation)
    {
        var what = generation.Count switch
        {
            null or 0 => "what it changed was not recorded",
            1 => "1 path",
            var count => $"{count} paths",
        };
        return generation.RolledBackTo is { } to ? $"{what}, back to {to}" : what;
    }

    /// <summary>nginx serves there what this generation made. The same state may have been there more than once: now it is the
    /// last one.</summary>
    public static bool IsServed(NodeHistory history, Generation generation) =>
        history.Served.Contains(generation.Digest) && generation == Generation.LastWith(history.Generations, generation.Digest);


    private static string IfServed(NodeHistory history, Generation generation) => IsServed(history, generation) ? ", served now" : "";

    /// <summary>Which run, or which generation where its run is not recorded; by whom, when, and what was said of it.</summary>
    public static string Named(Generation generation) =>
        $"{(generation.Run is { } run ? $"run {run.ShortId}" : FormattableString.Invariant($"generation {generation.Number}"))} by {Who(generation)}, " +
        $"{string.Join(", ", AboutParts(generation.Run).Prepend(Time(generation.Run?.Began ?? generation.Time)))}";

    private static string About(RunRecord? run) => string.Concat(AboutParts(run).Select(part => $"  {part}"));

    private static IEnumerable<string> AboutParts(RunRecord? run)
    {
        if (run?.Message is { } text) yield return $"\"{PosixText.Printable(text)}\"";
        if (run?.Revision is { } revision) yield return $"commit {PosixText.Printable(Shortened(revision))}";
    }

    private static string Shortened(string revision) => revision.Split(' ', 2) switch
    {
        [var commit, var more] => $"{commit[..Math.Min(CommitShown, commit.Length)]} {more}",
        [var commit] => commit[..Math.Min(CommitShown, commit.Length)],
        _ => revision,
    };

    private static string Time(DateTimeOffset? time) => time is { } known ? LocalTime.Format(known) : "at a time that was not recorded";

    private static string Who(Generation generation) => generation.Who.Length > 0 ? PosixText.Printable(generation.Who) : "a user that was not recorded";

    private static IEnumerable<ReportLine> Unfinished(NodeHistory history) => history.Unfinished is { } unfinished
        ? [ReportLine.Error($"nginx-sync: {history.Node}: {PosixText.Printable(unfinished)}")] : [];

    private static ReportLine OtherName(NodeHistory history) => ReportLine.Error(
        $"nginx-sync: warning: {history.Node} is the same machine as {history.SameAs}, whose generations are shown: remove one of them from NODES");

    private static ReportLine NotAsked(NodeHistory history) =>
        ReportLine.Error($"nginx-sync: {history.Node} could not be asked:\n{PosixText.PrintableLines(history.Failure!, "    ")}");
}
