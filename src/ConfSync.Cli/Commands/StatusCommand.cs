using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync status</c>: a comparison that says of each node in one line how it is.</summary>
internal sealed class StatusCommand : Command
{
    public const string Word = "status";

    private readonly SharedOptions shared;

    private NodesArgument Only { get; } = new();

    public StatusCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Say of each node, in one line, how it is; nothing is changed")
    {
        this.shared = shared;
        Add(Only);
        foreach (var option in new Option[] { shared.Format, shared.OutputFile, shared.Quiet, shared.Nodes, shared.Limit, shared.Timing }) Add(option);
        Validators.Add(result => shared.CheckOutput(result, "json", "prometheus"));
        SetAction((call, cancellation) => runner.RunAsync(call, ExitStatus.NotCompared, "looked at", shared.ReporterOf(call, DocumentKind.Status), async context =>
            context.NodesNamed(Word, Only.Named(call, shared)) is { } nodes
                ? await LookAsync(call, context, nodes, cancellation)
                : null));
    }

    private async Task<int?> LookAsync(
        ParseResult call, CommandContext context, ImmutableArray<Node> nodes, CancellationToken cancellation)
    {
        var output = context.Output;
        var (isPending, earlier) = await CompareCommand.MentionEarlierAsync(context, cancellation);
        var run = CompareCommand.RunAtWork(context);
        output.Status($"looking at {string.Join(' ', nodes)}");
        var request = new CompareRequest(context.Config, nodes, Contents: false, context.Sudo, CommandContext.Who) { Status = true };
        var status = await new CompareRun(request, context.TransportTo, context.Timeline).RunAsync(cancellation) with { Earlier = earlier };
        context.Reporter.Ended(status);
        new ComparePrinter(output.Print, output.Error).PrintProblems(status);
        var isText = shared.FormatOf(call) == OutputFormat.Text;
        var file = context.Start.AbsoluteIfAny(call.GetValue(shared.OutputFile));
        var quiet = call.GetValue(shared.Quiet);
        // What is for programs is RunReporter's.
        if (isText && !TextReport.TryPrint(ClusterStatusText.Lines(status, quiet), file, output, "status", !quiet || status.IsWell)) return null;
        CompareCommand.MentionRun(context, status, run);
        if (call.GetValue(shared.Timing)) context.PrintTiming(nodes, isText && !quiet && file is null ? output.Line : output.Error);
        return ExitStatus.Of(status, isPending);
    }
}
