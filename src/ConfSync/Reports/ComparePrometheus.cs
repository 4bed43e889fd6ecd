using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>A comparison for the node exporter's textfile collector. Pure.</summary>
internal static class ComparePrometheus
{
    public static string Write(Comparison comparison)
    {
        var text = new PrometheusText();
        Write(text, comparison);
        return text.ToString();
    }

    public static void Write(PrometheusText text, Comparison comparison)
    {
        var nodes = comparison.Nodes;
        var compared = nodes.Where(node => node.Failure is null).ToList();
        text.Head("nginx_sync_drifted_paths", "Paths of the node that are not as they are on this machine.");
        foreach (var node in compared) text.Sample(node.Entries.Length, Label(node));
        text.Head("nginx_sync_reload_pending", "1 if nginx on the node does not run, for certain or probably, what is on its disk.");
        foreach (var node in compared) text.Sample(node.IsPending ? 1 : 0, Label(node));
        text.Head("nginx_sync_node_running", "1 if all services that take part run on the node.");
        foreach (var node in compared) text.Sample(node.Nginx == NginxState.NotRunning || node.Others.Any(service => service.State == NginxState.NotRunning) ? 0 : 1, Label(node));
        text.Head("nginx_sync_node_compared", "1 if the node was reached and compared.");
        foreach (var node in nodes) text.Sample(node.Failure is null ? 1 : 0, Label(node));
        text.Head("nginx_sync_nodes_not_compared", "Nodes that were not reached or could not be compared.");
        text.Sample(nodes.Length - compared.Count);
        text.Head("nginx_sync_push_unfinished", "1 if a push to all or none was decided on this machine and is not finished.");
        text.Sample(comparison.Earlier is null ? 0 : 1);
        text.Head("nginx_sync_last_check_timestamp_seconds", "When the last comparison began.");
        text.Sample(comparison.Started.ToUnixTimeMilliseconds() / 1000.0);
        text.Head("nginx_sync_last_check_duration_seconds", "How long the last comparison took.");
        text.Sample(comparison.Took.TotalSeconds);
    }

    private static (string Name, string Value) Label(NodeComparison node) => ("node", node.Node.ToString());
}
