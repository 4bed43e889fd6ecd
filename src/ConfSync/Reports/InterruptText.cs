using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>A node that has had its turn and is not finished.</summary>
internal readonly record struct LiveNode(Node Node, PushStep Step);

/// <summary>What a signal is answered with. Pure.</summary>
/// <param name="config">How long each step may take.</param>
internal sealed class InterruptText(SyncConfig config)
{
    private readonly PeerSettings limits = PeerSettings.Of(config);

    /// <summary>The run is asked to end.</summary>
    /// <param name="live">What it waits for until then.</param>
    public string Asked(IReadOnlyCollection<LiveNode> live) => live.Count == 0
        ? "nginx-sync: interrupted: no node has anything live that would have to be undone; ending"
        : "nginx-sync: interrupted: no other node gets its turn. Waiting until these are whole:\n" +
            string.Concat(live.Select(node => $"    {node.Node}: {StepText.Of(node.Step)}, {AtMost(node.Step)}\n")) +
            "  The next Ctrl-C ends nginx-sync at once, whatever they are at";

    /// <summary>The run is ended at once.</summary>
    /// <param name="live">What is cut off by that.</param>
    public static string CutOff(IReadOnlyCollection<LiveNode> live) => live.Count == 0
        ? "nginx-sync: ended at once; no node had anything live that would have to be undone"
        : "nginx-sync: ended at once. Cut off:\n" + string.Join('\n', live.Select(node => $"    {node.Node}: {StepText.Of(node.Step)}; {Then(node.Step)}"));

    private static string Then(PushStep step) => step == PushStep.Confirm
        ? "whether it keeps the new configuration is not known: see nginx-sync -C"
        : "it undoes by itself what is not confirmed";

    // The limit of the exchange that is under way, and of the undo after it.
    private string AtMost(PushStep step)
    {
        var time = step switch
        {
            PushStep.Resolve => config.ConfirmTimeout + config.ReloadTimeout,
            PushStep.Agree => limits.UndoLimit.Time,
            PushStep.Confirm => limits.ConfirmLimit.Time,
            _ => limits.ActivationLimit.Time + limits.UndoLimit.Time,
        };
        return $"{OutcomeText.Duration(time)} at most";
    }
}
