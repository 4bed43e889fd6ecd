using System.Globalization;
using System.Text;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>A comparison for the node exporter's textfile collector, in Prometheus' text format 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats). Pure.</summary>
public static class ComparePrometheus
{
    public static string Write(Comparison comparison)
    {
        var text = new StringBuilder();
        var nodes = comparison.Nodes;
        var compared = nodes.Where(node => node.Failure is null).ToList();
        Head("nginx_sync_drifted_paths", "Paths of the node that are not as they are on this machine.");
        foreach (var node in compared) Sample("nginx_sync_drifted_paths", node, node.Entries.Length);
        Head("nginx_sync_reload_pending", "1 if nginx on the node does not run, for certain or probably, what is on its disk.");
        foreach (var node in compared) Sample("nginx_sync_reload_pending", node, node.IsPending ? 1 : 0);
        Head("nginx_sync_node_running", "1 if nginx runs on the node.");
        foreach (var node in compared) Sample("nginx_sync_node_running", node, node.Nginx == NginxState.NotRunning ? 0 : 1);
        Head("nginx_sync_node_compared", "1 if the node was reached and compared.");
        foreach (var node in nodes) Sample("nginx_sync_node_compared", node, node.Failure is null ? 1 : 0);
        Head("nginx_sync_nodes_not_compared", "Nodes that were not reached or could not be compared.");
        Line("nginx_sync_nodes_not_compared", nodes.Length - compared.Count);
        Head("nginx_sync_last_check_timestamp_seconds", "When the last comparison began.");
        Line("nginx_sync_last_check_timestamp_seconds", comparison.Started.ToUnixTimeMilliseconds() / 1000.0);
        Head("nginx_sync_last_check_duration_seconds", "How long the last comparison took.");
        Line("nginx_sync_last_check_duration_seconds", comparison.Took.TotalSeconds);
        return text.ToString();

        void Head(string name, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(" gauge\n");

        void Sample(string name, NodeComparison node, double value) =>
            Line($"{name}{{node=\"{Label(node.Node.ToString())}\"}}", value);

        void Line(string name, double value) =>
            text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Label(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
