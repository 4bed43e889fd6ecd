using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>Which node goes back how far, from what all nodes keep. A node is written as its generations: the number and the
/// letter of the run, one a day; "?" for one that is not recorded, at noon of the day of its number.</summary>
public sealed class RollbackStepsTests
{
    private const string Backups = "/var/lib/nginx-sync";

    [TestCase("1a 2b 3c; 1a 2b; 1a 2b 3c", "2 - 2", Description = "the last push failed on one node")]
    [TestCase("1a 2b; 1a 2b 3c; 1a 2b", "- 2 -", Description = "the last push repaired one node")]
    [TestCase("1a; 1a; 1a", "0 0 0")]
    [TestCase("7a 8b; 1b; 3a", "7 0 -")]
    [TestCase("2b; ; 1a", "1 - -", Description = "a node that keeps nothing is no part of it")]
    [TestCase("2b; ?; 1a", "1 - -", Description = "a node that is not reached")]
    [TestCase("1a 2b 3b; 1b", "1 0", Description = "given again after an undo")]
    [TestCase("1? 2?", "1", Description = "of one node it is known which state is meant")]
    [TestCase("1? 2b; 1?", "1 -")]
    public void The_last_run_is_gone_over_where_it_changed_something(string nodes, string steps) =>
        Assert.That(Text(RollbackSteps.BeforeLastRun(Nodes(nodes), [], Backups, force: false)), Is.EqualTo(steps));

    [Test]
    public void Where_no_node_keeps_anything_each_is_told_so() => Assert.That(
        RollbackSteps.BeforeLastRun(Nodes("; "), [], Backups, force: false).Steps,
        Has.Length.EqualTo(2).And.All.EqualTo(new RollbackStep.Refuse(new Refusal.NoGenerations(Backups))));

    [Test]
    public void A_newest_generation_that_does_not_say_its_run_stops_all() => Assert.That(
        RollbackSteps.BeforeLastRun(Nodes("1a; 1a 2?"), [], Backups, force: false).Objection,
        Is.EqualTo(new Refusal.RunNotRecorded(Node(1), 2)));

    /// <summary>Two primaries with different clocks: the run that began last is beneath another one on a node.</summary>
    [Test]
    public void A_run_above_the_last_one_stops_all_unless_it_is_forced()
    {
        var nodes = Nodes("1a 2c; 1c 2b");

        var refused = RollbackSteps.BeforeLastRun(nodes, [], Backups, force: false);
        var forced = RollbackSteps.BeforeLastRun(nodes, [], Backups, force: true);

        Assert.That((refused.Objection as Refusal.LaterRuns)?.OnNodes.Single(), Is.EqualTo(new RunOnNode(Node(1), 2, Run('b').ShortId)));
        Assert.That(Text(forced), Is.EqualTo("1 0"));
    }

    /// <summary>Otherwise a push of some days ago would be taken back where the last one failed.</summary>
    [TestCase("Rejected Failed", "", Description = "it failed everywhere")]
    [TestCase("Unchanged Updated", "n1", Description = "the node that it changed is not reached")]
    [TestCase("Unchanged Unknown", "n1")]
    [TestCase("NotTold NotTold", "n1", Description = "it was cut off")]
    public void A_later_run_that_the_primary_remembers_and_no_node_shows_stops_all_unless_it_is_forced(string outcomes, string missing)
    {
        var (nodes, recorded) = (Nodes("1a 2b; ?"), Recorded('c', outcomes));

        var refused = RollbackSteps.BeforeLastRun(nodes, recorded, Backups, force: false).Objection as Refusal.LastRunNotSeen;

        Assert.That((refused?.Run, refused?.Before), Is.EqualTo((Run('c').ShortId, Run('b').ShortId)));
        Assert.That(string.Join(' ', refused!.NotReached), Is.EqualTo(missing));
        Assert.That(Text(RollbackSteps.BeforeLastRun(nodes, recorded, Backups, force: true)), Is.EqualTo("1 -"));
    }

    /// <summary>The second call of one who only wants to finish the first one.</summary>
    [TestCase("1a 2b 3c; 1a 2b", "Updated Rejected", "n1:1")]
    [TestCase("1a 2b 3c; 1a 2b", "Updated NotReached", "n1:1", Description = "it is reached now")]
    [TestCase("1a 2b 3c; 7b", "Updated Rejected", "n1:6")]
    [TestCase("1a 2b 3c; 1a 2b", "", "n1:1", Description = "nothing recorded that it failed")]
    [TestCase("1a 2b 3c; 1a", "Updated NotReached", "without n1", Description = "what was rolled back had not reached it")]
    [TestCase("1a 2b 3c; ?", "Updated NotReached", "not reached n1")]
    [TestCase("1a 2b 3c; 1a", "Updated NotOfRun", null)]
    public void A_roll_back_that_failed_on_a_node_is_not_gone_over_unless_it_is_forced(string generations, string outcomes, string? left)
    {
        var (nodes, recorded) = (Nodes(generations), outcomes.Length == 0 ? [] : Recorded('c', outcomes));
        nodes[0] = nodes[0] with { Retained = [.. nodes[0].Generations.SkipLast(1), nodes[0].Top! with { RolledBackTo = 1 }] };

        var refused = RollbackSteps.BeforeLastRun(nodes, recorded, Backups, force: false).Objection as Refusal.RollbackNotWhole;

        Assert.That(
            refused is null ? null : string.Join(' ', refused.Left.Select(one => $"{one.Node}:{one.To}")
                .Concat(refused.NotReached.Select(node => $"not reached {node}")).Concat(refused.Without.Select(node => $"without {node}"))),
            Is.EqualTo(left));
        Assert.That(Text(RollbackSteps.BeforeLastRun(nodes, recorded, Backups, force: true)), Does.StartWith("2 "));
    }

    /// <summary>Two configuration files push different paths; that of run b is the other one.</summary>
    [TestCase("1a 2b; 1a 2b", "0 0")]
    [TestCase("1a 2c 3b; 1a 2b", "1 -")]
    [TestCase("1b; 1b", "0 0", Description = "nothing is of this one: the refusal names the paths")]
    public void What_another_configuration_file_made_is_not_gone_over(string generations, string steps)
    {
        IReadOnlyList<RollbackSteps.OfNode> nodes = [.. Nodes(generations).Select(node => node with
        {
            Elsewhere = [.. node.Generations.Where(generation => generation.Run == Run('b')).Select(generation => generation.Number)],
        })];

        Assert.That(Text(RollbackSteps.BeforeLastRun(nodes, Recorded('b', "Updated Updated"), Backups, force: false)), Is.EqualTo(steps));
    }

    [TestCase('b', "Updated Updated")]
    [TestCase('a', "Rejected Failed")]
    [TestCase('c', "Updated Unchanged", Description = "what it kept was removed there by hand")]
    public void Another_run_that_the_primary_remembers_stops_nothing(char run, string outcomes) =>
        Assert.That(Text(RollbackSteps.BeforeLastRun(Nodes("1a 2b; ?"), Recorded(run, outcomes), Backups, force: false)), Is.EqualTo("1 -"));

    [TestCase("1a 2b 3c; 1a 2b; 1b 2c", 'b', "2 2 1")]
    [TestCase("1a 2b 3c; 1a 2c; 1a", 'b', "2 1 1", Description = "a node that it did not change had what was before")]
    [TestCase("1a 2b; 1c 2d; ", 'b', "2 0 -", Description = "all that came later is gone over")]
    [TestCase("1a 2b; 4c 5d", 'b', "2 !", Description = "what was there then is not kept any more")]
    [TestCase("1a 2b; ?", 'b', "2 -")]
    public void After_a_run_every_later_one_is_gone_over(string nodes, char run, string steps) =>
        Assert.That(Text(RollbackSteps.AfterRun(Nodes(nodes), Run(run).ShortId)), Is.EqualTo(steps));

    [Test]
    public void A_run_that_no_node_keeps_stops_all() => Assert.That(
        RollbackSteps.AfterRun(Nodes("1a; 1a 2b"), "0000000").Objection, Is.EqualTo(new Refusal.RunNotRetained("0000000")));

    [Test]
    public void A_beginning_of_several_runs_stops_all()
    {
        var objection = RollbackSteps.AfterRun(Nodes("1a; 1a 2b"), "7").Objection;

        Assert.That((objection as Refusal.RunAmbiguous)?.Ids, Is.EqualTo(new[] { Run('a').Id, Run('b').Id }));
    }

    private static RecordedRun[] Recorded(char run, string outcomes) =>
        [new(Run(run), "root@here", [.. outcomes.Split(' ').Select((outcome, index) => new RecordedNode(Node(index).ToString(), Enum.Parse<NodeOutcome>(outcome)))])];

    private static List<RollbackSteps.OfNode> Nodes(string text) => [.. text.Split(';').Select((node, index) =>
        new RollbackSteps.OfNode(Node(index), node.Trim() == "?" ? null : [.. node.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Kept)]))];

    private static Generation Kept(string text) => new(
        text[0] - '0', DateTimeOffset.UnixEpoch.AddDays(text[0] - '0' + 0.5), "root@p", "00", null,
        text[1] == '?' ? null : Run(text[1]), 1, ImmutableArray<Change>.Empty, []);

    private static RunRecord Run(char letter) => new($"7{(int)letter:x2}00000{(letter - 'a' + 1) * 86_400:x8}", "1", null, null);

    private static Node Node(int index) => SampleNodes.Of($"n{index}");

    private static string Text(RollbackSteps steps) => string.Join(' ', steps.Steps.Select(step => step switch
    {
        RollbackStep.To { Generation: var to } => $"{to}",
        RollbackStep.Leave => "-",
        _ => "!",
    }));
}
