using System.Collections.Immutable;

namespace ConfSync.Cli.Manual;

/// <summary>What an exit status of a command means.</summary>
/// <param name="Short">For the help.</param>
/// <param name="Long">For the manual, in Markdown; null where the short text says it all.</param>
internal sealed record StatusText(int Status, string Short, string? Long = null);

/// <summary>The exit statuses of each command (<see cref="ExitStatus"/>), which the help and the manual show.</summary>
internal static class StatusTexts
{
    public static ImmutableArray<StatusText> OfPush { get; } =
    [
        new(ExitStatus.Success, "every node holds the configuration and serves it",
            "every node holds the configuration (a dry run: would take it). nginx runs there and was seen to serve it, unless `--no-reload` was given"),
        new(ExitStatus.NothingPushed, "nothing was pushed: something here is wrong (configuration, nginx -t, lock, usage)",
            "nothing was pushed: something on the primary is wrong (call, configuration file, `nginx -t`, lock, files, `POSTSYNC`)"),
        new(ExitStatus.NodeFailed, "at least one node failed, was not reached, or has no running nginx; the rest is as reported",
            "at least one node failed, or was left as it was because another one failed; or nginx does not run on one; or an earlier push to all or none " +
            "has to be finished first and could not be"),
    ];

    public static ImmutableArray<StatusText> OfComparison { get; } =
    [
        new(ExitStatus.Success, "all is well", "all is well: no difference, and nginx runs what is on its disk"),
        new(ExitStatus.NotWell, "differences, or an nginx that does not run, or runs something else; every node was compared",
            "every node was compared, and something is wrong on one: there are differences; nginx does not run (unless `EXPECT_RUNNING=no`), or does not run " +
            "what is on its disk, for certain or probably; or there are remains of a push that was cut off, on a node or in the record on the primary"),
        new(ExitStatus.NotCompared, "a node could not be compared, or something here is wrong",
            "a node could not be compared at all or in part, or something on the primary is wrong (call, configuration file, files); the output has what is " +
            "known of the other nodes. Or the report could not be written"),
    ];

    public static ImmutableArray<StatusText> OfStatus { get; } =
    [
        OfComparison[0],
        new(ExitStatus.NotWell, "differences, nginx does not run or not what is on its disk, or an unfinished push",
            "differences, an nginx that does not run, or not what is on its disk, or an unfinished push; all were looked at"),
        new(ExitStatus.NotCompared, "a node could not be looked at, or something here is wrong"),
    ];

    public static ImmutableArray<StatusText> OfInit { get; } =
    [
        new(ExitStatus.Success, "the file is written, and a push would work"),
        new(ExitStatus.NothingPushed, "nothing was written; or something here keeps a push from working"),
        new(ExitStatus.NodeFailed, "the file is written, and a push would not work on every node yet"),
    ];

    public static ImmutableArray<StatusText> OfDoctor { get; } =
    [
        new(ExitStatus.Success, "all is well"),
        new(ExitStatus.NotWell, "warnings: a push works, and something is not as it should be, or will not be for long"),
        new(ExitStatus.NotCompared, "a push does not work, or a node was not reached"),
    ];

    public static ImmutableArray<StatusText> OfCluster { get; } =
    [
        new(ExitStatus.Success, "each virtual address has one holder, and each machine could take over; show: no member differs; import: complete; move, drain, undrain: done, or nothing to do"),
        new(ExitStatus.NotWell, "each has one holder, and a machine could not take over; show: a member has something else; import: to be completed"),
        new(ExitStatus.NotCompared, "an address has no holder, or more than one; a machine was not asked, or something here is wrong; move, drain, undrain: not done"),
    ];

    public static ImmutableArray<StatusText> OfMigrate { get; } =
    [
        new(ExitStatus.Success, "no line has to be changed"),
        new(ExitStatus.NothingPushed, "a line has to be changed, or the file cannot be read"),
    ];

    public static ImmutableArray<StatusText> OfRollback { get; } =
    [
        new(ExitStatus.Success, "every node holds what it is to go back to and serves it"),
        new(ExitStatus.NothingPushed, "nothing was rolled back: something here is wrong, or it is not certain what RUN or N means"),
        OfPush[2],
    ];

    public static ImmutableArray<StatusText> OfAdopt { get; } =
    [
        new(ExitStatus.Success, "this machine holds what the node holds, or held it already"),
        new(ExitStatus.NothingPushed, "nothing was changed: refused, not confirmed, or something here is wrong"),
        new(ExitStatus.NodeFailed, "the node could not be looked at; or the change failed here, or nginx does not run here; the rest is as reported"),
    ];

    public static ImmutableArray<StatusText> OfHistory { get; } =
    [
        new(ExitStatus.Success, "every node has told"),
        new(ExitStatus.NothingPushed, "something here is wrong (configuration, usage)"),
        new(ExitStatus.NodeFailed, "a node was not reached, or could not tell"),
    ];

    public static ImmutableArray<StatusText> OfSettle { get; } =
    [
        new(ExitStatus.Success, "nothing is left to settle"),
        new(ExitStatus.NothingPushed, "nothing was done: something here is wrong, or the record is not to be trusted"),
        new(ExitStatus.NodeFailed, "at least one node could not be settled; the rest is as reported"),
    ];

    /// <summary>The same for every command.</summary>
    public static ImmutableArray<StatusText> OfSignals { get; } =
    [
        new(ExitStatus.Interrupted, "after Ctrl-C", "interrupted by SIGINT (Ctrl-C)"),
        new(ExitStatus.Terminated, "after SIGTERM", "ended by SIGTERM"),
        new(ExitStatus.HungUp, "after SIGHUP", "ended by SIGHUP"),
    ];

    /// <summary>The lines of a help page.</summary>
    public static string Lines(ImmutableArray<StatusText> texts) =>
        string.Join('\n', texts.Select(text => $"  {text.Status,-4} {text.Short}"));

    /// <summary>The signals in one line: <c>130 after Ctrl-C, 143 after SIGTERM, …</c></summary>
    public static string Signals { get; } = string.Join(", ", OfSignals.Select(signal => $"{signal.Status} {signal.Short}"));
}
