using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Cli;

/// <summary>What people read. Pure: from values to text; whatever came from elsewhere is made safe to show.</summary>
internal static class Texts
{
    public static string Shown(string text) => PosixText.Printable(text);

    /// <summary>Somebody's words of several lines, each made safe, behind <paramref name="indent"/>.</summary>
    public static string ShownLines(string text, string indent = "") => PosixText.PrintableLines(text, indent);

    /// <summary>The note about files that nginx reads here and that do not travel; nothing where there are none.</summary>
    public static IEnumerable<string> Of(OutsideFiles outside, bool all)
    {
        const int Few = 3;
        if (outside.Count == 0) yield break;
        var named = string.Join(' ', outside.Some.Take(Few).Select(Shown));
        var more = outside.Count > Few ? all ? " …" : " … (all with -r)" : "";
        yield return $"nginx here also reads {outside.Count} {(outside.Count == 1 ? "file" : "files")} outside CONFPATHS, "
            + $"which stay as they are on the nodes: {named}{more}";
        if (!all) yield break;
        foreach (var file in outside.Some) yield return $"    {Shown(file)}";
        if (outside.Count > outside.Some.Count) yield return $"    and {outside.Count - outside.Some.Count} more";
    }

    /// <summary>A path that a push changes, as one line.</summary>
    public static string Of(Change change) => change.Kind switch
    {
        ChangeKind.Create => $"create  {Shown(change.Path)}",
        ChangeKind.Delete => $"delete  {Shown(change.Path)}",
        ChangeKind.Attributes => $"mode    {Shown(change.Path)} ({Attributes(change.Before!)} to {Attributes(change.After!)})",
        _ when change.NeedsContent || change.Before!.Kind != change.After!.Kind || change.After.Target != change.Before.Target =>
            $"replace {Shown(change.Path)}",
        _ => $"mode    {Shown(change.Path)} ({Attributes(change.Before!)} to {Attributes(change.After!)})",
    };

    /// <summary>A decision that is not finished, for a run that does not finish it.</summary>
    public static string Pending(Decision decision) =>
        $"nginx-sync: warning: the push to all or none of {LocalTime.Format(decision.Time)} by {Shown(decision.Who)} is not " +
        $"finished on {string.Join(' ', decision.Nodes.Select(node => node.Node))}: run nginx-sync -f {Shown(decision.ConfigPath)} settle";

    /// <summary>A decision that was carried out, and whose record could not be brought up to date.</summary>
    public static string NotUpdated(string words) =>
        $"nginx-sync: warning: {DecisionShell.Path} could not be brought up to date, so that this push will be finished once more: " +
        ShownLines(words);

    /// <summary>Which nodes a run failed on, and what the others were left with; null where nothing failed.</summary>
    public static string? Summary(IReadOnlyList<NodeReport> reports)
    {
        if (reports.All(report => report.IsGood)) return null;
        var failed = Names(report => report is NodeReport.Rejected or NodeReport.Unknown);
        var undone = Names(report => report is NodeReport.Undone);
        var left = Names(report => report is NodeReport.LeftAlone);
        var unsettled = Names(report => report is NodeReport.Unsettled);
        var count = reports.Count(report => report is NodeReport.Failed);
        List<string> parts =
        [
            $"nginx-sync: {count} of {reports.Count} nodes failed{(count > 0 ? $": {failed}{(failed.Length > 0 && unsettled.Length > 0 ? " " : "")}{unsettled}" : "")}",
        ];
        if (undone.Length > 0) parts.Add($"undone: {undone}");
        if (left.Length > 0) parts.Add($"left as they were: {left}");
        var summary = string.Join("; ", parts);
        if (unsettled.Length == 0) return summary;
        var settled = Names(report => report.IsGood);
        return $"{summary}\n!!! ALL HAD AGREED, AND NOT ALL HOLD IT: not known to hold and serve the new configuration: {unsettled}" +
            (settled.Length > 0 ? $"; they do: {settled}" : "") +
            "\n  It is recorded on this machine. Run nginx-sync settle, or push again, once they can be reached";

        string Names(Func<NodeReport, bool> those) => string.Join(' ', reports.Where(those).Select(report => report.Node));
    }

    private static string Attributes(Entry entry) =>
        $"{Convert.ToString(entry.Mode, 8)} {Shown(entry.Owner.ToString())}:{Shown(entry.Group.ToString())}";
}
