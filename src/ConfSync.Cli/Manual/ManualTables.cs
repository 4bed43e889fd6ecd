using System.CommandLine;
using System.Text.RegularExpressions;
using ConfSync.Configuration;
using ConfSync.Reports;

namespace ConfSync.Cli.Manual;

/// <summary>The tables of docs/*.md that are made from what the program knows. Each stands between two comments; the first one
/// names the table.</summary>
internal sealed partial class ManualTables(RootCommand root)
{
    /// <summary>The document with its tables as they are to be.</summary>
    /// <exception cref="InvalidOperationException">The document names a table that there is not.</exception>
    public string Renew(string document) => Table().Replace(document, match =>
        $"{match.Groups["begin"].Value}\n{Of(match.Groups["name"].Value, [.. match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)])}\n{match.Groups["end"].Value}");

    /// <summary>The commands that users see, in the order of the help.</summary>
    public IEnumerable<Command> Commands => root.Subcommands.Where(command => !command.Hidden);

    /// <summary>Every option once: those of a call without a command first, then those that only a command has; <c>--help</c> and
    /// <c>--version</c> last.</summary>
    public IEnumerable<Option> Options =>
        from option in root.Options.Concat(Commands.SelectMany(command => command.Options)).Distinct()
        where !option.Hidden
        orderby option.Name is "--help" or "--version"
        select option;

    /// <summary>What the manual says of an option: also which commands have it, where a call without a command does not.</summary>
    public string TextOf(Option option) =>
        root.Options.Contains(option) ? OptionTexts.Of(option)
        : $"({string.Join(", ", Commands.Where(command => command.Options.Contains(option)).Select(command => $"`{command.Name}`"))}) {OptionTexts.Of(option)}";

    private string Of(string name, IReadOnlyList<string> words) => (name, words) switch
    {
        ("commands", []) => Markdown(["command", "meaning", "options besides `-f`, `-l`, `-r`, `-u`, `-h`"], Commands.Select(command => (string[])
            [Code(command.Name), command.Description!, string.Join(", ", command.Options.Where(option => !option.Hidden).Select(option => Code(option.Name)))])),
        ("options", []) => Markdown(["option", "meaning"], Options.Select(option => (string[])
            [string.Join(", ", OptionTexts.Spelled(option).Select(Code)), TextOf(option)])),
        ("variables", _) => Markdown(["variable", "meaning", "values", "default"],
            from variable in KnownVariables.All
            where words.Count == 0 || words.Contains(variable.Name)
            select (string[])[Code(variable.Name), variable.Meaning, variable.Values, variable.Default]),
        ("superseded", []) => Markdown(["variable", "why not"], KnownVariables.Superseded.GroupBy(variable => variable.Reason).Select(group => (string[])
            [string.Join(", ", group.Select(variable => Code(variable.Name))), group.Key])),
        ("exit-status", []) => Markdown(["status", "push, dry run, roll-back, `settle`", "comparison, `status`"],
            StatusTexts.OfPush.Zip(StatusTexts.OfComparison, (push, comparison) => (string[])[$"{push.Status}", push.Long!, comparison.Long!])
                .Concat(StatusTexts.OfSignals.Select(signal => (string[])[$"{signal.Status}", signal.Long!, "the same"]))),
        ("exit-status", ["comparison"]) => Markdown(["status", "meaning"],
            StatusTexts.OfComparison.Concat(StatusTexts.OfSignals).Select(text => (string[])[$"{text.Status}", text.Long!])),
        ("messages", _) => string.Join('\n',
            from code in MessageCodes.All
            where words.Any(beginning => code.ToString()[3..].StartsWith(beginning, StringComparison.Ordinal))
            select $"\n### {code}\n\n**{code.Title}.** {code.Cause}\n\n{code.Remedy}"),
        _ => throw new InvalidOperationException($"there is no table \"{name} {string.Join(' ', words)}\""),
    };

    private static string Code(string text) => $"`{text}`";

    private static string Markdown(IReadOnlyCollection<string> head, IEnumerable<string[]> rows) => string.Join('\n',
    [
        Row(head), Row(head.Select(_ => "---")), .. rows.Select(row => Row(row.Select(cell => cell.Replace("|", @"\|", StringComparison.Ordinal)))),
    ]);

    private static string Row(IEnumerable<string> cells) => $"|{string.Concat(cells.Select(cell => cell.Length > 0 ? $" {cell} |" : " |"))}";

    [GeneratedRegex(@"(?<begin><!-- table (?<name>[a-z-]+)(?<words>( \w+)*): made from the program, see CONTRIBUTING\.md -->)\n.*?(?<end><!-- end of table -->)", RegexOptions.Singleline)]
    private static partial Regex Table();
}
