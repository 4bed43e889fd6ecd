using System.Globalization;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Timing;

namespace ConfSync.Reports;

/// <summary>What <c>--timing</c> shows. Pure.</summary>
public static class TimingText
{
    private const int NameWidth = 30;

    /// <summary>A table in milliseconds: when each step began, counted from the start of the program, and how long it
    /// took.</summary>
    /// <param name="startUp">From the start of the program to the timeline's.</param>
    /// <param name="total">From the timeline's start to now.</param>
    /// <param name="nodes">In the order in which they are to be shown.</param>
    public static IEnumerable<string> Lines(
        TimeSpan startUp, TimeSpan total, IEnumerable<StepTime> steps, IEnumerable<NodeAddress> nodes,
        IReadOnlyDictionary<NodeAddress, Traffic> traffic, IReadOnlyDictionary<NodeAddress, TestedNginx>? tested = null)
    {
        var byNode = steps.OrderBy(step => step.Began).ToLookup(step => step.Node);
        yield return Row("milliseconds", "from", "for");
        yield return "primary";
        yield return Row("  start of the program", Milliseconds(TimeSpan.Zero), Milliseconds(startUp));
        foreach (var step in byNode[null]) yield return RowOf(step, startUp);
        foreach (var node in nodes)
        {
            yield return node.ToString();
            foreach (var step in byNode[node]) yield return RowOf(step, startUp);
            if (tested?.GetValueOrDefault(node) is { } nginx) yield return $"  nginx: {nginx}";
            if (traffic.GetValueOrDefault(node) is { } carried)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {carried.Sent} bytes sent, {carried.Received} received, {carried.RoundTrips} round trips");
            }
        }
        yield return Row("all", Milliseconds(TimeSpan.Zero), Milliseconds(startUp + total));
    }

    private static string RowOf(StepTime step, TimeSpan startUp) =>
        Row($"  {step.Name}", Milliseconds(startUp + step.Began), Milliseconds(step.Ended - step.Began));

    private static string Row(string name, string from, string length) => $"{name.PadRight(NameWidth)}{from,9}{length,9}";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
}
