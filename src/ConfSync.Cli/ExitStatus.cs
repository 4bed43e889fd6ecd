using ConfSync.Events;
using ConfSync.Runs;

namespace ConfSync.Cli;

/// <summary>The exit statuses of a push and of a comparison (docs/manual.md).</summary>
internal static class ExitStatus
{
    public const int Success = 0;

    /// <summary>A push: nothing was pushed, something on the primary is wrong.</summary>
    public const int NothingPushed = 1;

    /// <summary>A push: at least one node failed or was not reached, or nginx does not run there.</summary>
    public const int NodeFailed = 2;

    /// <summary>A comparison: every node was compared, and something is wrong on one: differences, an nginx that does not run or
    /// runs something else than what is on its disk, what a push that was cut off has left, there or in the record here.</summary>
    public const int NotWell = 1;

    /// <summary>A comparison: a node could not be compared, or something on the primary is wrong.</summary>
    public const int NotCompared = 2;

    /// <param name="isPending">A push to all nodes or none waits to be finished, so that the nodes may differ for long.</param>
    public static int Of(Comparison comparison, bool isPending) =>
        !comparison.EveryNodeWasCompared ? NotCompared : comparison.IsWell && !isPending ? Success : NotWell;

    /// <summary>A doctor: 1 for warnings; 2 where a push would not work, or a node was not reached.</summary>
    public static int Of(Diagnosis diagnosis) => diagnosis.Severity switch
    {
        Severity.Error => NotCompared,
        Severity.Warning => NotWell,
        _ => Success,
    };

    /// <summary>A cluster: 1 where a machine could not take over; 2 where an address has no holder or several, or a machine was not
    /// asked.</summary>
    public static int Of(ClusterRoles roles) =>
        !roles.IsComplete || !roles.EachIsHeldOnce ? NotCompared : roles.EachIsReady ? Success : NotWell;

    /// <summary>The files of a cluster: 1 where a member has something else; 2 where one was not looked at.</summary>
    public static int Of(IReadOnlyCollection<MemberFiles> members) =>
        members.Any(member => member.Failure is not null || member.IsOutside) ? NotCompared : members.All(member => member.Differences.IsEmpty) ? Success : NotWell;

    /// <summary>Addresses that were to be moved: 2 where they were not.</summary>
    public static int Of(MoveOutcome outcome) => outcome.IsGood ? Success : NotCompared;

    public static int Of(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Ended ended => ended.Astray.IsEmpty ? Of(ended.Reports) : NodeFailed,
        RunOutcome.NothingToSettle or RunOutcome.WouldSettle => Success,
        // Something was tried on nodes.
        RunOutcome.EarlierUnfinished => NodeFailed,
        _ => NothingPushed,
    };

    public static int Of(IEnumerable<NodeReport> reports) =>
        reports.All(report => report.IsGood && !report.IsDown) ? Success : NodeFailed;

    /// <summary>What is printed could not be written: the caller has not been told what happened.</summary>
    public const int NotWritten = 2;

    /// <summary>128 plus the signal's number, as a shell says it.</summary>
    public const int HungUp = 129;

    public const int Interrupted = 130;

    public const int Terminated = 143;
}
