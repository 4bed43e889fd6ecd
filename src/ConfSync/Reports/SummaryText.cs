using ConfSync.Events;

namespace ConfSync.Reports;

/// <summary>Which nodes a run failed on. Pure.</summary>
internal static class SummaryText
{
    /// <summary>Which nodes a run failed on, what the others were left with, and where nginx does not run; null where nothing
    /// is wrong.</summary>
    public static string? Of(IReadOnlyList<NodeReport> reports)
    {
        string?[] lines = [Failures(reports), Stopped(reports)];
        return lines.All(line => line is null) ? null : string.Join('\n', lines.OfType<string>());
    }

    private static string? Stopped(IReadOnlyList<NodeReport> reports)
    {
        var lines = ServiceText.Down(reports).Select(down => $"nginx-sync: {down}").ToList();
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    private static string? Failures(IReadOnlyList<NodeReport> reports)
    {
        if (reports.All(report => report.IsGood)) return null;
        var failed = Names(report => report is NodeReport.Rejected or NodeReport.Unknown);
        var undone = Names(report => report is NodeReport.Undone);
        var left = Names(report => report is NodeReport.LeftAlone);
        var unsettled = Names(report => report is NodeReport.InDoubt);
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
}
