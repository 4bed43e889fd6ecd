using System.CommandLine;
using ConfSync.Events;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync rollback</c>.</summary>
internal sealed class RollbackCommand : Command
{
    public const string Word = "rollback";

    private readonly SharedOptions shared;

    private NodesArgument Only { get; } = new();

    private Option<string?> To { get; } = new("--to")
    {
        Description = "Back to the state after a run, or after a generation N of the node's own [default: to before the last run]",
        HelpName = "RUN|N",
    };

    private Option<bool> Force { get; } = new("--force")
    {
        Description = "Overwrite what was changed on the node since",
        Arity = ArgumentArity.Zero,
    };

    private Option<bool> Plan { get; } = new("--plan")
    {
        Description = "The same as --dry-run: what would go back, to which run, and whose work that undoes",
        Arity = ArgumentArity.Zero,
    };

    public RollbackCommand(SharedOptions shared, CommandRunner runner)
        : base(Word, "Put a node back to what it held before a push; tested and undone as a push is")
    {
        this.shared = shared;
        Add(Only);
        foreach (var option in shared.Documents.Concat([To, Force, shared.Limit, shared.DryRun, Plan, shared.Differences, shared.Color, shared.Quiet, shared.NoReload, shared.Serial, shared.Message, shared.Wait, shared.Timing])) Add(option);
        Validators.Add(result => shared.CheckRunOutput(result));
        To.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !IsRun(token.Value) && WholeNumber.Parse(token.Value) is null)
            {
                result.AddError($"--to takes a run (seven letters and digits of it at least, small ones) or the number of a generation, as nginx-sync history shows them, not \"{token.Value}\"");
            }
        });
        SetAction((call, cancellation) => runner.RunAsync(
            call, ExitStatus.NothingPushed, "rolled back", shared.ReporterOf(call, DocumentKind.Rollback), context => RollBackAsync(call, context, cancellation)));
    }

    /// <summary>A run's ID as history shows it, or more of it. No node has a generation with so high a number.</summary>
    private static bool IsRun(string text) => text.Length is >= 7 and <= 16 && text.All(char.IsAsciiHexDigitLower);

    // A user who names nodes has said which ones are meant.
    private static RollbackTarget TargetOf(string? to, bool namesNodes) => to switch
    {
        { } run when IsRun(run) => new RollbackTarget.Run(run),
        { } number => new RollbackTarget.Generation(WholeNumber.Parse(number)!.Value),
        null when namesNodes => new RollbackTarget.BeforeLastGeneration(),
        null => new RollbackTarget.BeforeLastRun(),
    };

    private async Task<int?> RollBackAsync(ParseResult call, CommandContext context, CancellationToken cancellation)
    {
        context.Output.IsQuiet = call.GetValue(shared.Quiet);
        var named = call.GetValue(Only) ?? [];
        if (context.NodesNamed(Word, named) is not { } nodes)
        {
            // The run or the number that the user wants to go back to, most likely.
            if (named.Any(word => IsRun(word) || WholeNumber.Parse(word) is not null)) context.Output.Error("If that is a run or a generation: nginx-sync rollback --to");
            return null;
        }
        var rollback = new RollbackRequest(
            context.Config, nodes, TargetOf(call.GetValue(To), named.Length > 0 || call.GetValue(shared.Limit) is not null), call.GetValue(Force), call.GetValue(shared.DryRun) || call.GetValue(Plan),
            !call.GetValue(shared.NoReload), context.Config.Ordered(shared.Rollout(call), nodes.Length), context.Sudo, CommandContext.Who)
        {
            Run = CommandContext.NewRun(call.GetValue(shared.Message)),
            Contents = call.GetValue(shared.Differences) || call.GetValue(shared.ReportFile) is not null,
        };
        context.Output.UsesColor &= shared.Colored(call) != false;
        using var printer = context.PrinterOf(nodes, new RunNature(RunKind.Rollback, rollback.DryRun), rollback.Run, shared.DiffOf(call, "kept"));
        var outcome = await context.RunsOf(shared, call).RollBackAsync(rollback, printer.Take, cancellation);
        if (outcome is not RunOutcome.Ended { Reports: var reports }) return context.Explain(outcome, "rolled back");
        printer.Ended(reports);
        if (call.GetValue(shared.Timing)) context.PrintTiming(nodes);
        printer.Conclude(reports);
        return ExitStatus.Of(outcome);
    }
}
