using System.Collections.Frozen;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ConfSync.Bytes;

namespace ConfSync.Cli.Commands;

/// <summary>The commands put together: a push or comparison as nginx-sync.sh called them, by flags, with the same meaning;
/// and this program's own, by a word each. Options have a long name too.</summary>
internal sealed class CommandLine
{
    private readonly SharedOptions shared = new();
    private readonly PushCommand push;
    private readonly CompareCommand compare;

    /// <summary>What the arguments are parsed with.</summary>
    // What users of other tools try.
    private static readonly FrozenDictionary<string, string> Synonyms = new Dictionary<string, string>
    {
        ["version"] = "nginx-sync --version",
        ["-v"] = "nginx-sync --version, or -r to name every path",
        ["-V"] = "nginx-sync --version",
        ["dry-run"] = "nginx-sync --dry-run",
        ["undo"] = "nginx-sync rollback",
        ["restore"] = "nginx-sync rollback",
        ["revert"] = "nginx-sync rollback",
        ["log"] = "nginx-sync history",
        ["check"] = "nginx-sync compare",
        ["test"] = "nginx-sync --dry-run",
        ["plan"] = "nginx-sync --dry-run",
        ["sync"] = "nginx-sync push",
        ["pull"] = "nginx-sync adopt",
        ["diagnose"] = "nginx-sync doctor",
        ["setup"] = "nginx-sync init",
        ["configure"] = "nginx-sync init",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public RootCommand Root { get; }

    /// <param name="runnerOf">Makes what runs a command, from the options that all of them have.</param>
    /// <param name="start">What relative paths of the command line are relative to.</param>
    public CommandLine(Func<SharedOptions, CommandRunner> runnerOf, StartDirectory start)
    {
        var runner = runnerOf(shared);
        push = new PushCommand(shared);
        compare = new CompareCommand(shared);
        Root = new RootCommand("Pushes the nginx configuration of this machine to its peers: tested before it is live, undone where it fails.")
        {
            compare.Node, compare.All, shared.Differences, shared.Color, shared.Quiet, shared.Verbose, shared.WithoutSudo, shared.LogFile, shared.Config,
            shared.Nodes, shared.Limit, shared.Timing, shared.Format, shared.OutputFile, shared.ReportFile,
        };
        var adopt = new AdoptCommand(shared, runner, push.MaxDelete);
        foreach (var option in push.Own.Concat(compare.Presentation).Concat([adopt.Node, adopt.Yes])) Root.Add(option);
        var help = Root.Options.OfType<HelpOption>().Single();
        help.Description = "Show this help";
        help.Action = new Help((HelpAction)help.Action!);
        var version = Root.Options.OfType<VersionOption>().Single();
        (version.Description, version.Action) = ("Show the version", new VersionAction());
        Root.Validators.Add(result => compare.Check(result, push));
        Root.Validators.Add(adopt.CheckRoot);
        Root.SetAction((call, cancellation) =>
            call.GetValue(adopt.Node) is not null ? adopt.RunAsync(call, cancellation)
            : compare.IsAskedFor(call) ? compare.RunAsync(call, runner, cancellation)
            : push.RunAsync(call, runner, cancellation));
        Command[] words =
        [
            new PushWord(push, shared, runner), CompareWord.Compare(compare, shared, runner), CompareWord.Diff(compare, shared, runner),
            new StatusCommand(shared, runner), new DoctorCommand(shared, runner), new ClusterCommand(shared, runner),
            new RollbackCommand(shared, runner), adopt, new HistoryCommand(shared, runner), new SettleCommand(shared, runner),
            new InitCommand(shared, start, CallAsync), new MigrateCommand(shared, start), new HelpCommand(Root), new CompletionCommand(),
        ];
        foreach (var word in words) AddWord(word);
        Root.Add(new CompleteCommand(Root, shared, start));
        Root.Add(new ManualCommand(Root, start));
    }

    /// <summary>Makes another call, as if it came from the command line.</summary>
    private Task<int> CallAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => Root.Parse(arguments)
        .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, cancellation);

    /// <summary>The exit status of a wrong call: a comparison's where one was asked for.</summary>
    public int StatusOfWrong(ParseResult call) => compare.IsMentioned(call) ? ExitStatus.NotCompared : ExitStatus.NothingPushed;

    /// <summary>What the user most likely meant by a word of the call that is no command or option; null where none is
    /// near.</summary>
    public static string? Meant(ParseResult call)
    {
        var (root, command) = (call.RootCommandResult.Command, call.CommandResult.Command);
        var options = root.Options.Where(option => option.Recursive || command == root).Concat(command.Options)
            .Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return call.Tokens.Select(token => token.Value).Where(word => word.StartsWith("--", StringComparison.Ordinal) && !options.Contains(word))
            .Select(word => word == "--node" && command != root ? $"nginx-sync {command.Name} NODE" : Spelling.Nearest(word, options))
            .Concat(call.UnmatchedTokens.Select(word => WordNear(word, root)))
            .FirstOrDefault(word => word is not null);
    }

    /// <summary>Where a word of the call is no command: the call that it would be a node for; null where there is no such word.</summary>
    public string? AsNode(ParseResult call) =>
        call.CommandResult.Command is not RootCommand || call.UnmatchedTokens is [] or [['-', ..], ..] || Synonyms.ContainsKey(call.UnmatchedTokens[0]) ? null
        : $"nginx-sync {(compare.IsMentioned(call) ? "compare" : "push")} {string.Join(' ', call.Tokens.Select(token => token.Value).Where(word => word is not ("-C" or "--compare-all")).Select(ShellWord.Of))}";

    /// <summary>What is wrong with a call, in words that name what an option takes.</summary>
    // The parser's own sentence names the option alone.
    public static string Words(ParseError error) =>
        error is { SymbolResult: OptionResult { Tokens.Count: 0 } given } && error.Message.StartsWith("Required argument missing", StringComparison.Ordinal)
            ? $"{given.IdentifierToken?.Value ?? given.Option.Name} needs a value: {given.Option.HelpName ?? "see the help"}"
            : error.Message;

    /// <summary>How to ask for the help of what was called.</summary>
    public static string HelpFor(ParseResult call) =>
        call.CommandResult.Command is RootCommand ? "nginx-sync --help" : $"nginx-sync {call.CommandResult.Command.Name} --help";

    /// <summary>What the parser would take for something else; null where nothing is.</summary>
    public string? LookalikeIn(IReadOnlyList<string> arguments) =>
        Lookalikes.Find(arguments, [.. Root.Options.Concat(Root.Subcommands.SelectMany(command => command.Options)).Distinct()]);

    private static string? WordNear(string word, Command root) => Synonyms.GetValueOrDefault(word) ??
        (Spelling.Nearest(word, root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)) is { } name ? $"nginx-sync {name}" : null);

    // The parser also takes what stands before the command's word. It must not seem to count when it does not.
    private void AddWord(Command word)
    {
        Root.Add(word);
        word.Validators.Add(result =>
        {
            foreach (var option in Root.Options.Where(option => !option.Recursive && !word.Options.Contains(option)))
            {
                if (result.IsGiven(option)) result.AddError($"{option.Name} is not for nginx-sync {word.Name}");
            }
        });
    }
}
