using System.CommandLine;
using System.Text.RegularExpressions;
using ConfSync.Cli.Commands;
using ConfSync.Cli.Manual;
using ConfSync.Configuration;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>The manual pages, and the sections that <c>nginx-sync help</c> prints. test.sh has mandoc check the pages.</summary>
public sealed class ManualPagesTests
{
    private static readonly RootCommand Root =
        new CommandLine(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption()), StartDirectory.Leave()).Root;

    private static readonly string Program = new ManualPages(Root, new DateOnly(2026, 11, 5)).Program();

    private static readonly string File = new ManualPages(Root, new DateOnly(2026, 11, 5)).ConfigurationFile();

    [Test]
    public void The_page_of_the_program_has_every_option_and_command()
    {
        Assert.That(new ManualTables(Root).Options.Where(option => !Program.Contains($" Fl {option.Name[1..]}", StringComparison.Ordinal)).Select(option => option.Name), Is.Empty);
        Assert.That(new ManualTables(Root).Commands.Where(command => !Program.Contains($".It Cm {command.Name}", StringComparison.Ordinal)).Select(command => command.Name), Is.Empty);
        Assert.That(Program, Does.Contain(".It Fl c Ar NODE , Fl -compare Ar NODE\n").And.Contain(".Dd November 5, 2026\n"));
    }

    [Test]
    public void The_page_of_the_file_has_every_variable() =>
        Assert.That(KnownVariables.Names.Where(name => !File.Contains($".It Ev {name}\n", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Every_section_of_the_manual_is_on_one_page()
    {
        var headings = ManualSection.OfManual.Where(section => section.Level == 2 && section.Heading is not ("Configuration file" or "Variables" or "Messages" or "Security")).Select(section => $".Sh \"{section.Heading.ToUpperInvariant()}\"\n");

        Assert.That(headings.Where(heading => Count(Program + File, Regex.Escape(heading)) != 1), Is.Empty);
    }

    [Test]
    public void Every_list_and_display_ends()
    {
        foreach (var page in (string[])[Program, File])
        {
            Assert.That(Count(page, @"^\.Bl "), Is.EqualTo(Count(page, @"^\.El$")).And.GreaterThan(5));
            Assert.That(Count(page, @"^\.Bd "), Is.EqualTo(Count(page, @"^\.Ed$")));
        }
    }

    [TestCase("a `\\` and a-b", "a \\fB\\e\\fP and a-b\n")]
    [TestCase("`-n`", "\\fB\\-n\\fP\n")]
    [TestCase("One. Two", "One.\nTwo\n")]
    [TestCase("NODE… says *so*, [here](x.md)", "NODE... says \\fIso\\fP, here\n")]
    [TestCase(".hidden", "\\&.hidden\n")]
    public void Text_is_escaped(string markdown, string mdoc)
    {
        var writer = new MdocWriter();
        writer.Lines(ManualSection.Clause(markdown));

        Assert.That(writer.ToString(), Is.EqualTo(mdoc));
    }

    [TestCase("time-outs", "Time-outs\n=========\n")]
    [TestCase("Time outs", "Time-outs\n=========\n")]
    [TestCase("nodes", "NODES\n=====\n")]
    [TestCase("secrets", "Secrets\n=======\n")]
    [TestCase("KEEP", "KEEP\n    meaning:\n        how many generations a peer keeps\n")]
    [TestCase("-n", "-n, --dry-run\n    meaning:\n")]
    [TestCase("ns-2015", "NS-2015: Nothing takes connections on the node's ssh port\n    why:\n        The machine is there.")]
    [TestCase("which", "Which nginx\n===========\n")]
    public void A_topic_is_found(string words, string beginning) => Assert.That(new HelpTopics(Root).Find(words), Does.StartWith(beginning));

    [TestCase("directories", "directories-of-other-users directories-of-nginx-sync")]
    [TestCase("KEEEP", "KEEP")]
    [TestCase("nothing of this kind", "")]
    public void For_an_unknown_topic_those_near_are_named(string words, string near)
    {
        Assert.That(new HelpTopics(Root).Find(words), Is.Null);
        Assert.That(new HelpTopics(Root).Near(words), Is.EqualTo(near.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public void Every_topic_that_is_listed_is_found()
    {
        var topics = new HelpTopics(Root);

        Assert.That(topics.Names.Where(name => topics.CommandNamed(name) is null && topics.Find(name) is null), Is.Empty);
    }

    [Test]
    public void No_topic_is_listed_twice()
    {
        var groups = Regex.Split(new HelpTopics(Root).List(), "^    \\S.*:$", RegexOptions.Multiline).Skip(1).ToList();

        Assert.That(groups, Has.Count.EqualTo(5));
        foreach (var group in groups.SkipLast(1)) Assert.That(group.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), Is.Unique);
    }

    [Test]
    public void No_line_of_a_section_is_wider_than_it_may_be()
    {
        var writer = new PlainWriter(70);
        foreach (var section in ManualSection.OfManual.Where(section => section.Heading is "Variables" or "Time-outs" or "CONFPATHS")) writer.Write(section);

        Assert.That(writer.ToString().Split('\n').Where(line => line.Length > 70 && line.Trim().Contains(' ', StringComparison.Ordinal)), Is.Empty);
        Assert.That(writer.ToString(), Does.Not.Contain("](").And.Not.Contain("| ---"));
    }

    private static int Count(string text, string pattern) => Regex.Count(text, pattern, RegexOptions.Multiline);
}
