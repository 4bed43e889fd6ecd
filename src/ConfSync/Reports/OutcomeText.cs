using System.Diagnostics;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What people read of a run that was not carried out. Pure; names and the words of others are made safe to show.
/// </summary>
internal static class OutcomeText
{
    /// <param name="done">What the command does: <c>pushed</c>.</param>
    /// <returns>Null where there is nothing to say, or where it was said while it happened.</returns>
    public static string? Of(RunOutcome outcome, string done) => outcome switch
    {
        RunOutcome.NotLocked { Problem: var problem, Waited: var waited } => Failed(
            "taking the lock", $"{Of(problem)}{(waited > TimeSpan.Zero ? $"\nwaited {waited.TotalSeconds:0} s for it (--wait)" : "")}", done, MessageCodes.Of(problem)),
        RunOutcome.PrimaryFailed { Problem: var problem } => $"{PrimaryText.Of(problem, done)}\n{Verdict(done)}",
        RunOutcome.OtherUnfinished { Other: var other } => Failed(
            "looking for an earlier push to finish",
            "one of another configuration is not finished, and there can be only one:\n" +
            $"nginx-sync -f {PosixText.Printable(other.ConfigPath)} settle", done, MessageCodes.Of(RunError.Of(outcome)!)!),
        RunOutcome.EarlierUnfinished { IsInterrupted: false } =>
            $"nginx-sync: nothing else was done: the earlier push has to be finished first ({MessageCodes.Of(RunError.Of(outcome)!)})",
        _ => null,
    };

    private static string Failed(string step, string words, string done, MessageCode code) => $"{PrimaryText.Failed(step, words, done, code)}\n{Verdict(done)}";

    /// <summary>The last line of a run that did nothing, after what may be a page of nginx's words.</summary>
    public static string Verdict(string done) => $"Nothing was {done}.";

    /// <summary>Why the lock could not be taken.</summary>
    public static string Of(LockProblem problem) => problem switch
    {
        LockProblem.NotOpened { Words: var words } => $"cannot open the lock file {PosixText.Printable(problem.Path)}: " +
            $"{PosixText.PrintableLines(words)}{(problem.OtherOwner is { } user ? $" (it belongs to {Owner(user)})" : "")}; set LOCKFILE to another",
        LockProblem.NoSudo { User: var user, Words: var words } => $"{PosixText.PrintableLines(words)}\n{SudoRule(PosixText.Printable(user))}",
        LockProblem.Held { Holder: var holder } => Held(holder, PosixText.Printable(problem.Path), problem.OtherOwner),
        _ => throw new UnreachableException(),
    };

    /// <summary>A limit as people say it: seconds, or minutes from two of them on, rounded up.</summary>
    public static string Duration(TimeSpan limit) => limit < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(limit.TotalMinutes):0} min");

    /// <summary>What a run says that waits for the lock.</summary>
    public static string Waiting(LockProblem.Held held, TimeSpan limit) =>
        $"waiting for the lock, {Duration(limit)} at most: {Of(held)}";

    /// <summary>What lets a user of this machine work as root.</summary>
    public static string SudoRule(string user) => $"sudo has to let {user} work as root on this machine, without a password. As root: " +
        $"echo '{user} ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh' >>/etc/sudoers.d/zz-nginx-sync. Or use -u, to do without sudo";

    private static string Owner(uint user) => user == 0 ? "root" : $"user {user}";

    private static string Since(LockHolder holder) => holder.Started is { } started ? $", started {LocalTime.Format(started)}," : "";

    private static string Held(LockHolder? holder, string path, uint? otherOwner)
    {
        var owner = otherOwner is { } user ? $"; the file belongs to {Owner(user)}" : "";
        return holder switch
        {
            null =>
                $"another process has locked {path}{owner}: wait for it, most likely another nginx-sync, or set LOCKFILE " +
                "to a file that only this user can open",
            { Program: LockHolder.Self } =>
                $"another nginx-sync is running on this machine: process {holder.ProcessId} of {holder.User}{Since(holder)} holds {path}{owner}" +
                (holder.Command is { } command ? $":\n  {command}" : "") + "\nwait until it has ended, or have this run wait for it: --wait SECONDS",
            _ =>
                $"process {holder.ProcessId} ({holder.Program}) of {holder.User}, which is no nginx-sync, has locked {path}{owner}: " +
                "end that process, or set LOCKFILE to a file that only this user can open",
        };
    }
}
