using ConfSync.Changes;
using ConfSync.Cli.Commands;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>What a shell may offer for the last word of a call.</summary>
public sealed class CompletionTests
{
    private static readonly CommandLine Line = new(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption()), StartDirectory.Leave());

    [TestCase("roll", "rollback")]
    [TestCase("push we", "web1 web2:2222")]
    [TestCase("push web1,we", "web1,web1 web1,web2:2222")]
    [TestCase("push !we", "!web1 !web2:2222")]
    [TestCase("push web1 we", "web1 web2:2222")]
    [TestCase("--node web1 we", "web1 web2:2222")]
    [TestCase("-c d", "deploy@db1")]
    [TestCase("--limit we", "web1 web2:2222")]
    [TestCase("history deploy", "deploy@db1")]
    [TestCase("--compare=web2", "--compare=web2:2222")]
    [TestCase("-f /other/file push o", "other")]
    [TestCase("-rf /other/file status o", "other")]
    [TestCase("push --dry", "--dry-run")]
    [TestCase("settle --m", "")]
    [TestCase("rollback --t", "--to --timing")]
    [TestCase("--color al", "always")]
    [TestCase("-C --output js", "json jsonl")]
    [TestCase("completion ", "bash zsh fish")]
    [TestCase("help KEE", "KEEP")]
    [TestCase("-m ", "")]
    [TestCase("__", "")]
    [TestCase("-f ", null)]
    [TestCase("push -rl /tmp/", null)]
    [TestCase("--report=", null)]
    [TestCase("-f", "-f")]
    public void A_word_has_these_candidates(string call, string? texts) => Assert.That(
        new Completion(Line.Root, Values).Of(call.Split(' '))?.Select(candidate => candidate.Text),
        texts is null ? Is.Null : Is.EquivalentTo(texts.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Test]
    public void Commands_are_offered_where_none_is_named() => Assert.That(
        new Completion(Line.Root, Values).Of([""])!.Select(candidate => candidate.Text),
        Is.EquivalentTo(Line.Root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)));

    [Test]
    public void Each_command_and_option_says_what_it_is() => Assert.That(
        Line.Root.Subcommands.SelectMany(command => new Completion(Line.Root, Values).Of([command.Name, "-"])!.Concat(new Completion(Line.Root, Values).Of([""])!))
            .Where(candidate => candidate.Description.Length == 0).Select(candidate => candidate.Text), Is.Empty);

    [Test]
    public void The_runs_of_this_primary_are_offered_the_newest_first()
    {
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, [Recorded("3f2a91c000000000", "first"), "what a later version wrote", Recorded("90c1e5b069212345", "tab\tand \u001b[31m")]);
        var runs = CompleteCommand.RunsOf(file).ToList();
        var nodes = CompleteCommand.Nodes([], file).ToList();
        File.Delete(file);

        Assert.That(runs.Select(run => run.Text), Is.EqualTo(["90c1e5b", "3f2a91c"]));
        Assert.That(runs[1].Description, Does.StartWith("1970-01-01 ").And.EndsWith(" root@primary first"));
        Assert.That(runs[0].Description, Does.Not.Contain("\t").And.Not.Contain("\u001b"));
        Assert.That(CompleteCommand.RunsOf("/no/such/file"), Is.Empty);
        Assert.That(nodes.Select(node => node.Text), Is.EqualTo(["web1"]), "where only an inventory knows the nodes");
        Assert.That(CompleteCommand.Nodes(["web2"], file).Select(node => node.Text), Is.EqualTo(["web2"]));
    }

    private static string Recorded(string id, string message) => new RecordedRun(
        new RunRecord(id, "1.0", message, null), "root@primary", [new RecordedNode("web1", NodeOutcome.Updated)]).Format();

    private static IEnumerable<Candidate>? Values(string name, string? file) => (name, file) switch
    {
        ("FILE", _) => null,
        ("NODE", "/other/file") => [new Candidate("other", "", IsListItem: true)],
        ("NODE" or "PATTERN", _) => [new Candidate("web1", "", IsListItem: true), new Candidate("web2:2222", "", IsListItem: true), new Candidate("deploy@db1", "", IsListItem: true)],
        ("TOPIC", _) => [new Candidate("KEEP", "")],
        _ => [],
    };
}
