using System.CommandLine;
using ConfSync.Bytes;

namespace ConfSync.Cli;

/// <param name="To">The generation to go back to; null: what was there before the last one.</param>
/// <param name="Force">Overwrite what somebody has changed on a node since.</param>
internal sealed record RollbackCall(int? To, bool Force);

/// <param name="Node">One node, which need not be in NODES; null for all.</param>
internal sealed record HistoryCall(string? Node);

/// <summary>What the command can do besides pushing and comparing: a word of its own each.</summary>
internal static class Subcommands
{
    public const string RollbackName = "rollback", HistoryName = "history", SettleName = "settle";

    private static readonly Argument<string[]> RollbackNodes = new("NODE")
    {
        Description = "Only these of NODES [default: all of them]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = "Back to the state after generation N of the node's own [default: to before its last one]",
        HelpName = "N",
    };

    private static readonly Option<bool> Force = new("--force") { Description = "Overwrite what somebody has changed there since" };

    private static readonly Argument<string?> HistoryNode = new("NODE")
    {
        Description = "One node, which need not be in NODES [default: all of NODES]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <param name="ofPush">The options of a push that a roll-back has as well.</param>
    /// <param name="ofSettling">Those that settling has.</param>
    /// <param name="requestOf">What the options that all commands share ask for.</param>
    public static void AddTo(
        RootCommand root, IReadOnlyCollection<Option> ofPush, IReadOnlyCollection<Option> ofSettling, Func<ParseResult, Request> requestOf,
        Func<Request, CancellationToken, Task<int>> run)
    {
        var rollback = new Command(RollbackName, "Put a node back to what it held before a push; tested and undone as a push is") { RollbackNodes, To, Force };
        foreach (var option in ofPush) rollback.Add(option);
        To.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && NumberOf(token.Value) is null)
            {
                result.AddError($"--to takes the number of a generation, as nginx-sync history shows them, not \"{token.Value}\"");
            }
        });
        rollback.SetAction((result, cancellation) => run(
            requestOf(result) with
            {
                Nodes = result.GetValue(RollbackNodes) ?? [],
                Rollback = new RollbackCall(NumberOf(result.GetValue(To)), result.GetValue(Force)),
            }, cancellation));
        var history = new Command(HistoryName, "Show what pushes have left on nodes to go back to; nothing is changed") { HistoryNode };
        history.SetAction((result, cancellation) => run(
            requestOf(result) with { History = new HistoryCall(result.GetValue(HistoryNode)) }, cancellation));
        foreach (Argument node in new Argument[] { RollbackNodes, HistoryNode })
        {
            // Where any word may follow, the parser takes an option that it does not know for one.
            node.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                {
                    result.AddError($"Unrecognized option '{token.Value}'");
                }
            });
        }
        var settle = new Command(SettleName, "Finish a push to all nodes or none that was decided and then cut off; nothing else is done");
        foreach (var option in ofSettling) settle.Add(option);
        settle.SetAction((result, cancellation) => run(requestOf(result) with { Settles = true }, cancellation));
        // Whatever stands before the command's word is parsed as well, and must not be taken to count when it does not.
        foreach (var command in new[] { rollback, history, settle })
        {
            root.Add(command);
            command.Validators.Add(result =>
            {
                foreach (var option in root.Options.Where(option => !option.Recursive && !command.Options.Contains(option)))
                {
                    if (result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} is not for nginx-sync {command.Name}");
                }
            });
        }
    }

    /// <summary>The call that somebody most likely meant by a word that is none; null where none is near.</summary>
    public static string? Meant(string word) =>
        Spelling.Nearest(word, [RollbackName, HistoryName, SettleName]) is { } name ? $"nginx-sync {name}" : null;

    private static int? NumberOf(string? text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) ? number : null;
}
