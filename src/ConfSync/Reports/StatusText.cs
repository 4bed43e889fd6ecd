using System.Globalization;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Reports;

/// <summary>What goes on, as one line for a terminal. Pure.</summary>
internal static class StatusText
{
    /// <param name="working">The nodes that are not finished, with what each is doing.</param>
    public static string Of(int finished, int nodes, IEnumerable<KeyValuePair<NodeAddress, PushStep>> working)
    {
        var steps = working.GroupBy(pair => pair.Value).OrderBy(group => group.Key)
            .Select(group => $"{Of(group.Key)} {string.Join(' ', group.Select(pair => pair.Key))}");
        return string.Create(CultureInfo.InvariantCulture, $"{finished}/{nodes} nodes; {string.Join("; ", steps)}");
    }

    /// <summary>To stand before the nodes' names.</summary>
    public static string Of(PushStep step) => step switch
    {
        PushStep.Connect => "connecting to",
        PushStep.Scan => "scanning",
        PushStep.Stage => "staging and testing on",
        PushStep.Test => "testing on",
        PushStep.Wait => "waiting for their turn:",
        PushStep.Activate => "activating on",
        PushStep.Reload => "reloading",
        PushStep.HealthCheck => "checking the health of",
        PushStep.Agree => "waiting for the others:",
        PushStep.Settle => "finding out about",
        _ => "confirming",
    };
}
