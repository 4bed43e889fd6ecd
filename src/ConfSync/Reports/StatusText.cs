using System.Globalization;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Reports;

/// <summary>What a node is at.</summary>
/// <param name="Step">Null: it is finished, and waits until those before it in NODES are.</param>
/// <param name="For">How long it has been at that.</param>
internal readonly record struct NodeStatus(Node Node, PushStep? Step, TimeSpan For);

/// <summary>What goes on, for a terminal. Pure.</summary>
internal static class StatusText
{
    /// <summary>A line for each node as long as all of them fit, and then one of how far the run is.</summary>
    /// <param name="nodes">Those that are begun and not printed yet.</param>
    /// <param name="finished">How many are finished, of how many.</param>
    /// <param name="height">How many lines there is room for; at least one.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<NodeStatus> nodes, int finished, int all, TimeSpan elapsed, int height)
    {
        var sum = string.Create(CultureInfo.InvariantCulture, $"{finished}/{all} {(all == 1 ? "node" : "nodes")}, {Seconds(elapsed)}");
        if (nodes.Count + 1 > height) return [$"{sum}; {Groups(nodes)}"];
        var (name, step) = (Widest(nodes, node => node.Node.ToString()), Widest(nodes, Words));
        return [.. nodes.Select(node => $"  {node.Node.ToString().PadRight(name)}  {Words(node).PadRight(step)}  {Seconds(node.For)}"), sum];
    }

    private static string Groups(IEnumerable<NodeStatus> nodes) => string.Join("; ", nodes.GroupBy(node => node.Step ?? PushStep.Resolve + 1)
        .OrderBy(group => group.Key).Select(group => $"{Words(group.First())} {string.Join(' ', group.Select(node => node.Node))}"));

    private static int Widest(IEnumerable<NodeStatus> nodes, Func<NodeStatus, string> column) =>
        nodes.Select(node => column(node).Length).DefaultIfEmpty().Max();

    private static string Words(NodeStatus node) => node.Step is { } step ? StepText.Of(step) : "finished";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s");
}
