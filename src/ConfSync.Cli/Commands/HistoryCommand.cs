using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync history</c>.</summary>
internal sealed class HistoryCommand : Command
{
    public const string Word = "history";

    // Of each generation of one node, unless all are wanted.
    private const int FirstPaths = 3;

    private Argument<string?> Node { get; } = new("NODE")
    {
        Description = "One node, which need not be in NODES [default: all of NODES]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public HistoryCommand(SharedOptions shared, CommandRunner runner) : base(Word, "Show what pushes have left on nodes to go back to; nothing is changed")
    {
        foreach (var option in new Option[] { shared.Format, shared.OutputFile }) Add(option);
        Add(Node);
        Validators.Add(result => shared.CheckOutput(result, "json"));
        Validators.Add(result => shared.CheckOutputFile(result, "json"));
        Node.RefuseOptions();
        SetAction((call, cancellation) => runner.RunAsync(
            call, ExitStatus.NothingPushed, "changed", shared.ReporterOf(call, DocumentKind.History), context => ShowAsync(call.GetValue(Node), context, cancellation)));
    }

    private static async Task<int?> ShowAsync(string? only, CommandContext context, CancellationToken cancellation)
    {
        if ((only is null ? context.NodesNamed(Word, []) : context.AnyNode(Word, only)) is not { } nodes) return null;
        var changes = context.Verbose ? int.MaxValue : only is null ? 0 : FirstPaths;
        context.Output.Status($"asking {string.Join(' ', nodes)}");
        var run = new HistoryRun(context.Config, nodes, changes, context.Sudo, CommandContext.Who, context.TransportTo);
        var recorded = RecordedAsync(context, cancellation);
        var histories = await run.RunAsync(cancellation);
        context.Reporter.Ended(histories, await recorded);
        var lines = only is null ? RunHistoryText.Of(histories, await recorded, context.Verbose) : histories.SelectMany(HistoryText.OfNode);
        foreach (var line in lines) context.Output.Print(line);
        foreach (var history in histories) context.MentionNodes(history.Node, history.Failure?.Login);
        return histories.All(history => history.Failure is null) ? ExitStatus.Success : ExitStatus.NodeFailed;
    }

    // What nodes keep is worth showing without it.
    private static async Task<ImmutableArray<RecordedRun>> RecordedAsync(CommandContext context, CancellationToken cancellation)
    {
        try
        {
            return await context.Runs.RecordedAsync(context.Sudo, cancellation);
        }
        catch (PeerException exception)
        {
            context.Output.Warning($"nginx-sync: warning: what became of nodes in earlier runs is not known here: {Texts.Shown(exception.Message)}");
            return [];
        }
    }
}
