using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>A comparison, which is asked for by -c or -C as of nginx-sync.sh.</summary>
internal sealed class CompareCommand
{
    private readonly SharedOptions shared;

    public Option<string?> Node { get; } = new("--compare", "-c")
    {
        Description = "Compare with one node, which need not be in NODES",
        HelpName = "NODE",
    };

    public Option<bool> All { get; } = new("--compare-all", "-C")
    {
        Description = "Compare with all nodes; nothing is changed",
        Arity = ArgumentArity.Zero,
    };

    private Option<bool> SideBySide { get; } = new("--side-by-side", "-w")
    {
        Description = "Of a comparison: show the differences in two columns",
        Arity = ArgumentArity.Zero,
    };

    public CompareCommand(SharedOptions shared) => this.shared = shared;

    /// <summary>The options that only a comparison has.</summary>
    public IReadOnlyList<Option> Presentation => [SideBySide];

    public bool IsAskedFor(ParseResult call) => call.GetValue(All) || call.GetValue(Node) is not null;

    /// <summary>The same of a call that may be wrong.</summary>
    public bool IsMentioned(ParseResult call) => call.CommandResult.Command is CompareWord or StatusCommand or DoctorCommand || call.GetResult(Node) is not null || call.RootCommandResult.IsGiven(All);

    /// <summary>Finds what does not go together.</summary>
    public void Check(CommandResult result, PushCommand push)
    {
        var asked = result.IsGiven(Node) || result.IsGiven(All);
        if (result.IsGiven(Node) && result.IsGiven(All)) result.AddError("-c and -C exclude each other: one node, or all of them?");
        if (result.IsGiven(Node) && result.IsGiven(shared.Nodes)) result.AddError("-c and --node exclude each other");
        if (result.IsGiven(Node) && result.IsGiven(shared.Limit)) result.AddError("-c and --limit exclude each other");
        if (asked && push.Own.Any(result.IsGiven))
        {
            var names = push.Own.Select(option => option.Name).ToList();
            result.AddError($"{string.Join(", ", names.SkipLast(1))} and {names[^1]} are for a push, -c and -C for a comparison");
        }
        if (asked)
        {
            CheckFormat(result);
            return;
        }
        foreach (var option in Presentation.Where(result.IsGiven)) result.AddError($"{option.Name} needs -c NODE or -C");
        shared.CheckRunOutput(result);
    }

    /// <summary>Refuses the formats that a comparison does not have.</summary>
    public void CheckFormat(CommandResult result) => shared.CheckOutput(result, "json", "prometheus");

    public Task<int> RunAsync(ParseResult call, CommandRunner runner, CancellationToken cancellation) => RunAsync(
        call, runner,
        context => call.GetValue(Node) is { } only ? context.AnyNode("-c", only) : context.NodesNamed("--node", call.GetValue(shared.Nodes) ?? []),
        differences: false, cancellation);

    /// <param name="nodesOf">The nodes to compare with; null where they make no sense and that has been said.</param>
    /// <param name="differences">The differences themselves are shown, whether the call says so or not.</param>
    public Task<int> RunAsync(
        ParseResult call, CommandRunner runner, Func<CommandContext, ImmutableArray<Node>?> nodesOf, bool differences,
        CancellationToken cancellation) =>
        runner.RunAsync(call, ExitStatus.NotCompared, "compared", shared.ReporterOf(call, DocumentKind.Comparison), async context => nodesOf(context) is { } nodes
            ? await CompareAsync(call, context, nodes, PresentationOf(call, context.Start, differences), cancellation)
            : null);

    private async Task<int?> CompareAsync(
        ParseResult call, CommandContext context, ImmutableArray<Node> nodes, ComparePresentation presentation,
        CancellationToken cancellation)
    {
        var output = context.Output;
        var comparing = new CompareRequest(context.Config, nodes, presentation.NeedsContents, context.Sudo, CommandContext.Who);
        if (presentation.IsWatched) new ComparePrinter(output.Print, output.Error).Begin();
        var (isPending, earlier) = await MentionEarlierAsync(context, cancellation);
        var run = RunAtWork(context);
        output.Status($"comparing with {string.Join(' ', nodes)}");
        var comparison = await new CompareRun(comparing, context.TransportTo, context.Timeline).RunAsync(cancellation) with { Earlier = earlier };
        context.Reporter.Ended(comparison);
        try
        {
            CompareReporter.Report(comparison, presentation, output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: the report cannot be written: {Texts.Shown(exception.Message)}");
            context.Reporter.Fail(new RunError.NotWritten(exception.Message));
            return null;
        }
        MentionRun(context, comparison, run);
        foreach (var node in comparison.Nodes) context.MentionNodes(node.Node, (node.Failure as LookFailure.Said)?.Login);
        // A document that a program reads stays one.
        if (call.GetValue(shared.Timing)) context.PrintTiming(nodes, presentation.IsWatched ? output.Line : output.Error);
        return ExitStatus.Of(comparison, isPending);
    }

    /// <summary>Says of a push to all or none that was cut off that it is there.</summary>
    /// <returns>Whether there is one, or that cannot be told; and the push, if it can.</returns>
    public static async Task<(bool IsPending, UnfinishedPush? Push)> MentionEarlierAsync(CommandContext context, CancellationToken cancellation)
    {
        try
        {
            var earlier = await context.Runs.FindEarlierAsync(context.Sudo, cancellation);
            if (earlier is not null) context.Output.Warning(PendingText.Of(earlier));
            return (earlier is not null, earlier);
        }
        catch (PrimaryException exception)
        {
            context.Output.Warning(PrimaryText.Warning(exception.Problem));
            return (true, null);
        }
    }

    /// <summary>The run that is at work on this machine; null for none.</summary>
    public static LockHolder? RunAtWork(CommandContext context) => RunLock.RunThatHolds(context.Config.LockFile, context.Sudo);

    /// <summary>Says of findings that a run may have made them, because it was at work before or after the nodes were looked at.</summary>
    /// <param name="before">What <see cref="RunAtWork"/> gave before.</param>
    public static void MentionRun(CommandContext context, Comparison comparison, LockHolder? before)
    {
        if (!comparison.IsWell && (before ?? RunAtWork(context)) is { } run) context.Output.Warning(PendingText.AtWork(run));
    }

    private ComparePresentation PresentationOf(ParseResult call, StartDirectory start, bool differences) => new(
        differences || call.GetValue(shared.Differences), call.GetValue(SideBySide), call.GetValue(shared.Quiet),
        shared.FormatOf(call), start.AbsoluteIfAny(call.GetValue(shared.OutputFile)),
        shared.Colored(call),
        call.GetValue(shared.ReportFile) is not null)
    {
        Verbose = call.GetValue(shared.Verbose),
    };
}
