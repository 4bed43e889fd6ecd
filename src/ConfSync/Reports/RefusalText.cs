using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>What people read where this program refuses to go on with a node. The one place that makes these sentences. Pure;
/// names and the words of others are made safe to show.</summary>
internal static class RefusalText
{
    private const int MostPathsNamed = 20;
    private const int MostDirectoriesNamed = 10;
    private const int DigestShown = 12;

    private const string OrCopied =
        "If they are two machines, one is a copy of the other while it ran: give it a host name of its own, or restart it";

    /// <summary>One or more lines.</summary>
    public static string Of(Refusal refusal) => refusal switch
    {
        Refusal.SameMachine same => $"{same.First} and {same.Second} are the same machine: remove one of them from NODES\n{OrCopied}",
        Refusal.PrimaryItself primary =>
            $"{primary.Node} is this machine itself, which would be pushed to itself: remove it from NODES\n{OrCopied}",
        Refusal.Remains remains => PosixText.PrintableLines(remains.Words),
        Refusal.Conflicts conflicts => string.Join('\n', conflicts.Found.Select(Of)),
        Refusal.ParentGone gone =>
            $"cannot create {PosixText.Printable(gone.Path)}: {PosixText.Printable(gone.Parent)} is gone there since",
        Refusal.ForeignDirectories foreign => Foreign(foreign.Directories, "on this node"),
        Refusal.TooManyDeletions { Excess: var excess } => Of(excess),
        Refusal.TooMuchContent much => $"the contents to be sent have {Mebibytes(much.Bytes)}, and one push sends {Mebibytes(SizeLimits.Most)} " +
            "at most: push them in parts, with fewer CONFPATHS at a time, or keep large files out with EXCLUDE",
        Refusal.NoView view =>
            $"the result cannot be tested before it is live, and REQUIRE_STAGED_TEST=yes: {PosixText.PrintableLines(view.Words)}",
        Refusal.PrimaryMoved moved => Moved(moved.Path),
        Refusal.NeverHad had => NeverHad(had),
        Refusal.EditedByHand edited => "these were edited there since the last push, and OVERWRITE=no:\n" +
            $"{Edited(edited.Paths, edited.IsComplete, "\n")}\n" +
            "See what it is with nginx-sync diff, and take over on the primary what is to stay. --force overwrites it for once",
        Refusal.SeveralHolders several => $"{string.Join('\n', several.Addresses.Select(AddressText.Astray))}\n" +
            "Which of them serves is not certain, so nothing is pushed. See nginx-sync cluster status: start keepalived where it does not run, " +
            "or remove the address there (ip addr del). --force pushes all the same",
        Refusal.InterruptedBefore => "interrupted before anything changed there",
        Refusal.ChangedWhileActivated changed =>
            $"{PosixText.Printable(changed.Path)} was changed on this node while the push was activated",
        Refusal.InterruptedAfter => "interrupted after the activation",
        _ => OfRollback(refusal),
    };

    /// <summary>A file of the primary is not what it was.</summary>
    public static string Moved(string path) => $"{PosixText.Printable(path)}, on this machine, changed while it was read; run again";

    /// <summary>Directories that another user may write to.</summary>
    /// <param name="where">Such as "on this node".</param>
    public static string Foreign(ImmutableArray<Entry> directories, string where)
    {
        var more = directories.Length > MostDirectoriesNamed ? $"and {directories.Length - MostDirectoriesNamed} more\n" : "";
        return $"another user than root and the login may write to these directories {where}:\n" +
            string.Concat(directories.Take(MostDirectoriesNamed).Select(entry => $"{Foreign(entry)}\n")) + more +
            "That user could swap a file or directory in there for a link while nginx-sync works there, and so have it read or " +
            "overwrite any file of the machine. Give the directories to root and take the right to write from group and others, on " +
            "the primary and on the nodes (chown root DIRECTORY; chmod go-w DIRECTORY), or name them in EXCLUDE. " +
            "ALLOW_FOREIGN_DIRECTORIES=yes goes on all the same, if those users are trusted like root";
    }

    /// <summary>A size as people read it, rounded up.</summary>
    public static string Mebibytes(long bytes) => FormattableString.Invariant($"{(bytes + (1 << 20) - 1) >> 20} MiB");

    /// <summary>What was edited on a node.</summary>
    /// <param name="isComplete">False: there is more.</param>
    public static string Edited(ImmutableArray<string> paths, bool isComplete, string separator) =>
        string.Join(separator, paths.Take(MostPathsNamed).Select(PosixText.Printable)
            .Concat(paths.Length > MostPathsNamed ? [$"and {paths.Length - MostPathsNamed} more"] : [])
            .Concat(isComplete ? [] : ["a path that the node's generations do not tell"]));

    private static string NeverHad(Refusal.NeverHad had) => string.Create(
        CultureInfo.InvariantCulture,
        $"the node holds what {PosixText.Printable(had.Who)} pushed{(had.Time is { } time ? $" at {time.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz}" : "")} (run {had.Run}" +
        $"{(had.Message is { } message ? $": {PosixText.Printable(message)}" : "")}), which this machine has never had:\n" +
        $"its files may lack that change");

    /// <summary>Why a change cannot be made on a node.</summary>
    public static string Of(Conflict conflict)
    {
        var (path, obstacle) = (PosixText.Printable(conflict.Path), PosixText.Printable(conflict.Obstacle.Path));
        return conflict.Kind switch
        {
            ConflictKind.Excluded => $"cannot change {path}: EXCLUDE protects {obstacle} on the peer",
            ConflictKind.SpecialOnPeer =>
                $"cannot remove {path}: it is a socket, device or fifo on the peer; remove it there or add it to EXCLUDE",
            ConflictKind.NotADirectory => $"cannot create {path}: {obstacle} is no directory on the peer",
            ConflictKind.NotPushable when conflict.Obstacle.Kind == EntryKind.File => $"cannot push {path}: it could not be read on the primary",
            ConflictKind.NotPushable =>
                $"cannot push {path}: it is a socket, device or fifo on the primary; remove it there or add it to EXCLUDE",
            _ => throw new UnreachableException(),
        };
    }

    private static string Of(ExcessDeletions excess)
    {
        var what = excess.Top is { } top
            ? $"the push would delete {excess.Deleted.Length} of the {excess.Held} paths that this node holds under {PosixText.Printable(top)}"
            : $"the push would delete {excess.All} {(excess.All == 1 ? "path" : "paths")} on this node, and {excess.Most} is the most (--max-delete, MAX_DELETE)";
        return $"{what}:\n{Named(excess.Deleted)}\n" +
            $"If that is meant: --max-delete {excess.All} lets a push delete so many on each node. Otherwise see what is missing on the primary";
    }

    private static string OfRollback(Refusal refusal) => refusal switch
    {
        Refusal.NoGenerations none =>
            $"this node keeps no generation in {PosixText.Printable(none.BackupDir)}: there is nothing to go back to",
        Refusal.GenerationMissing missing => $"generation {missing.Number} is missing on this node",
        Refusal.GenerationOutOfRange range => $"this node cannot go back to generation {range.Number}: it keeps {range.Lowest} to " +
            $"{range.Highest}, and --to {range.Lowest - 1} is what was before them",
        Refusal.BeforeLowestOfMany before => $"generation {before.Number} is what was before the lowest that is kept; " +
            "only one node at a time can go back to that",
        Refusal.WayMissing missing => $"generation {missing.Number} is missing on this node: there is no way back over it",
        Refusal.GenerationWithoutChanges without => $"generation {without.Number} does not say what it changed (an older version kept it, or " +
            "its writing was cut off): there is no way back over it",
        Refusal.HistoryUnreadable unreadable => PosixText.PrintableLines(unreadable.Words),
        Refusal.RetainedDamaged damaged => $"what this node kept of these is gone or damaged, so that they cannot go back:\n{Named(damaged.Paths)}",
        Refusal.OutsideScope outside => $"these were changed{By(outside.Runs)}, and are in EXCLUDE or outside of CONFPATHS in this configuration file:\n{Named(outside.Paths)}\n" +
            "If that was pushed with another configuration file, roll it back with that one (-f FILE). Otherwise change this one so that they may be touched, " +
            "for this roll-back at least",
        Refusal.NoDirectoryFor homeless =>
            $"the directory is not there any more that would hold these; make it there first:\n{Named(homeless.Paths)}",
        Refusal.EditedSince edited => $"these were changed there since, and it would be lost:\n{Named(edited.Paths)}",
        Refusal.RunNotRecorded { Node: var node, Generation: var number } => $"generation {number} on {node} is the newest of all, and does not say " +
            "which run made it (an older version did): name the nodes that are to go back: nginx-sync rollback NODE …",
        Refusal.LaterRuns later => $"run {later.Run} is the last one, and on these nodes another one came after it:\n" +
            string.Concat(later.OnNodes.Select(one => $"{one.Node}: generation {one.Generation}, {(one.Run is { } run ? $"run {run}" : "of a run that is not recorded")}\n")) +
            "See nginx-sync history; --force goes over those as well, and nginx-sync rollback NODE … takes back what each node has last",
        Refusal.LastRunNotSeen { NotReached: { IsEmpty: false } missing } unseen =>
            $"the last run is {unseen.Run}, and it changed nodes that were not reached: {string.Join(' ', missing)}. A roll-back of the others would go over run {unseen.Before}, " +
            "which is an earlier one: see nginx-sync history; to do that all the same, use --force or name the nodes",
        Refusal.LastRunNotSeen unseen => $"the last run is {unseen.Run}, and it changed no node, so that there is nothing of it to go back over. " +
            $"To go back over the run before it, {unseen.Before}, use --force; nginx-sync history shows both",
        Refusal.RollbackNotWhole notWhole => $"the last run, {notWhole.Run}, was a roll-back that was not made on {string.Join(' ', notWhole.Nodes)}; " +
            $"to go back over it would take back what it did on the others.\n{Rest(notWhole)}To take the roll-back itself back: --force. nginx-sync history shows both",
        Refusal.RunNotRetained { Run: var run } => $"no node that was reached keeps a generation of a run {PosixText.Printable(run)}: see nginx-sync history",
        Refusal.RunAmbiguous several => $"several runs begin with {PosixText.Printable(several.Run)}; write more of the one that is meant:\n" +
            string.Join('\n', several.Ids),
        Refusal.BeforeLowestRetained { Run: var run, Lowest: var lowest } => $"what this node held after run {run} is not known: it keeps generations " +
            $"from {lowest} on, and they are all later",
        Refusal.NotOneState not => $"generation {not.Number} is not one state that all nodes keep; numbers are each node's own:\n" +
            string.Concat(not.OnNodes.Select(one => $"{one.Node}: {Of(one)}\n")) +
            "See nginx-sync history, and roll back node by node: nginx-sync rollback NODE --to N",
        _ => throw new UnreachableException(),
    };

    private static string Rest(Refusal.RollbackNotWhole notWhole) =>
        string.Concat(notWhole.Left.Select(one => string.Create(CultureInfo.InvariantCulture, $"To roll back what is left: nginx-sync rollback --to {one.To} {one.Node}\n"))) +
        (notWhole.Without.IsEmpty ? "" : $"Nothing is left to roll back on {NodeNames.Of(notWhole.Without)}, because what was rolled back had changed nothing there.\n") +
        (notWhole.NotReached.IsEmpty ? "" : $"What is left on {NodeNames.Of(notWhole.NotReached)} is not known, because there was no answer: run this again when there is one.\n");

    private static string By(ImmutableArray<string> runs) => runs switch
    {
        [] => " since",
        [var run] => $" by run {run}",
        _ => $" by the runs {string.Join(' ', runs)}",
    };

    private static string Of(GenerationOnNode one) => one switch
    {
        GenerationOnNode.Retained kept => FormattableString.Invariant(
            $"state {kept.Digest[..Math.Min(DigestShown, kept.Digest.Length)]} of {kept.Time?.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz} by {PosixText.Printable(kept.Who)}"),
        GenerationOnNode.Absent absent => Of(absent.Why),
        GenerationOnNode.Unknown unknown => PosixText.PrintableLines(unknown.Words),
        GenerationOnNode.NotReached => "not reached",
        _ => throw new UnreachableException(),
    };

    private static string Named(ImmutableArray<string> paths) => paths.Length <= MostPathsNamed
        ? string.Join('\n', paths.Select(PosixText.Printable))
        : string.Join('\n', paths.Take(MostPathsNamed).Select(PosixText.Printable)) + $"\nand {paths.Length - MostPathsNamed} more";

    private static string Foreign(Entry entry)
    {
        var writers = (entry.Mode & (ForeignDirectories.GroupMayWrite | ForeignDirectories.OthersMayWrite)) switch
        {
            _ when entry.Kind != EntryKind.Directory => "in a directory with the sticky bit",
            0 => "",
            ForeignDirectories.GroupMayWrite => $"group {PosixText.Printable(entry.Group.ToString())} may write there",
            _ => "every user may write there",
        };
        return $"{PosixText.Printable(entry.Path)} (owner {PosixText.Printable(entry.Owner.ToString())}{(writers.Length > 0 ? ", " : "")}{writers}, " +
            $"mode {Convert.ToString(entry.Mode, 8)})";
    }
}
