using ConfSync.Bytes;
using ConfSync.Events;
using ConfSync.Platform;
using ConfSync.Primary;

namespace ConfSync.Reports;

/// <summary>What people read of a push to all or none that was decided and is not finished. Pure but for the zone of this
/// machine's clock.</summary>
internal static class PendingText
{
    /// <summary>For a run that does not finish it.</summary>
    public static string Of(UnfinishedPush push) =>
        $"nginx-sync: warning: the push to all or none of {LocalTime.Format(push.Time)} by {PosixText.Printable(push.Who)} is not " +
        $"finished on {string.Join(' ', push.Nodes)}: run nginx-sync -f {PosixText.Printable(push.ConfigPath)} settle";

    /// <summary>For a look at nodes while a run that may change them holds the lock of this machine.</summary>
    public static string AtWork(LockHolder run) =>
        $"nginx-sync: warning: a run is at work on this machine, and what it is changing may be among the findings: process {run.ProcessId} of {run.User}" +
        (run.Command is { } command ? $": {command}" : "");

    /// <summary>For a run that finishes it now.</summary>
    public static IEnumerable<ReportLine> Of(RunEvent.FinishingEarlier finishing)
    {
        yield return ReportLine.Star(
            $"Finishing the push to all or none of {LocalTime.Format(finishing.Push.Time)}, by {PosixText.Printable(finishing.Push.Who)}");
        foreach (var node in finishing.Dropped)
        {
            yield return ReportLine.Warning(
                $"nginx-sync: warning: {node} was part of it and is not in NODES any more: it is left as it is");
        }
    }

    /// <summary>For a run that goes on, although it is not finished.</summary>
    public static string GoingOn(bool isRollback) => "nginx-sync: warning: going on all the same; " + (isRollback
        ? "the earlier push stays recorded, and the next push, or nginx-sync settle, finishes it"
        : "what is pushed now takes the place of the earlier push");

    /// <summary>For a dry run that would finish it.</summary>
    public static IEnumerable<ReportLine> OfDryRun(CommitRecord decision)
    {
        foreach (var node in decision.Nodes)
        {
            yield return ReportLine.Star($"Would finish it on {node.Node}, where that has not happened yet");
            foreach (var change in node.Changes) yield return ReportLine.Plain($"    {ChangeText.Of(change)}");
        }
        var count = decision.Nodes.Length;
        yield return ReportLine.Plain($"Dry run: the push would be finished on {count} {(count == 1 ? "node" : "nodes")}. Nothing was changed.");
    }

    /// <summary>It was carried out, and its record could not be brought up to date.</summary>
    /// <param name="words">Why not.</param>
    public static string NotUpdated(string words) =>
        $"nginx-sync: warning: {CommitRecordShell.Path} could not be brought up to date, so that this push will be finished once more: " +
        PosixText.PrintableLines(words);

    /// <summary>The run is over, and the history will not know what became of its nodes.</summary>
    /// <param name="words">Why not.</param>
    public static string NotRecorded(string words) =>
        $"nginx-sync: warning: this run could not be added to {RunLogShell.Path}, so that \"nginx-sync history\" will not show where it failed: " +
        PosixText.PrintableLines(words);
}
