using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Events;

namespace ConfSync.Reports;

/// <summary>What nginx warns of when it tests a configuration. It is the same on most nodes, and is said once. Pure.</summary>
internal static partial class NginxWarnings
{
    /// <summary>What nginx said, without its warnings.</summary>
    public static string Without(string words) => string.Join('\n', words.Split('\n').Where(line => !Warning().IsMatch(line)));

    /// <summary>Each warning of the nodes' tests once, with the nodes whose nginx said it, in the order in which they come.
    /// </summary>
    public static IEnumerable<string> Lines(IEnumerable<NodeReport> reports) =>
        from said in reports.SelectMany(report => In(TestWords(report)).Distinct().Select(warning => (Warning: warning, report.Node)))
        group said.Node by said.Warning into nodes
        select $"nginx warns on {NodeNames.Of([.. nodes])}: {PosixText.Printable(nodes.Key)}";

    private static IEnumerable<string> In(string? words) =>
        from line in (words ?? "").Split('\n')
        let match = Warning().Match(line)
        where match.Success
        select match.Groups["text"].Value;

    private static string? TestWords(NodeReport report) => report switch
    {
        NodeReport.Updated updated => updated.Test.Words,
        NodeReport.Unchanged unchanged => unchanged.TestWords,
        NodeReport.WouldUpdate would => would.Test.Words,
        _ => null,
    };

    // "nginx: [warn] TEXT" on standard error, "TIME [warn] PID#TID: TEXT" as in a log (ngx_log.c).
    [GeneratedRegex(@"^(?:\S+: |\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )\[warn\] (?:\d+#\d+: )?(?<text>.*?)\r?$")]
    private static partial Regex Warning();
}
