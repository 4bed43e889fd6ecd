using System.CommandLine;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync settle</c>.</summary>
internal sealed class SettleCommand : Command
{
    public const string Word = "settle";

    public SettleCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Finish a push to all nodes or none that was decided and then cut off; nothing else is done")
    {
        Add(shared.DryRun);
        SetAction((call, cancellation) => runner.RunAsync(
            call, ExitStatus.NothingPushed, "pushed", context => SettleAsync(call.GetValue(shared.DryRun), context, cancellation)));
    }

    private static async Task<int?> SettleAsync(bool dryRun, CommandContext context, CancellationToken cancellation)
    {
        if (context.NodesNamed(Word, []) is not { } nodes) return null;
        using var printer = context.PrinterOf(nodes, context.TextOf(new RunNature(RunKind.Settlement, dryRun)));
        var request = new PushRequest(
            context.Config, nodes, dryRun, Reload: true, RolloutPolicy.FirstAlone, context.Sudo, context.Who)
        {
            Run = CommandContext.NewRun(message: null),
        };
        var outcome = await context.Runs.SettleAsync(request, printer.Take, cancellation);
        if (outcome is RunOutcome.WouldSettle { Earlier: var earlier })
        {
            foreach (var line in PendingText.OfDryRun(earlier)) context.Output.Print(line);
        }
        if (outcome is RunOutcome.NothingToSettle) context.Output.Line("nginx-sync: nothing is left to settle");
        return context.Explain(outcome, "pushed");
    }
}
