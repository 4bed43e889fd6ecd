using System.CommandLine;
using System.CommandLine.Parsing;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync adopt</c>, and <c>nginx-sync --adopt NODE</c>: a node's configuration becomes that of this machine.</summary>
internal sealed class AdoptCommand : Command
{
    public const string Word = "adopt";

    private readonly SharedOptions shared;
    private readonly CommandRunner runner;
    private readonly Option<string?> maxDelete;

    /// <summary>The same without the word.</summary>
    public Option<string?> Node { get; } = new("--adopt")
    {
        Description = "Take over to this machine what NODE holds, before a push from here; shows it and asks first",
        HelpName = "NODE",
    };

    public Option<bool> Yes { get; } = new("--yes")
    {
        Description = "Of --adopt: ask nothing",
        Arity = ArgumentArity.Zero,
    };

    private Argument<string?> Only { get; } = new("NODE")
    {
        Description = "One of NODES",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private Option<bool> Undo { get; } = new("--undo")
    {
        Description = "Put this machine back to what it held before it took something over",
        Arity = ArgumentArity.Zero,
    };

    private Option<bool> Force { get; } = new("--force")
    {
        Description = "Of --undo: overwrite what was edited here since",
        Arity = ArgumentArity.Zero,
    };

    public AdoptCommand(SharedOptions shared, CommandRunner runner, Option<string?> maxDelete)
        : base(Word, "Take over to this machine what a node holds, or undo that")
    {
        (this.shared, this.runner, this.maxDelete) = (shared, runner, maxDelete);
        Only.RefuseOptions();
        Add(Only);
        foreach (var option in Common.Concat([Undo, Force])) Add(option);
        Validators.Add(Check);
        SetAction((call, cancellation) => call.GetValue(Undo) ? UndoAsync(call, cancellation) : AdoptAsync(call, Word, call.GetValue(Only)!, cancellation));
    }

    // Those of the word and of the option.
    private IEnumerable<Option> Common => [Yes, shared.DryRun, shared.Color, shared.Quiet, maxDelete, shared.Message, shared.Wait];

    /// <summary>Finds what does not go together in a call without a word.</summary>
    public void CheckRoot(CommandResult result)
    {
        if (!result.IsGiven(Node))
        {
            if (result.IsGiven(Yes)) result.AddError($"{Yes.Name} is for {Node.Name}");
            return;
        }
        foreach (var option in result.Command.Options.Where(option => !option.Recursive && option != Node && !Common.Contains(option) && result.IsGiven(option)))
        {
            result.AddError($"{option.Name} is not for {Node.Name}");
        }
    }

    private void Check(CommandResult result)
    {
        var isNamed = result.GetResult(Only)?.Tokens is [_, ..];
        if (isNamed == result.IsGiven(Undo)) result.AddError($"{Word} takes one NODE, or {Undo.Name}");
        if (result.IsGiven(Force) && !result.IsGiven(Undo)) result.AddError($"{Force.Name} is for {Undo.Name}");
        if (result.IsGiven(Undo) && result.IsGiven(maxDelete)) result.AddError($"{maxDelete.Name} is not for {Undo.Name}");
    }

    public Task<int> RunAsync(ParseResult call, CancellationToken cancellation) => AdoptAsync(call, Node.Name, call.GetValue(Node)!, cancellation);

    private Task<int> AdoptAsync(ParseResult call, string from, string name, CancellationToken cancellation) => RunAsync(call, "taken over", async context =>
    {
        if (context.NodesNamed(from, [name]) is not { } nodes) return null;
        if (nodes is not [var node]) throw new WrongCallException($"{from} takes one node, and {Texts.Shown(name)} means {nodes.Length}");
        if ((await CompareCommand.MentionEarlierAsync(context, cancellation)).IsPending) return null;
        var config = WholeNumber.Parse(call.GetValue(maxDelete)) is { } most ? context.Config with { MaxDelete = most } : context.Config;
        var request = new AdoptRequest(config, node, context.Sudo, CommandContext.Who);
        context.Output.Status($"looking at {node}");
        var look = await context.Runs.LookToAdoptAsync(request, cancellation);
        if (look is not AdoptLook.Found { Adoption: var adoption }) return Refused(context, node, look);
        foreach (var line in AdoptText.Of(node, adoption)) context.Output.Print(line);
        var message = call.GetValue(shared.Message) is { } text ? $"{AdoptRun.Mark}{node.Name}: {text}" : $"{AdoptRun.Mark}{node.Name}";
        var run = CommandContext.NewRun(message[..Math.Min(message.Length, RunRecord.LongestMessage)]);
        var action = new AdoptAction(call.GetValue(shared.DryRun), call.GetValue(Yes), StyleOf(call, $"{node}"), node, context, call, shared);
        return await action.RunAsync(
            dryRun => new AdoptRun(request, context.Timeline).TakeAsync(adoption, run, dryRun, cancellation),
            (runs, say) => runs.AdoptAsync(request, adoption, run, say, cancellation));
    });

    private Task<int> UndoAsync(ParseResult call, CancellationToken cancellation) => RunAsync(call, "put back", async context =>
    {
        var request = new AdoptRequest(context.Config, AdoptRequest.Here, context.Sudo, CommandContext.Who);
        var adopting = new AdoptRun(request, context.Timeline);
        if (await LastAsync(adopting, cancellation) is not { } last)
        {
            context.Output.Error("nginx-sync: the last change that nginx-sync made on this machine took nothing over from a node: there is nothing to undo");
            return null;
        }
        context.Output.Print(ReportLine.Star($"This machine would go back to what it held before run {last.Run!.ShortId}{HistoryText.About(last.Run)}"));
        var run = CommandContext.NewRun(call.GetValue(shared.Message) ?? $"undo of {Texts.Shown(last.Run.Message ?? "")}");
        var action = new AdoptAction(call.GetValue(shared.DryRun), call.GetValue(Yes), StyleOf(call, "kept"), null, context, call, shared);
        var force = call.GetValue(Force);
        return await action.RunAsync(
            dryRun => adopting.UndoAsync(last, run, force, dryRun, cancellation),
            (runs, say) => runs.UndoAdoptionAsync(request, last, run, force, say, cancellation));
    });

    private static async Task<Generation?> LastAsync(AdoptRun adopting, CancellationToken cancellation)
    {
        try
        {
            return await adopting.LastAsync(cancellation);
        }
        catch (PeerException exception)
        {
            throw new WrongCallException($"what this machine keeps cannot be read: {Texts.Shown(exception.Message)}");
        }
    }

    private Task<int> RunAsync(ParseResult call, string done, Func<CommandContext, Task<int?>> work) =>
        runner.RunAsync(call, ExitStatus.NothingPushed, done, shared.ReporterOf(call, DocumentKind.Push), async context =>
        {
            context.Output.IsQuiet = call.GetValue(shared.Quiet);
            context.Output.UsesColor &= shared.Colored(call) != false;
            if (!context.RemembersRuns) throw new WrongCallException($"{Word} changes this machine and remembers that: it needs root, or sudo (leave -u out)");
            return call.GetValue(shared.DryRun) || call.GetValue(Yes) || Asker.IsPossible
                ? await work(context)
                : throw new WrongCallException($"there is no terminal to ask at: {Yes.Name} asks nothing, {shared.DryRun.Name} only shows it");
        });

    private DiffStyle StyleOf(ParseResult call, string newSide) =>
        Screen.Diff(shared.Colored(call), isTerminal: !Console.IsOutputRedirected) with { OldSide = "local", NewSide = newSide };

    private static int? Refused(CommandContext context, Node node, AdoptLook look)
    {
        switch (look)
        {
            case AdoptLook.Failed { Why: var why }:
                context.Output.Error($"nginx-sync: {node} could not be looked at ({MessageCodes.Of(why)}):\n{Texts.ShownLines(CompareText.Of(why), "    ")}");
                return ExitStatus.NodeFailed;
            case AdoptLook.Refused { Why: var why }:
                context.Output.Error($"nginx-sync: {node}: nothing was taken over ({MessageCodes.Of(why)}):\n    {RefusalText.Of(why).Replace("\n", "\n    ", StringComparison.Ordinal)}");
                return null;
            case AdoptLook.Made { Paths: var made }:
                context.Output.Error(AdoptText.Of(node, made, context.Config.PerNode.Path));
                return null;
            default:
                return null;
        }
    }
}
