using System.CommandLine;
using System.Text.RegularExpressions;
using ConfSync.Cli.Commands;
using ConfSync.Tests;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>docs/manual.md names every command and option, and no others.</summary>
public sealed partial class ManualTests
{
    private static readonly RootCommand Root =
        new CommandLine(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption())).Root;

    private static readonly string Manual = File.ReadAllText(Repository.File("docs/manual.md"));

    // The parser also takes /? and /h.
    private static List<string> Names =>
        [.. Root.Options.Concat(Root.Subcommands.SelectMany(command => command.Options))
            .SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith('-')).Distinct()];

    [Test]
    public void Every_option_has_its_place_in_a_table() =>
        Assert.That(Names.Where(name => !Regex.IsMatch(Manual, $@"^\|.*`([\w-]+ )*{Regex.Escape(name)}[` ].*\|", RegexOptions.Multiline)), Is.Empty);

    [Test]
    public void The_table_of_options_has_no_other_option() =>
        Assert.That(
            from row in Row().Matches(Manual)
            from name in OptionName().Matches(row.Groups["first"].Value)
            where !Names.Contains(name.Value)
            select name.Value, Is.Empty);

    [Test]
    public void Every_command_is_in_the_synopsis() =>
        Assert.That(Root.Subcommands.Select(command => command.Name).Where(name => !Regex.IsMatch(Manual, $"^nginx-sync {name} ", RegexOptions.Multiline)), Is.Empty);

    [GeneratedRegex(@"^\| (?<first>`(-|nginx-sync rollback)[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<=[` ])--?[a-zA-Z?][a-z-]*")]
    private static partial Regex OptionName();
}
