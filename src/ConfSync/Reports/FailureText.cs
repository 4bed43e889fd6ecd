using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>What people read of a node that failed: what failed, the state it is in, what to do. The one place that makes these
/// sentences; they follow from the values alone.</summary>
internal static class FailureText
{
    /// <summary>What went wrong on a node, what it left there, and what to do.</summary>
    /// <param name="isRollback">It was no push: to run that instead would do the opposite.</param>
    public static string Of(NodeReport.Failed report, bool isRollback = false)
    {
        var failure = report.Failure;
        var head = $"nginx-sync: {report.Node}: {Summary(report, isRollback)} ({MessageCodes.Of(failure)}):\n    {Reason(failure).Replace("\n", "\n    ", StringComparison.Ordinal)}";
        var advice = failure.State switch
        {
            PeerState.NotUndone => NotUndone(report, isRollback),
            PeerState.Restored => Restored(report, isRollback),
            _ when failure.Kind == PeerFailure.NeverHad => Adopt(report.Node),
            _ => isRollback ? RollbackAdvice(report) : Advice(failure),
        };
        if (failure is { State: PeerState.Undone, UndoWords.Length: > 0 })
        {
            head += $"\n  what was staged there could not be removed; the next push does it:\n{PosixText.PrintableLines(failure.UndoWords, "    ")}";
        }
        return advice is null ? head : $"{head}\n  {advice}";
    }

    /// <summary>What failed, and the state that it left, in one line.</summary>
    public static string Summary(NodeReport.Failed report, bool isRollback = false)
    {
        var state = report is NodeReport.InDoubt { Failure.State: PeerState.Untouched }
            ? "NOT SETTLED, this attempt changed nothing there"
            : State(report.Failure);
        return $"{Step(report, isRollback)} failed; {state}";
    }

    /// <summary>What is said of it, by others or by this program; one or more lines.</summary>
    public static string Reason(NodeFailure failure) =>
        failure.Refusal is { } refusal ? RefusalText.Of(refusal) : PosixText.PrintableLines(failure.Words);

    private static string Step(NodeReport.Failed report, bool isRollback) => (report.Failure.Kind, report.Failure.Step) switch
    {
        (PeerFailure.Connect, _) => "connecting",
        (PeerFailure.Machine, _) => "telling it from the other nodes",
        (PeerFailure.Locked, _) => "taking the lock there",
        (PeerFailure.Prerequisite or PeerFailure.NotRoot, _) => "checking the prerequisites there",
        (PeerFailure.Unfinished, _) => "undoing what an earlier push left",
        (PeerFailure.Unsafe or PeerFailure.Scan or PeerFailure.Remains, _) => "looking at its files",
        (PeerFailure.Conflict, _) => "planning the change",
        (PeerFailure.Stage, _) => "staging the new files",
        (PeerFailure.NoView or PeerFailure.Test, _) => Testing(report.Failure, isRollback),
        (PeerFailure.Moved, _) => "reading the local files",
        (PeerFailure.Changed or PeerFailure.Write or PeerFailure.Gone, _) => "activating the new files",
        (PeerFailure.Nginx, _) => $"finding {Service(report)} there",
        (PeerFailure.Reload, _) => $"reloading {Service(report)}",
        (PeerFailure.Health, _) => "the health check",
        (PeerFailure.History, _) => "finding the way back",
        (PeerFailure.Edited, _) => isRollback ? "the way back" : "planning the change",
        (PeerFailure.NeverHad, _) => "planning the change",
        (PeerFailure.Interrupted, _) => isRollback ? "the roll-back" : "the push",
        (_, PushStep.Scan) => "looking at its files",
        (_, PushStep.Stage) => "staging the new files",
        (_, PushStep.Test) => Testing(report.Failure, isRollback),
        (_, PushStep.Activate) => "activating the new files",
        (_, PushStep.Reload) => $"reloading {Service(report)}",
        (_, PushStep.HealthCheck) => "the health check",
        (_, PushStep.Confirm) => "confirming",
        _ => "the session",
    };

    private static string Testing(NodeFailure failure, bool isRollback) =>
        $"testing the {(isRollback ? "former" : "new")} configuration{(failure.Service is { } service ? $" of {PosixText.Printable(service)}" : "")}";

    private static string Service(NodeReport.Failed report) => PosixText.Printable(report.Failure.Service ?? report.NginxName);

    private static string State(NodeFailure failure) => failure.State switch
    {
        PeerState.Untouched => "nothing was changed there",
        PeerState.Undone => "the old configuration is back in place there",
        PeerState.NotUndone => "THE OLD STATE COULD NOT BE PUT BACK",
        PeerState.Restored => "THE OLD FILES ARE BACK, BUT WERE NOT SEEN TO BE SERVED",
        PeerState.Confirmed => "the new configuration is in place there, but was not seen to be served",
        _ => "the node undoes by itself what was not confirmed, but that could not be seen",
    };

    private static string? Advice(NodeFailure failure) => failure.Advice is { } advice ? PosixText.Printable(advice) : failure.Kind switch
    {
        PeerFailure.NotRoot => "make /run/nginx-sync there for this login, so that it is there after each boot too (tmpfiles.d(5)); or leave -u out, then " +
            "nginx-sync works through sudo (see \"Logins without root\" in the manual)",
        PeerFailure.Test when failure.Service is null => NginxAdvice.Of(failure.Words),
        PeerFailure.Test => ServiceAdvice,
        PeerFailure.Reload when failure.Service is not null => ServiceAdvice,
        PeerFailure.Reload => $"{NginxAdvice.Of(failure.Words)}. Until then nginx serves the old configuration",
        PeerFailure.TimedOut or PeerFailure.Overdue =>
            "see what takes so long there, or raise the limit; then run nginx-sync again: it begins with undoing what may be left there",
        PeerFailure.Lost or PeerFailure.Died when failure.State == PeerState.Undone => "run nginx-sync again",
        PeerFailure.Lost or PeerFailure.Died => "run nginx-sync again: it begins with undoing what may be left there",
        PeerFailure.Changed => "another person or program edits files there; run nginx-sync again",
        PeerFailure.Gone => "a file went away there after it was seen; run nginx-sync again",
        PeerFailure.Locked => "wait until it has ended, then run nginx-sync again",
        _ => null,
    };

    private static string Adopt(Node node) =>
        $"see what it is: nginx-sync diff {node}. To take it over to this machine first: nginx-sync --adopt {node}. To overwrite it: --force";

    private const string ServiceAdvice = "correct it here and push again, or mend what is different on that node";

    private static string? RollbackAdvice(NodeReport.Failed report) => report.Failure.Kind switch
    {
        PeerFailure.Edited => $"see what it is: nginx-sync -c {report.Node} -d. To overwrite it all the same, {Again(report, " --force")}",
        PeerFailure.Test or PeerFailure.Reload =>
            $"the node holds what it held; what the former configuration needs besides its files has changed since. Once that is mended, {Again(report)}",
        PeerFailure.Lost or PeerFailure.TimedOut or PeerFailure.Died or PeerFailure.Overdue =>
            $"see nginx-sync history; if it did not arrive, {Again(report)}: it begins with undoing what may be left there",
        PeerFailure.Gone => $"a file went away there after it was seen; {Again(report)}",
        PeerFailure.Changed or PeerFailure.Locked => $"wait until no other run or person is at work there; then {Again(report)}",
        _ => Advice(report.Failure) is { } advice ? $"{advice}. Then {Again(report)}" : null,
    };

    // A node that was not reached may have nothing to roll back. Then a call for it alone would take a good push away there.
    private static string Again(NodeReport.Failed report, string option = "") => report.Retry switch
    {
        RollbackTarget.Generation { Number: var number } => string.Create(
            CultureInfo.InvariantCulture, $"roll this node back alone: nginx-sync rollback --to {number} {report.Node}{option}"),
        RollbackTarget.Run { Id: var id } => $"roll this node back alone: nginx-sync rollback --to {PosixText.Printable(id)} {report.Node}{option}",
        RollbackTarget.BeforeLastGeneration => $"roll this node back alone: nginx-sync rollback {report.Node}{option}",
        _ => "run nginx-sync rollback again: it says what is left to roll back, and how",
    };

    private static string NeedsYou(NodeReport.Failed report) =>
        $"!!! {report.Node} NEEDS YOU. What hindered the undo:\n{PosixText.PrintableLines(report.Failure.UndoWords is { Length: > 0 } words ? words : "the node did not say", "    ")}\n";

    private static string Restored(NodeReport.Failed report, bool isRollback) => NeedsYou(report) +
        $"""
          All files there are the old ones again, so that none has to be put back. See on that node whether the service
          runs and what its error log says, and start it there if it does not. Then run nginx-sync{(isRollback ? " rollback" : "")} again: it begins
          with the rest of this undo.
        """;

    private static string NotUndone(NodeReport.Failed report, bool isRollback) => NeedsYou(report) +
        $"""
          The old files are in the directories .nginx-sync.*/old beside the changed ones, and
          /var/lib/nginx-sync/transaction/plan there names what belongs where: touch neither. Remove what hindered the
          undo (a full or read-only file system?) and run nginx-sync{(isRollback ? " rollback" : "")} again: it begins with this undo.
          Or finish it on the node itself, as root; after a push with -u, as the user of that login, whose file it is:
            sh /run/nginx-sync/undo
        """;
}
