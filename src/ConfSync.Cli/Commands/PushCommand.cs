using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>A push, which is what <c>nginx-sync</c> does without a word.</summary>
internal sealed class PushCommand
{
    private readonly SharedOptions shared;

    public Option<bool> AllOrNone { get; } = new("--all-or-none")
    {
        Description = "No node keeps the change unless all can: one failure, and all are undone",
        Arity = ArgumentArity.Zero,
    };

    private Option<bool> Force { get; } = new("--force")
    {
        Description = "Overwrite also what another primary pushed and this one never had, and edits despite OVERWRITE=no; push also while several machines hold an address",
        Arity = ArgumentArity.Zero,
    };

    public Option<string?> MaxDelete { get; } = new("--max-delete")
    {
        Description = "How many paths may be deleted on each node [default: MAX_DELETE; or ten, and more where half is left]",
        HelpName = "N",
    };

    private Option<string?> IfHolder { get; } = new("--if-holder")
    {
        Description = "Push only if this machine holds the virtual address [of the instance INSTANCE]; else do nothing, with status 0",
        HelpName = "INSTANCE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public PushCommand(SharedOptions shared)
    {
        this.shared = shared;
        MaxDelete.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && WholeNumber.Parse(token.Value) is null)
            {
                result.AddError($"--max-delete takes a number of paths, not \"{token.Value}\"");
            }
        });
    }

    /// <summary>The options that a comparison does not have.</summary>
    public IReadOnlyList<Option> Own => [shared.DryRun, shared.NoReload, shared.Serial, AllOrNone, MaxDelete, Force, IfHolder, shared.Message, shared.Wait];

    public Task<int> RunAsync(ParseResult call, CommandRunner runner, CancellationToken cancellation) =>
        RunAsync(call, runner, "--node", call.GetValue(shared.Nodes) ?? [], cancellation);

    /// <param name="from">What the user gave the nodes to.</param>
    /// <param name="only">The nodes as the user named them; none for all.</param>
    public Task<int> RunAsync(ParseResult call, CommandRunner runner, string from, string[] only, CancellationToken cancellation) =>
        runner.RunAsync(call, ExitStatus.NothingPushed, "pushed", shared.ReporterOf(call, DocumentKind.Push), async context =>
            context.NodesNamed(from, only) is { } nodes ? await PushAsync(call, context, nodes, cancellation) : null);

    private async Task<int?> PushAsync(
        ParseResult call, CommandContext context, ImmutableArray<Node> nodes, CancellationToken cancellation)
    {
        context.Output.IsQuiet = call.GetValue(shared.Quiet);
        var isAsked = call.GetResult(IfHolder) is { Implicit: false };
        if (isAsked || context.Config.PrimaryHolds is not null)
        {
            var elsewhere = await new HolderCheck(context).StatusUnlessHolderAsync(isAsked ? call.GetValue(IfHolder) : context.Config.PrimaryHolds, cancellation);
            if (elsewhere is not null) return elsewhere;
        }
        context.Output.UsesColor &= shared.Colored(call) != false;
        var rollout = context.Config.Ordered(shared.Rollout(call), nodes.Length) with { AllOrNone = call.GetValue(AllOrNone) || context.Config.AllOrNone };
        var config = WholeNumber.Parse(call.GetValue(MaxDelete)) is { } most ? context.Config with { MaxDelete = most } : context.Config;
        var push = new PushRequest(
            config, nodes, call.GetValue(shared.DryRun), !call.GetValue(shared.NoReload), rollout, context.Sudo, CommandContext.Who)
        {
            Run = CommandContext.NewRun(call.GetValue(shared.Message)),
            Force = call.GetValue(Force),
            Indexes = ScanIndexFiles.OfThisMachine,
            Contents = call.GetValue(shared.Differences) || call.GetValue(shared.ReportFile) is not null,
        };
        var nature = new RunNature(RunKind.Push, push.DryRun, rollout.AllOrNone);
        using var printer = context.PrinterOf(nodes, nature, push.Run, shared.DiffOf(call, "local"));
        var outcome = await context.RunsOf(shared, call).PushAsync(push, printer.Take, cancellation);
        if (outcome is not RunOutcome.Ended { Reports: var reports }) return context.Explain(outcome, "pushed");
        printer.Ended(reports);
        foreach (var line in await FailureCheckup.LinesAsync(context, reports, cancellation)) context.Output.Error(line);
        if (call.GetValue(shared.Timing)) context.PrintTiming(nodes);
        printer.Conclude(reports);
        return ExitStatus.Of(outcome);
    }
}
