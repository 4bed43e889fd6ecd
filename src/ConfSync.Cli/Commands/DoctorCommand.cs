using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync doctor</c>: what would keep a push from working, on the primary and on each node, and what to do.</summary>
internal sealed class DoctorCommand : Command
{
    public const string Word = "doctor";

    private readonly SharedOptions shared;

    private NodesArgument Only { get; } = new();

    public DoctorCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Find what would keep a push from working, and say what to do; nothing is changed")
    {
        this.shared = shared;
        Add(Only);
        foreach (var option in new Option[] { shared.Format, shared.OutputFile, shared.Quiet, shared.Nodes, shared.Limit }) Add(option);
        Validators.Add(result => shared.CheckOutput(result, "json"));
        SetAction((call, cancellation) => runner.RunAsync(call, ExitStatus.NotCompared, "looked at", shared.ReporterOf(call, DocumentKind.Doctor), async context =>
            context.NodesNamed(Word, Only.Named(call, shared)) is { } nodes
                ? await LookAsync(call, context, nodes, cancellation)
                : null));
    }

    private async Task<int?> LookAsync(ParseResult call, CommandContext context, ImmutableArray<Node> nodes, CancellationToken cancellation)
    {
        var output = context.Output;
        output.Status($"looking at {string.Join(' ', nodes)}");
        var request = new DoctorRequest(context.Config, nodes, context.Sudo, CommandContext.Who);
        var diagnosis = await new DoctorRun(request, context.TransportTo, context.Timeline).RunAsync(cancellation);
        context.Reporter.Ended(diagnosis);
        var file = context.Start.AbsoluteIfAny(call.GetValue(shared.OutputFile));
        var isText = shared.FormatOf(call) == OutputFormat.Text;
        return isText && !TextReport.TryPrint(DoctorText.Lines(diagnosis, call.GetValue(shared.Quiet)), file, output, "findings", isWell: !call.GetValue(shared.Quiet)) ? null : ExitStatus.Of(diagnosis);
    }
}
