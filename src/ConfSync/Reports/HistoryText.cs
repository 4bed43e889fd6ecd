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

    private static IEnumerable<ReportLine> OfGeneration(NodeHistory history, Generation generation)
    {
        yield return ReportLine.Plain(
            $"{generation.Number,5}  {Time(generation.Time)}  {Who(generation.Who)}  {What(generation)}{IfServed(history, generation)}");
        if (generation.Run is { } run) yield return ReportLine.Plain($"       run {run.ShortId}{About(run)}");
        foreach (var line in Paths(generation)) yield return line;
    }

    public static IEnumerable<ReportLine> Paths(Generation generation)
    {
        if (generation.Count is not { } changed) yield break;
        foreach (var change in generation.Changes) yield return ReportLine.Plain($"         {ChangeText.Of(change)}");
        if (changed > generation.Changes.Length)
        {
            yield return ReportLine.Plain($"         and {changed - generation.Changes.Length} more (-r names them)");
        }
    }

    public static string What(Generation generation)
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

    public static string IfServed(NodeHistory history, Generation generation) => IsServed(history, generation) ? ", served now" : "";

    /// <summary>Which run, or which generation where its run is not recorded; by whom, when, and what was said of it.</summary>
    public static string Named(Generation generation) =>
        $"{RunOf(generation)} by {Who(generation.Who)}, " +
        $"{string.Join(", ", AboutParts(generation.Run).Prepend(Time(generation.Run?.Began ?? generation.Time)))}";

    /// <summary>Which run made it, or which generation it is where its run is not recorded.</summary>
    public static string RunOf(Generation generation) =>
        generation.Run is { } run ? $"run {run.ShortId}" : FormattableString.Invariant($"generation {generation.Number}");

    public static string About(RunRecord? run) => string.Concat(AboutParts(run).Select(part => $"  {part}"));

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

    public static string Time(DateTimeOffset? time) => time is { } known ? LocalTime.Format(known) : "at a time that was not recorded";

    public static string Who(string who) => who.Length > 0 ? PosixText.Printable(who) : "a user that was not recorded";

    public static IEnumerable<ReportLine> Unfinished(NodeHistory history) => history.Unfinished is { } unfinished
        ? [ReportLine.Error($"nginx-sync: {history.Node}: {PosixText.Printable(unfinished)}")] : [];

    public static ReportLine NotAsked(NodeHistory history) =>
        ReportLine.Error($"nginx-sync: {history.Node} could not be asked ({MessageCodes.Of(history.Failure!)}):\n{PosixText.PrintableLines(history.Failure!.Words, "    ")}");
}
