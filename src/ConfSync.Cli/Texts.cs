using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Cli;

/// <summary>What people read. Pure: from values to text; whatever came from elsewhere is made safe to show.</summary>
internal static class Texts
{
    public static string Shown(string text) => PosixText.Printable(text);

    /// <summary>Somebody's words of several lines, each made safe, behind <paramref name="indent"/>.</summary>
    public static string ShownLines(string text, string indent = "") =>
        string.Join('\n', text.Split('\n').Select(line => indent + PosixText.Printable(line.TrimEnd('\r'))));

    /// <param name="done">What the command does: <c>pushed</c>.</param>
    public static string OfPrimary(PrimaryException exception, string done) =>
        $"nginx-sync: {exception.Step} failed; nothing was {done}:\n{ShownLines(exception.Message, "    ")}";

    /// <summary>The note about files that nginx reads here and that do not travel; nothing where there are none.</summary>
    public static IEnumerable<string> Of(OutsideFiles outside, bool all)
    {
        const int Few = 3;
        if (outside.Count == 0) yield break;
        var named = string.Join(' ', outside.Some.Take(Few).Select(Shown));
        var more = outside.Count > Few ? all ? " …" : " … (all with -r)" : "";
        yield return $"nginx here also reads {outside.Count} {(outside.Count == 1 ? "file" : "files")} outside CONFPATHS, "
            + $"which stay as they are on the nodes: {named}{more}";
        if (!all) yield break;
        foreach (var file in outside.Some) yield return $"    {Shown(file)}";
        if (outside.Count > outside.Some.Count) yield return $"    and {outside.Count - outside.Some.Count} more";
    }

    /// <summary>A path that a push changes, as one line.</summary>
    public static string Of(Change change) => change.Kind switch
    {
        ChangeKind.Create => $"create  {Shown(change.Path)}",
        ChangeKind.Delete => $"delete  {Shown(change.Path)}",
        ChangeKind.Attributes => $"mode    {Shown(change.Path)} ({Attributes(change.Before!)} to {Attributes(change.After!)})",
        _ when change.NeedsContent || change.Before!.Kind != change.After!.Kind || change.After.Target != change.Before.Target =>
            $"replace {Shown(change.Path)}",
        _ => $"mode    {Shown(change.Path)} ({Attributes(change.Before!)} to {Attributes(change.After!)})",
    };

    /// <summary>What went wrong on a node, what it left there, and what to do.</summary>
    /// <param name="isRollback">It was no push: to run that instead would do the opposite.</param>
    public static string Of(NodeReport report, bool isRollback = false)
    {
        var failure = report.Failure!;
        var state = report.Outcome == NodeOutcome.Unsettled && failure.State == PeerState.Untouched
            ? "NOT SETTLED, this attempt changed nothing there"
            : State(failure);
        var head = $"nginx-sync: {report.Node}: {Step(failure, isRollback)} failed; {state}:\n{ShownLines(failure.Words, "    ")}";
        var advice = failure.State == PeerState.NotUndone ? NotUndone(report, isRollback) : isRollback ? RollbackAdvice(failure) : Advice(failure);
        if (failure is { State: PeerState.Undone, UndoWords.Length: > 0 })
        {
            head += $"\n  what was staged there could not be removed; the next push does it:\n{ShownLines(failure.UndoWords, "    ")}";
        }
        return advice is null ? head : $"{head}\n  {advice}";
    }

    /// <summary>A decision that is not finished, for a run that does not finish it.</summary>
    public static string Pending(Decision decision) =>
        $"nginx-sync: warning: the push to all or none of {LocalTime.Format(decision.Time)} by {Shown(decision.Who)} is not " +
        $"finished on {string.Join(' ', decision.Nodes.Select(node => node.Node))}: run nginx-sync -f {Shown(decision.ConfigPath)} settle";

    /// <summary>Which nodes a run failed on, and what the others were left with; null where nothing failed.</summary>
    public static string? Summary(IReadOnlyList<NodeReport> reports)
    {
        if (reports.All(report => report.IsGood)) return null;
        var (failed, undone) = (Names(NodeOutcome.Failed), Names(NodeOutcome.Undone));
        var (left, unsettled) = (Names(NodeOutcome.LeftAlone), Names(NodeOutcome.Unsettled));
        var count = reports.Count(report => report.Outcome is NodeOutcome.Failed or NodeOutcome.Unsettled);
        List<string> parts =
        [
            $"nginx-sync: {count} of {reports.Count} nodes failed{(count > 0 ? $": {failed}{(failed.Length > 0 && unsettled.Length > 0 ? " " : "")}{unsettled}" : "")}",
        ];
        if (undone.Length > 0) parts.Add($"undone: {undone}");
        if (left.Length > 0) parts.Add($"left as they were: {left}");
        var summary = string.Join("; ", parts);
        if (unsettled.Length == 0) return summary;
        var settled = string.Join(' ', reports.Where(report => report.IsGood).Select(report => report.Node));
        return $"{summary}\n!!! ALL HAD AGREED, AND NOT ALL HOLD IT: not known to hold and serve the new configuration: {unsettled}" +
            (settled.Length > 0 ? $"; they do: {settled}" : "") +
            "\n  It is recorded on this machine. Run nginx-sync settle, or push again, once they can be reached";

        string Names(NodeOutcome outcome) =>
            string.Join(' ', reports.Where(report => report.Outcome == outcome).Select(report => report.Node));
    }

    private static string Attributes(Entry entry) =>
        $"{Convert.ToString(entry.Mode, 8)} {Shown(entry.Owner.ToString())}:{Shown(entry.Group.ToString())}";

    private static string Step(NodeFailure failure, bool isRollback) => (failure.Code, failure.Step) switch
    {
        ("connect", _) => "connecting",
        ("machine", _) => "telling it from the other nodes",
        ("locked", _) => "taking the lock there",
        ("prerequisite" or "not-root", _) => "checking the prerequisites there",
        ("unfinished", _) => "undoing what an earlier push left",
        ("unsafe" or "scan" or "remains", _) => "looking at its files",
        ("conflict", _) => "planning the change",
        ("stage", _) => "staging the new files",
        ("no-view" or "test", _) => isRollback ? "testing the former configuration" : "testing the new configuration",
        ("moved", _) => "reading the local files",
        ("changed" or "write", _) => "activating the new files",
        ("nginx", _) => "finding nginx there",
        ("reload", _) => "reloading nginx",
        ("health", _) => "the health check",
        ("history", _) => "finding the way back",
        ("edited", _) => "the way back",
        ("interrupted", _) => isRollback ? "the roll-back" : "the push",
        (_, PushStep.Scan) => "looking at its files",
        (_, PushStep.Stage) => "staging the new files",
        (_, PushStep.Test) => isRollback ? "testing the former configuration" : "testing the new configuration",
        (_, PushStep.Activate) => "activating the new files",
        (_, PushStep.Reload) => "reloading nginx",
        (_, PushStep.HealthCheck) => "the health check",
        (_, PushStep.Confirm) => "confirming",
        _ => "the session",
    };

    private static string State(NodeFailure failure) => failure.State switch
    {
        PeerState.Untouched => "nothing was changed there",
        PeerState.Undone => "the old configuration is back in place there",
        PeerState.NotUndone => "THE OLD STATE COULD NOT BE PUT BACK",
        PeerState.Confirmed => "the new configuration is in place there, but was not seen to be served",
        _ => "the node undoes by itself what was not confirmed, but that could not be seen",
    };

    private static string? Advice(NodeFailure failure) => failure.Advice is { } advice ? Shown(advice) : failure.Code switch
    {
        "not-root" when failure.IsOfRoot =>
            "this login is not root's there, and root works without sudo: run nginx-sync as a user of this machine who is not root, then it " +
            "works through sudo there; or name a login of root's in NODES (see \"Logins without root\" in the manual)",
        "not-root" => "make /run/nginx-sync there for this login, so that it is there after each boot too (tmpfiles.d(5)); or leave -u out, then " +
            "nginx-sync works through sudo (see \"Logins without root\" in the manual)",
        "test" => "correct the configuration here and run nginx-sync again",
        "reload" => "correct the configuration here and run nginx-sync again; the running nginx has the old one",
        "lost" or "died" when failure.Words.Contains("_TIMEOUT", StringComparison.Ordinal) =>
            "see what takes so long there, or raise the limit; then run nginx-sync again: it begins with undoing what may be left there",
        "lost" or "died" => "run nginx-sync again: it begins with undoing what may be left there",
        "changed" => "somebody else edits there; run nginx-sync again",
        "write" when failure.Words.Contains("No such file or directory", StringComparison.Ordinal) =>
            "a file went away there after it was seen; run nginx-sync again",
        "locked" => "wait until it has ended, then run nginx-sync again",
        _ => null,
    };

    private static string? RollbackAdvice(NodeFailure failure) => failure.Code switch
    {
        "edited" => "see what it is: nginx-sync -c NODE -d; to overwrite it all the same: --force",
        "test" or "reload" => "the node holds what it held; what the former configuration needs besides its files has changed since",
        "lost" or "died" => "see nginx-sync history; then run the roll-back again if it did not arrive: it begins with undoing what may be left there",
        "changed" or "locked" => "wait until nobody else is at work there, then run the roll-back again",
        _ => Advice(failure),
    };

    private static string NotUndone(NodeReport report, bool isRollback) =>
        $"!!! {report.Node} NEEDS YOU. What hindered the undo:\n{ShownLines(report.Failure!.UndoWords is { Length: > 0 } words ? words : "the node did not say", "    ")}\n" +
        $"""
          The old files are in the directories .nginx-sync.*/old beside the changed ones, and
          /var/lib/nginx-sync/transaction/plan there names what belongs where: touch neither. Remove what hindered the
          undo (a full or read-only file system?) and run nginx-sync{(isRollback ? " rollback" : "")} again: it begins with this undo.
          Or finish it on the node itself, as root; after a push with -u, as the user of that login, whose file it is:
            sh /run/nginx-sync/undo
        """;
}
