using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What people read where this machine takes a node's configuration over. Pure but for the zone of this machine's clock; the
/// words of others are made safe to show.</summary>
internal static class AdoptText
{
    private const int MostPathsNamed = 50;

    /// <summary>Why nothing can be taken over from a node, and what to do.</summary>
    /// <param name="directory">Where the sources of what is the node's own are on this machine.</param>
    public static string Of(Node node, ImmutableArray<MadePath> made, string directory)
    {
        var paths = made.Take(MostPathsNamed).Select(path => $"    {PosixText.Printable(path.Path)} ({Of(path.From)})");
        var rest = made.Length > MostPathsNamed ? $"\n    and {made.Length - MostPathsNamed} more" : "";
        return $"nginx-sync: {node} holds these otherwise than this machine makes them for it, and they do not tell what they were made from:\n" +
            $"{string.Join('\n', paths)}{rest}\n" +
            $"  nginx-sync diff {node} shows in what they differ. Change here what they are made from, or bring {PosixText.Printable(directory)} and the configuration\n" +
            "  file over from the machine that pushed them, until they differ no more. Then call this again";
    }

    private static string Of(MadeFrom from) => from switch
    {
        MadeFrom.Template => "a template, see TEMPLATES",
        MadeFrom.OwnFile => "a file of this node's own",
        MadeFrom.PostSync => "POSTSYNC edits it",
        MadeFrom.Cluster => "made from cluster.conf",
        _ => throw new UnreachableException(),
    };

    /// <summary>What the node holds, whose it is, and what taking it over means beside the changes themselves.</summary>
    public static IEnumerable<ReportLine> Of(Node node, Adoption adoption)
    {
        yield return ReportLine.Star(adoption.Last is { } last ? $"{node} holds what {HistoryText.Who(last.Who)} left there at {HistoryText.Time(last.Time)}{RunOf(last)}" : $"No push has left anything on {node}");
        if (adoption.IsEditedThere) yield return ReportLine.Notice($"    and something was edited there since, which is taken over as well");
        if (adoption.Last is not null && !adoption.IsNew) yield return ReportLine.Plain("    which this machine has had");
        if (!adoption.Edits.IsEmpty)
        {
            yield return ReportLine.Notice($"edited here since, and taken away (nginx-sync adopt --undo brings it back): {RefusalText.Edited(adoption.Edits.Paths, adoption.Edits.IsComplete, ", ")}");
        }
        if (!adoption.Partial.IsEmpty)
        {
            yield return ReportLine.Notice($"run {string.Join(", run ", adoption.Partial)} of another configuration also left something outside of CONFPATHS: a push over that goes on being refused");
        }
    }

    private static string RunOf(Generation generation) => generation.Run is { } run ? $" (run {run.ShortId}{HistoryText.About(run)})" : "";

    /// <summary>What changes on this machine, and what became of it or would.</summary>
    /// <param name="style">How the lines that differ are shown; null where they are not.</param>
    public static IEnumerable<ReportLine> Of(NodeReport report, DiffStyle? style)
    {
        foreach (var line in Changes(report, style)) yield return line;
        if (TestOf(report) is { } test)
        {
            if (test.Words is { } words && NginxWarnings.Without(words) is { Length: > 0 } others) yield return ReportLine.Plain(PosixText.PrintableLines(others));
            if (test.NoView is { } reason) yield return ReportLine.Plain($"{report.Node} allows no private view, so that it is tested in place ({PosixText.Printable(reason)})");
        }
        foreach (var line in NginxWarnings.Lines([report])) yield return ReportLine.Plain(line);
        foreach (var note in report.Notes) yield return ReportLine.Notice($"{report.Node}: {NoteText.Of(note)}");
        foreach (var service in report.Down) yield return ReportLine.Error(ServiceText.Down(report, service));
        if (report is NodeReport.Failed failed) yield return ReportLine.Error(FailureText.Of(failed));
    }

    private static IEnumerable<ReportLine> Changes(NodeReport report, DiffStyle? style)
    {
        if (report is not NodeReport.WouldUpdate { Changes: var changes }) return [];
        var lines = style is null ? ChangeText.Lines(changes, all: true) : DiffText.OfPush(report.Differences, style).Prepend($"    {ChangeText.Count(changes)}");
        return lines.Select(ReportLine.Plain);
    }

    private static NodeTest? TestOf(NodeReport report) => report switch
    {
        NodeReport.WouldUpdate would => would.Test,
        _ => null,
    };

    /// <summary>The last line.</summary>
    /// <param name="from">The node; null for an undo.</param>
    public static ReportLine Verdict(NodeReport report, Node? from) => report switch
    {
        NodeReport.WouldUpdate => Good("Dry run: nothing was changed."),
        NodeReport.Updated when from is null => Good($"This machine has gone back{Served(report)}. What it had taken over counts as never had again."),
        NodeReport.Updated => Good($"This machine holds what {from} holds{Served(report)}. Nothing was pushed: the next push goes on from there. To undo: nginx-sync adopt --undo"),
        NodeReport.Unchanged when from is null => Good("This machine holds what it held before already. What it had taken over counts as never had again."),
        NodeReport.Unchanged => Good($"This machine holds already what {from} holds. The next push goes on from there."),
        _ => new ReportLine(LineKind.Failure, "Nothing was taken over."),
    };

    private static ReportLine Good(string text) => new(LineKind.Success, text);

    private static string Served(NodeReport report) => report.IsStopped
        ? $"; {string.Join(", ", report.Stopped)} is not running here"
        : ", and serves it";

    /// <summary>The files are here, and this machine could not remember where they are from.</summary>
    public static string NotRemembered(string words) => string.Create(
        CultureInfo.InvariantCulture,
        $"nginx-sync: this machine could not remember it, so that a push may be refused as before: {PosixText.PrintableLines(words)}\n  Mend that, and call this again");
}
