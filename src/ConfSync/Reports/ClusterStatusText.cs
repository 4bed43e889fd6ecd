using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>A status for people: a line a node, in columns. Pure but for the zone of this machine's clock; what came from
/// elsewhere is made safe to show.</summary>
public static class ClusterStatusText
{
    private const string Nothing = "-";

    private static readonly string[] Head = ["NODE", "REACHED", "RUN", "AGE", "DRIFT", "RELOAD", "NGINX", "SINCE", "CLOCK", "UNFINISHED"];

    /// <param name="quiet">Only what is wrong, and nothing if all is well.</param>
    public static IEnumerable<string> Lines(Comparison status, bool quiet)
    {
        if (quiet && status.IsWell) return [];
        var rows = status.Nodes.Where(node => !quiet || !node.IsWell).Select(Row).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return [.. rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()), "", Total(status)];
    }

    /// <summary>The last line: how the nodes are.</summary>
    private static string Total(Comparison status) => status.Nodes.Count(node => node.Unfinished is not null) is > 0 and var unfinished
        ? $"{CompareText.Total(status)}; something unfinished on {CompareText.Number(unfinished, "node")}"
        : CompareText.Total(status);

    private static string[] Row(NodeComparison node)
    {
        if (node.Service is not { } service) return [node.Node.ToString(), "no", .. Enumerable.Repeat(Nothing, Head.Length - 2)];
        return
        [
            node.Node.ToString(), "yes", service.Served is { } served ? served.Run?.ShortId ?? "unnamed" : Nothing,
            service.ServedFor is { } age ? Age(age) : Nothing,
            node.Failure is not null ? "unknown" : node.Drifted ? CompareText.Number(node.Entries.Length, "path") : "no",
            string.Join(", ", node.Others.Select(Reload).Prepend(Reload(node.Nginx))),
            node.Nginx == NginxState.NotRunning ? "not running" : PosixText.Printable(service.Version ?? "unknown"),
            service.RunsSince is { } since ? LocalTime.FormatShort(since) : Nothing,
            Seconds(service.ClockDifference), node.Unfinished is null ? "no" : "yes",
        ];
    }

    private static string Reload(ComparedService other) =>
        $"{other.Name}: {(other.State == NginxState.NotRunning ? "not running" : other.State == NginxState.ProbablyPending ? "unknown" : Reload(other.State))}";

    private static string Reload(NginxState state) => state switch
    {
        NginxState.Current => "no",
        NginxState.ProbablyCurrent => "probably not",
        NginxState.Pending => "pending",
        NginxState.ProbablyPending => "probably",
        _ => Nothing,
    };

    // One unit, as in "how old, about".
    private static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 120 } => Whole(Math.Max(age.TotalSeconds, 0), "s"),
        { TotalMinutes: < 120 } => Whole(age.TotalMinutes, "min"),
        { TotalHours: < 48 } => Whole(age.TotalHours, "h"),
        _ => Whole(age.TotalDays, "d"),
    };

    private static string Whole(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(long)number} {unit}");

    private static string Seconds(TimeSpan difference) =>
        string.Create(CultureInfo.InvariantCulture, $"{difference.TotalSeconds:+0.0;-0.0;0.0} s");
}
