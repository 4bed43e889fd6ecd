using System.CommandLine;

namespace ConfSync.Cli;

internal enum CompareFormat
{
    Text,
    Json,
    Prometheus,
}

/// <summary>How a comparison is to be shown.</summary>
/// <param name="SideBySide">Differences in two columns.</param>
/// <param name="Quiet">Nothing when all is well.</param>
/// <param name="OutputFile">Where the report goes instead of standard output; null for there.</param>
/// <param name="Color">Null: where a terminal reads it.</param>
/// <param name="ReportFile">Where an HTML page goes; null for none.</param>
internal sealed record ComparePresentation(
    bool ShowDifferences, bool SideBySide, bool Quiet, CompareFormat Format, string? OutputFile, bool? Color, string? ReportFile)
{
    /// <summary>Contents of files that differ are wanted.</summary>
    public bool NeedsContents => ShowDifferences || SideBySide || ReportFile is not null;

    /// <summary>Somebody may be waiting in front of it: it says what it does before it has done it.</summary>
    public bool IsWatched => Format == CompareFormat.Text && !Quiet && OutputFile is null;
}

/// <summary>The flags that only a comparison has.</summary>
internal static class CompareOptions
{
    private static readonly Option<bool> SideBySide = new("--side-by-side", "-w")
    {
        Description = "With -c or -C: show the differences in two columns",
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "With -c or -C: print nothing if all is well" };

    private static readonly Option<string?> Format = new("--output")
    {
        Description = "With -c or -C: how to report: text, json or prometheus",
        HelpName = "FORMAT",
    };

    private static readonly Option<string?> OutputFile = new("--output-file", "-o")
    {
        Description = "With -c or -C: write the report to FILE, in one step",
        HelpName = "FILE",
    };

    private static readonly Option<string?> ReportFile = new("--report")
    {
        Description = "With -c or -C: write a page for a browser to FILE",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Color = new("--color")
    {
        Description = "With -c or -C: colour the differences: auto, always or never",
        HelpName = "WHEN",
    };

    /// <summary>Adds them to the command, and checks that they are used for a comparison.</summary>
    public static void AddTo(RootCommand command, Option compareNode, Option compareAll)
    {
        Option[] own = [SideBySide, Quiet, Format, OutputFile, ReportFile, Color];
        foreach (var option in own) command.Add(option);
        Accept(Format, "text", "json", "prometheus");
        Accept(Color, "auto", "always", "never");
        command.Validators.Add(result =>
        {
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            if (Given(compareNode) || Given(compareAll)) return;
            foreach (var option in own.Where(Given)) result.AddError($"{option.Name} needs -c NODE or -C");
        });
    }

    /// <param name="showDifferences">Whether -d was given.</param>
    public static ComparePresentation Of(ParseResult result, bool showDifferences) => new(
        showDifferences, result.GetValue(SideBySide), result.GetValue(Quiet),
        result.GetValue(Format) switch
        {
            "json" => CompareFormat.Json,
            "prometheus" => CompareFormat.Prometheus,
            _ => CompareFormat.Text,
        },
        result.GetValue(OutputFile),
        result.GetValue(Color) switch { "always" => true, "never" => false, _ => null },
        result.GetValue(ReportFile));

    private static void Accept(Option<string?> option, params string[] words) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !words.Contains(token.Value))
        {
            result.AddError($"{option.Name} takes {string.Join(", ", words)}, not \"{token.Value}\"");
        }
    });
}
