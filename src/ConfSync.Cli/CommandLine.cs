using System.CommandLine;
using System.CommandLine.Help;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Inventory;

namespace ConfSync.Cli;

/// <summary>What was asked for on the command line.</summary>
/// <param name="CompareNode">One node to compare with; it need not be in NODES.</param>
/// <param name="Nodes">Some of NODES to push to or compare with; empty for all.</param>
internal sealed record Request(
    string ConfigFile, string? LogFile, bool CompareAll, string? CompareNode, bool ShowDifferences, bool Verbose,
    bool WithoutSudo, bool DryRun, bool Reload, IReadOnlyList<string> Nodes, RolloutPolicy Rollout,
    ComparePresentation Presentation, bool Timing)
{
    /// <summary>No node keeps a change unless all can.</summary>
    public bool AllOrNone { get; init; }

    /// <summary>Only finishes what an earlier push decided.</summary>
    public bool Settles { get; init; }

    public bool IsComparison => CompareAll || CompareNode is not null;

    /// <summary>Null for anything but a roll-back.</summary>
    public RollbackCall? Rollback { get; init; }

    /// <summary>Null for anything but a history.</summary>
    public HistoryCall? History { get; init; }

    /// <summary>The same with every path absolute.</summary>
    /// <exception cref="IOException">A relative path cannot be resolved.</exception>
    public Request With(StartDirectory start) => this with
    {
        ConfigFile = start.Absolute(ConfigFile),
        LogFile = start.AbsoluteIfAny(LogFile),
        Presentation = Presentation with
        {
            OutputFile = start.AbsoluteIfAny(Presentation.OutputFile),
            ReportFile = start.AbsoluteIfAny(Presentation.ReportFile),
        },
    };
}

/// <summary>The flags: those of nginx-sync.sh with their meaning, a long name for each, and this program's own.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Config = new("--config", "-f")
    {
        Description = "The configuration file",
        HelpName = "FILE",
        DefaultValueFactory = _ => SyncConfig.DefaultPath,
        Recursive = true,
    };

    private static readonly Option<string?> CompareNode = new("--compare", "-c")
    {
        Description = "Compare with one node, which need not be in NODES",
        HelpName = "NODE",
    };

    private static readonly Option<bool> CompareAll = new("--compare-all", "-C") { Description = "Compare with all nodes; nothing is changed" };

    private static readonly Option<bool> Differences = new("--diff", "-d")
    {
        Description = "With -c or -C: show the differences themselves",
    };

    private static readonly Option<bool> Verbose = new("--verbose", "-r")
    {
        Description = "Name every path that changes",
        Recursive = true,
    };

    private static readonly Option<bool> WithoutSudo = new("--no-sudo", "-u")
    {
        Description = "When not started by root: do not use sudo, here and on the nodes",
        Recursive = true,
    };

    private static readonly Option<string?> LogFile = new("--log", "-l")
    {
        Description = "Append all output to FILE as well",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<bool> DryRun = new("--dry-run", "-n")
    {
        Description = "Connect, test and say what would change, but change nothing",
    };

    private static readonly Option<bool> NoReload = new("--no-reload")
    {
        Description = "Push and test, and leave the reload to a later run",
    };

    private static readonly Option<string[]> Nodes = new("--node")
    {
        Description = "Only these of NODES; several can follow",
        HelpName = "NODE",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Serial = new("--serial")
    {
        Description = "Activate N nodes at a time, or all at once [default: the first alone, then the rest]",
        HelpName = "N|all",
    };

    private static readonly Option<bool> Timing = new("--timing")
    {
        Description = "Say at the end what the time was spent on",
    };

    private static readonly Option<bool> AllOrNone = new("--all-or-none")
    {
        Description = "No node keeps the change unless all can: one failure, and all are undone",
    };

    /// <param name="run">Does what was asked for and gives the exit status.</param>
    public static RootCommand Create(Func<Request, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand(
            "Pushes the nginx configuration of this machine to its peers: tested before it is live, undone where it fails.")
        {
            CompareNode, CompareAll, Differences, Verbose, WithoutSudo, LogFile, Config, DryRun, NoReload, Nodes, Serial, AllOrNone,
            Timing,
        };
        CompareOptions.AddTo(command, CompareNode, CompareAll);
        var help = command.Options.OfType<HelpOption>().Single();
        help.Description = "Show this help";
        help.Action = new Help((HelpAction)help.Action!);
        command.Options.OfType<VersionOption>().Single().Description = "Show the version";
        command.Validators.Add(result =>
        {
            // GetValue would convert an option that is in error itself, and throw.
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            if (Given(CompareNode) && Given(CompareAll)) result.AddError("-c and -C exclude each other: one node, or all of them?");
            if (Given(Differences) && !Given(CompareNode) && !Given(CompareAll)) result.AddError("-d needs -c NODE or -C");
            if (Given(CompareNode) && Given(Nodes)) result.AddError("-c and --node exclude each other");
            if ((Given(CompareNode) || Given(CompareAll)) &&
                (Given(DryRun) || Given(NoReload) || Given(Serial) || Given(AllOrNone)))
            {
                result.AddError("--dry-run, --no-reload, --serial and --all-or-none are for a push, -c and -C for a comparison");
            }
        });
        foreach (Option file in new Option[] { Config, LogFile })
        {
            file.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: "" }]) result.AddError($"{result.IdentifierToken?.Value} needs the name of a file");
            });
        }
        Serial.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && PolicyOf(token.Value) is null)
            {
                result.AddError($"--serial takes a number from 1 on, or \"all\", not \"{token.Value}\"");
            }
        });
        command.SetAction((result, cancellation) => run(RequestOf(result), cancellation));
        Subcommands.AddTo(command, [DryRun, NoReload, Serial, Timing], [DryRun], RequestOf, run);
        return command;
    }

    private static Request RequestOf(ParseResult result) => new(
        result.GetValue(Config)!, result.GetValue(LogFile), result.GetValue(CompareAll), result.GetValue(CompareNode),
        result.GetValue(Differences), result.GetValue(Verbose), result.GetValue(WithoutSudo), result.GetValue(DryRun),
        !result.GetValue(NoReload), result.GetValue(Nodes) ?? [],
        PolicyOf(result.GetValue(Serial)) ?? RolloutPolicy.FirstAlone,
        CompareOptions.Of(result, result.GetValue(Differences)), result.GetValue(Timing))
    {
        AllOrNone = result.GetValue(AllOrNone),
    };

    /// <summary>A wrong call is an error of a comparison if one was asked for: the exit status differs.</summary>
    public static bool AsksForComparison(ParseResult result) =>
        result.GetResult(CompareNode) is not null || result.GetResult(CompareAll) is { Implicit: false };

    /// <summary>What somebody most likely meant by a word of the call that is no command or option; null where none is
    /// near.</summary>
    public static string? Meant(ParseResult call)
    {
        var (root, command) = (call.RootCommandResult.Command, call.CommandResult.Command);
        var options = root.Options.Where(option => option.Recursive || command == root).Concat(command.Options)
            .Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return call.Tokens.Select(token => token.Value).Where(word => word.StartsWith("--", StringComparison.Ordinal) && !options.Contains(word))
            .Select(word => Spelling.Nearest(word, options))
            .Concat(call.UnmatchedTokens.Select(Subcommands.Meant))
            .FirstOrDefault(word => word is not null);
    }

    /// <summary>How to ask for the help of what was called.</summary>
    public static string HelpFor(ParseResult call) =>
        call.CommandResult.Command is RootCommand ? "nginx-sync --help" : $"nginx-sync {call.CommandResult.Command.Name} --help";

    private static RolloutPolicy? PolicyOf(string? text) => text switch
    {
        null => RolloutPolicy.FirstAlone,
        "all" => RolloutPolicy.AllAtOnce,
        _ when int.TryParse(text, System.Globalization.NumberStyles.None, null, out var size) && size > 0 => new RolloutPolicy(size),
        _ => null,
    };
}
