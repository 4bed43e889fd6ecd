using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>A status for the node exporter's textfile collector: the metrics of a comparison, and more. Pure.</summary>
internal static class ClusterStatusPrometheus
{
    public static string Write(Comparison status)
    {
        var text = new PrometheusText();
        ComparePrometheus.Write(text, status);
        Samples("nginx_sync_node_unfinished", "1 if a push that was cut off has left something on the node.",
            node => node.Unfinished is null ? 0 : 1);
        Samples("nginx_sync_node_served_timestamp_seconds", "When the run was confirmed whose state nginx on the node serves, by the node's clock.",
            node => Unix(node.Service!.Served?.Time));
        Samples("nginx_sync_node_nginx_start_timestamp_seconds", "When the nginx master that runs on the node was started, by the node's clock.",
            node => Unix(node.Service!.RunsSince));
        Samples("nginx_sync_node_clock_difference_seconds", "How far the clock of the node is ahead of this machine's.",
            node => node.Service!.ClockDifference.TotalSeconds);
        text.Head("nginx_sync_node_info", "1; the labels are the run that nginx on the node serves, and the version of nginx.");
        foreach (var node in Reached())
        {
            text.Sample(1, Label(node), ("run", node.Service!.Served?.Run?.Id ?? ""), ("nginx_version", node.Service.Version ?? ""));
        }
        return text.ToString();

        IEnumerable<NodeComparison> Reached() => status.Nodes.Where(node => node.Service is not null);

        // What is not known is not given as 0.
        void Samples(string name, string help, Func<NodeComparison, double?> valueOf)
        {
            text.Head(name, help);
            foreach (var node in Reached())
            {
                if (valueOf(node) is { } value) text.Sample(value, Label(node));
            }
        }
    }

    private static double? Unix(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;

    private static (string Name, string Value) Label(NodeComparison node) => ("node", node.Node.ToString());
}
