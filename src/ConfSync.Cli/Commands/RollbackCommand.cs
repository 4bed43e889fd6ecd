using System.CommandLine;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync rollback</c>.</summary>
internal sealed class RollbackCommand : Command
{
    public const string Word = "rollback";

    private readonly SharedOptions shared;

    private Argument<string[]> Only { get; } = new("NODE")
    {
        Description = "Only these of NODES [default: all of them]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private Option<string?> To { get; } = new("--to")
    {
        Description = "Back to the state after generation N of the node's own [default: to before its last one]",
        HelpName = "N",
    };

    private Option<bool> Force { get; } = new("--force")
    {
        Description = "Overwrite what somebody has changed there since",
        Arity = ArgumentArity.Zero,
    };

    public RollbackCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Put a node back to what it held before a push; tested and undone as a push is")
    {
        this.shared = shared;
        Add(Only);
        foreach (var option in new Option[] { To, Force, shared.DryRun, shared.NoReload, shared.Serial, shared.Timing }) Add(option);
        Only.RefuseOptions();
        To.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && WholeNumber.Parse(token.Value) is null)
            {
                result.AddError($"--to takes the number of a generation, as nginx-sync history shows them, not \"{token.Value}\"");
            }
        });
        SetAction((call, cancellation) => runner.RunAsync(
            call, ExitStatus.NothingPushed, "rolled back", context => RollBackAsync(call, context, cancellation)));
    }

    private async Task<int?> RollBackAsync(ParseResult call, CommandContext context, CancellationToken cancellation)
    {
        if (context.NodesNamed(Word, call.GetValue(Only) ?? []) is not { } nodes) return null;
        var printer = new PushPrinter(context.Output, nodes, context.PushText(isRollback: true));
        var rollback = new RollbackRequest(
            context.Config, nodes, WholeNumber.Parse(call.GetValue(To)), call.GetValue(Force), call.GetValue(shared.DryRun),
            !call.GetValue(shared.NoReload), shared.Rollout(call), context.Sudo, context.Who);
        var outcome = await context.Runs.RollBackAsync(rollback, printer.Take, cancellation);
        if (outcome is not RunOutcome.Ended { Reports: var reports }) return context.Explain(outcome, "rolled back");
        printer.Ended(reports);
        if (call.GetValue(shared.Timing)) context.PrintTiming(nodes, context.Output.Line);
        return ExitStatus.Of(reports);
    }
}
