using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Primary;

namespace ConfSync.Reports;

/// <summary>What people read of a push to all or none that was decided and is not finished. Pure but for the zone of this
/// machine's clock.</summary>
internal static class PendingText
{
    /// <summary>For a run that does not finish it.</summary>
    public static string Of(Decision decision) =>
        $"nginx-sync: warning: the push to all or none of {LocalTime.Format(decision.Time)} by {PosixText.Printable(decision.Who)} is not " +
        $"finished on {string.Join(' ', decision.Nodes.Select(node => node.Node))}: " +
        $"run nginx-sync -f {PosixText.Printable(decision.ConfigPath)} settle";

    /// <summary>It was carried out, and its record could not be brought up to date.</summary>
    /// <param name="words">Why not.</param>
    public static string NotUpdated(string words) =>
        $"nginx-sync: warning: {DecisionShell.Path} could not be brought up to date, so that this push will be finished once more: " +
        PosixText.PrintableLines(words);
}
