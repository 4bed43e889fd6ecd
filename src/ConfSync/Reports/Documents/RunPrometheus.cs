
namespace ConfSync.Reports;

/// <summary>A push, a roll-back or <c>settle</c> for the node exporter's textfile collector. Pure.</summary>
internal static class RunPrometheus
{
    private static readonly string[] Outcomes =
    [
        "updated", "unchanged", "would-update", "left-alone", "not-of-run", "undone", "not-reached", "rejected", "failed", "unknown", "in-doubt",
    ];

    public static string Write(DocumentHead head, RunBody body)
    {
        var text = new PrometheusText();
        var kind = ("kind", body.Nature.IsDryRun ? "dry-run" : RunNames.Of(head.Kind));
        text.Head("nginx_sync_last_run_timestamp_seconds", "When the last run ended.");
        text.Sample((head.Started + head.Took).ToUnixTimeMilliseconds() / 1000.0, kind);
        text.Head("nginx_sync_last_run_duration_seconds", "How long the last run took.");
        text.Sample(head.Took.TotalSeconds, kind);
        text.Head("nginx_sync_last_run_success", "1 if every node of the last run holds what it is to hold and its exit status was 0.");
        text.Sample(head.Result == RunResult.Ok ? 1 : 0, kind);
        text.Head("nginx_sync_last_run_result", "1 for the result of the last run, 0 for all others.");
        foreach (var result in Enum.GetValues<RunResult>().Where(result => result != RunResult.Findings))
        {
            text.Sample(result == head.Result ? 1 : 0, kind, ("result", RunNames.Of(result)));
        }
        text.Head("nginx_sync_last_run_nodes", "Nodes of the last run by what became of them.");
        var counts = body.Reports.ToLookup(RunNames.Of);
        // All of them, so that a series goes to 0 and not away.
        foreach (var outcome in Outcomes) text.Sample(counts[outcome].Count(), kind, ("outcome", outcome));
        text.Head("nginx_sync_last_run_nodes_down", "Nodes of the last run on which nginx does not run and is to.");
        text.Sample(body.Reports.Count(report => report.IsDown), kind);
        return text.ToString();
    }
}
