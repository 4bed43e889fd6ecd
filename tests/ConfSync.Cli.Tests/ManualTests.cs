using System.CommandLine;
using System.Text.RegularExpressions;
using ConfSync.Cli.Commands;
using ConfSync.Cli.Manual;
using ConfSync.Tests;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>The tables of docs/*.md are made from what the program knows.</summary>
public sealed partial class ManualTests
{
    private static readonly RootCommand Root =
        new CommandLine(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption()), StartDirectory.Leave()).Root;

    private static readonly string Manual = File.ReadAllText(Repository.File("docs/manual.md"));

    private static IEnumerable<string> Documents => Directory.EnumerateFiles(Repository.File("docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}");

    [TestCaseSource(nameof(Documents))]
    public void Its_tables_are_what_the_program_says(string name)
    {
        var document = File.ReadAllText(Repository.File(name));

        Assert.That(document, Is.EqualTo(new ManualTables(Root).Renew(document)), "write them anew: dotnet run --project src/ConfSync.Cli -- __manual tables docs/*.md");
    }

    [Test]
    public void Each_table_is_in_a_document() =>
        Assert.That(
            from name in Documents
            from mark in Mark().Matches(File.ReadAllText(Repository.File(name)))
            select mark.Groups["name"].Value,
            Is.EquivalentTo((string[])["commands", "options", "exit-status", "variables", "superseded", "exit-status comparison", "variables DIFF_LIMIT REDACT SHOW",
                "messages 10", "messages 11 12 13", "messages 20", "messages 30 31", "messages 40 41", "messages 50", "messages 90"]));

    [Test]
    public void A_table_that_differs_is_seen()
    {
        const string Document = "<!-- table exit-status: made from the program, see CONTRIBUTING.md -->\n| 0 | all is well |\n<!-- end of table -->\n";

        Assert.That(new ManualTables(Root).Renew(Document), Does.Contain("| 0 | every node holds the configuration").And.Not.Contain("| 0 | all is well |"));
        Assert.That(() => new ManualTables(Root).Renew(Document.Replace("exit-status", "of-nothing", StringComparison.Ordinal)), Throws.InvalidOperationException);
    }

    [Test]
    public void No_text_is_for_an_option_that_there_is_not() =>
        Assert.That(OptionTexts.Long.Keys.Except(new ManualTables(Root).Options.Select(option => option.Name)), Is.Empty);

    [Test]
    public void Every_command_is_in_the_synopsis() =>
        Assert.That(new ManualTables(Root).Commands.Select(command => command.Name).Where(name => !Regex.IsMatch(Manual, $"^nginx-sync {name} ", RegexOptions.Multiline)), Is.Empty);

    [GeneratedRegex(@"^<!-- table (?<name>.*?): made from", RegexOptions.Multiline)]
    private static partial Regex Mark();
}
