using System.CommandLine;
using System.CommandLine.Parsing;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Reports;

namespace ConfSync.Cli.Commands;

/// <summary>The options that several commands have, each with its check. Those that are recursive, all commands have.</summary>
internal sealed class SharedOptions
{
    private const string Text = "text";

    public Option<string> Config { get; } = new("--config", "-f")
    {
        Description = "The configuration file",
        HelpName = "FILE",
        DefaultValueFactory = _ => SyncConfig.DefaultPath,
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-r")
    {
        Description = "Name every path that changes",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    public Option<bool> WithoutSudo { get; } = new("--no-sudo", "-u")
    {
        Description = "Do not use sudo where a user is not root, here and on the nodes",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    public Option<string?> LogFile { get; } = new("--log", "-l")
    {
        Description = "Append all output to FILE as well",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<bool> DryRun { get; } = new("--dry-run", "-n")
    {
        Description = "Connect, test and say what would change, but change nothing",
        Arity = ArgumentArity.Zero,
    };

    public Option<bool> NoReload { get; } = new("--no-reload")
    {
        Description = "Push and test, and leave the reload to a later run",
        Arity = ArgumentArity.Zero,
    };

    public Option<bool> Differences { get; } = new("--diff", "-d")
    {
        Description = "Show the differences themselves, of a comparison or of what a push or a roll-back changes",
        Arity = ArgumentArity.Zero,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Print only what is wrong, and nothing if all is well",
        Arity = ArgumentArity.Zero,
    };

    public Option<string?> Color { get; } = new("--color")
    {
        Description = "Colour the differences: auto, always or never",
        HelpName = "WHEN",
    };

    public Option<string[]> Nodes { get; } = new("--node")
    {
        Description = "Only these of NODES: several, a,b, patterns, !NODE for all others",
        HelpName = "NODE",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Limit { get; } = new("--limit")
    {
        Description = "Only the nodes of this pattern of Ansible's, which may name groups of the inventory",
        HelpName = "PATTERN",
    };

    public Option<string?> Serial { get; } = new("--serial")
    {
        Description = "Activate N nodes at a time, or all at once [default: the first alone, then the rest]",
        HelpName = "N|all",
    };

    public Option<string?> Message { get; } = new("--message", "-m")
    {
        Description = "Why; nginx-sync history shows it",
        HelpName = "TEXT",
    };

    public Option<string?> Wait { get; } = new("--wait")
    {
        Description = "If another run holds the lock of this machine: wait for it so long, in seconds [default: 0]",
        HelpName = "SECONDS",
    };

    public Option<string?> Format { get; } = new("--output")
    {
        Description = "How to report: text, json, jsonl (not of a comparison) or prometheus",
        HelpName = "FORMAT",
    };

    public Option<string?> OutputFile { get; } = new("--output-file", "-o")
    {
        Description = "Write the report to FILE, in one step",
        HelpName = "FILE",
    };

    public Option<string?> ReportFile { get; } = new("--report")
    {
        Description = "Write a page for a browser to FILE as well",
        HelpName = "FILE",
    };

    /// <summary>The three that say what else is made of a run than text.</summary>
    public IEnumerable<Option> Documents => [Format, OutputFile, ReportFile];

    public Option<bool> Timing { get; } = new("--timing")
    {
        Description = "Say at the end what the time was spent on",
        Arity = ArgumentArity.Zero,
    };

    public SharedOptions()
    {
        foreach (var file in new Option[] { Config, LogFile })
        {
            file.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: "" }]) result.AddError($"{result.IdentifierToken?.Value} needs the name of a file");
            });
        }
        Message.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (string.IsNullOrWhiteSpace(text) || text.Length > RunRecord.LongestMessage))
            {
                result.AddError($"{result.IdentifierToken?.Value} takes a text of 1 to {RunRecord.LongestMessage} characters");
            }
        });
        Wait.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && WholeNumber.Parse(token.Value) is null)
            {
                result.AddError($"--wait takes a number of seconds, not \"{token.Value}\"");
            }
        });
        Color.Accept("auto", "always", "never");
        Format.CompletionSources.Add(Text, "json", "jsonl", "prometheus");
        Serial.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && PolicyOf(token.Value) is null)
            {
                result.AddError($"--serial takes a number from 1 on, or \"all\", not \"{token.Value}\"");
            }
        });
    }

    /// <summary>What --wait asks for.</summary>
    public TimeSpan WaitOf(ParseResult call) => TimeSpan.FromSeconds(WholeNumber.Parse(call.GetValue(Wait)) ?? 0);

    /// <summary>What --color asks for; null where a terminal decides.</summary>
    public bool? Colored(ParseResult call) => call.GetValue(Color) switch { "always" => true, "never" => false, _ => null };

    /// <summary>How --diff shows what a push or a roll-back changes; null where it was not given.</summary>
    /// <param name="newSide">See <see cref="DiffStyle.NewSide"/>.</param>
    public DiffStyle? DiffOf(ParseResult call, string newSide) => call.GetValue(Differences)
        ? Screen.Diff(Colored(call), isTerminal: !Console.IsOutputRedirected) with { NewSide = newSide } : null;

    /// <summary>What --output asks for.</summary>
    public OutputFormat FormatOf(ParseResult call) => call.GetValue(Format) switch
    {
        "json" => OutputFormat.Json,
        "jsonl" => OutputFormat.JsonLines,
        "prometheus" => OutputFormat.Prometheus,
        _ => OutputFormat.Text,
    };

    /// <summary>What tells programs of the run.</summary>
    public RunReporter ReporterOf(ParseResult call, DocumentKind kind)
    {
        var run = kind switch { DocumentKind.Rollback => RunKind.Rollback, DocumentKind.Settle => RunKind.Settlement, _ => RunKind.Push };
        return new RunReporter(kind, new RunNature(run, call.GetValue(DryRun)), FormatOf(call), call.GetValue(OutputFile), call.GetValue(ReportFile));
    }

    /// <summary>Finds what does not go together in a push, a roll-back or <c>settle</c>.</summary>
    public void CheckRunOutput(CommandResult result)
    {
        CheckOutput(result, "json", "jsonl", "prometheus");
        if (FormatIn(result) == "jsonl" && result.IsGiven(OutputFile)) result.AddError("-o is not for --output jsonl, whose lines come one by one");
        CheckOutputFile(result, "json or prometheus");
    }

    /// <summary>Refuses a file for the document where no document is made.</summary>
    /// <param name="formats">Those that make one.</param>
    public void CheckOutputFile(CommandResult result, string formats)
    {
        if (FormatIn(result) == Text && result.IsGiven(OutputFile)) result.AddError($"-o needs --output {formats}; -l FILE takes the text");
    }

    /// <summary>Refuses the formats that a command does not have.</summary>
    /// <param name="formats">Those that it has beside text.</param>
    public void CheckOutput(CommandResult result, params string[] formats)
    {
        var format = FormatIn(result);
        if (format != Text && !formats.Contains(format)) result.AddError($"--output takes {Text}, {string.Join(", ", formats)} here, not \"{format}\"");
    }

    private string FormatIn(CommandResult result) => result.GetResult(Format)?.Tokens is [var token] ? token.Value : Text;

    /// <summary>What --serial asks for.</summary>
    public RolloutPolicy Rollout(ParseResult call) => PolicyOf(call.GetValue(Serial)) ?? RolloutPolicy.FirstAlone;

    private static RolloutPolicy? PolicyOf(string? text) => text switch
    {
        "all" => RolloutPolicy.AllAtOnce,
        _ when WholeNumber.Parse(text) is { } size and > 0 => new RolloutPolicy(size),
        _ => null,
    };
}
