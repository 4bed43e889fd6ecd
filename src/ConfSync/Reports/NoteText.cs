using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Events;

namespace ConfSync.Reports;

/// <summary>What people read of a node beside what became of it. Pure; the words of others are made safe to show.</summary>
internal static class NoteText
{
    /// <summary>A clause, to stand behind the node's name.</summary>
    public static string Of(NodeNote note) => note switch
    {
        NodeNote.OtherNginx { Words: var words } => $"nginx is taken for not running: {Shown(words)}",
        NodeNote.Recovered { Words: var words } => $"an earlier push had been cut off: {Shown(words)}",
        NodeNote.NotKnownToServe => "nginx is not known to serve the files that are there: a push reloads it",
        NodeNote.LostAtEnd { Words: var words } => $"the session was lost at its end, and the node was looked at again: {Shown(words)}",
        NodeNote.LostAfterDecision { GivenAgain: var again, Failure: var failure } =>
            $"the session was lost after all had agreed, and the node {(again ? "had undone the push and was given it again" : "was looked at again")}: " +
            FailureText.Reason(failure),
        NodeNote.EditedByHand { Paths: var paths, IsComplete: var isComplete } =>
            "edited there since the last push; the push overwrites it (nginx-sync rollback brings it back): " + RefusalText.Edited(paths, isComplete, ", "),
        NodeNote.NotAsLeft { Generation: var generation, Run: var run } =>
            $"what comes back is not all as {(run is null ? $"generation {generation}" : $"run {run}")} left it: something was edited there by hand before a later push, and that " +
            "comes back too (nginx-sync diff shows in what it then differs from this machine)",
        NodeNote.Warning { Words: var words } => Shown(words),
        _ => throw new UnreachableException(),
    };

    /// <summary>A clause, to stand behind "since".</summary>
    public static string Of(UndoReason reason) => reason switch
    {
        UndoReason.NodeFailed { Node: var node } => $"{node} failed",
        UndoReason.NotRecorded { Words: var words } => $"the decision could not be recorded here: {Shown(words)}",
        UndoReason.EarlierNotRemoved { Words: var words } => $"the record of the earlier push could not be removed here: {Shown(words)}",
        _ => throw new UnreachableException(),
    };

    private static string Shown(string words) => PosixText.PrintableLines(words);
}
