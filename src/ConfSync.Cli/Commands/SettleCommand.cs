using System.CommandLine;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync settle</c>.</summary>
internal sealed class SettleCommand : Command
{
    public const string Word = "settle";

    private const string Nothing = "nothing is left to settle";

    private readonly SharedOptions shared;

    public SettleCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Finish a push to all nodes or none that was decided and then cut off; nothing else is done")
    {
        this.shared = shared;
        foreach (var option in new Option[] { shared.DryRun, shared.Quiet, shared.Wait, shared.Format, shared.OutputFile }) Add(option);
        Validators.Add(result => shared.CheckRunOutput(result));
        SetAction((call, cancellation) => runner.RunAsync(
            call, ExitStatus.NothingPushed, "settled", shared.ReporterOf(call, DocumentKind.Settle), context => SettleAsync(call, context, cancellation)));
    }

    private async Task<int?> SettleAsync(ParseResult call, CommandContext context, CancellationToken cancellation)
    {
        context.Output.IsQuiet = call.GetValue(shared.Quiet);
        var dryRun = call.GetValue(shared.DryRun);
        if (context.NodesNamed(Word, []) is not { } nodes) return null;
        var request = new PushRequest(
            context.Config, nodes, dryRun, Reload: true, RolloutPolicy.FirstAlone, context.Sudo, CommandContext.Who)
        {
            Run = CommandContext.NewRun(message: null),
        };
        using var printer = context.PrinterOf(nodes, new RunNature(RunKind.Settlement, dryRun), request.Run);
        var outcome = await context.RunsOf(shared, call).SettleAsync(request, printer.Take, cancellation);
        if (outcome is RunOutcome.Ended { Reports: var reports }) context.Reporter.Ended(reports);
        if (outcome is RunOutcome.WouldSettle { Earlier: var earlier })
        {
            var lines = PendingText.OfDryRun(earlier).ToList();
            foreach (var line in lines) context.Output.Print(line);
            context.Reporter.Ended(earlier.Nodes.Select(node => new NodeReport.WouldUpdate(node.Node, node.Changes, NodeTest.None)), lines[^1].Text);
        }
        if (outcome is RunOutcome.NothingToSettle)
        {
            context.Output.Line($"nginx-sync: {Nothing}");
            context.Reporter.Ended([], Nothing);
        }
        return context.Explain(outcome, "settled");
    }
}
