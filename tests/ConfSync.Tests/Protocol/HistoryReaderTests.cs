using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>What a peer says of its generations, who may say anything.</summary>
public sealed class HistoryReaderTests
{
    private const string Change = "/etc/a - d:755:root:0:root:0:0:0:";

    [Test]
    public void A_generation_is_what_its_lines_say()
    {
        var generation = Read(
            "generation 12 1", "info time 1700000000", "info primary root%20x@p", "info digest 00ff", "info transaction abc",
            "info rollback 3", "change " + Change, "plan dir /etc/nginx", "plan ~ a%20b sum", "plan dir /", "plan - c").Single();

        Assert.That(generation with { Changes = [], Retained = [] }, Is.EqualTo(new Generation(
            12, DateTimeOffset.FromUnixTimeSeconds(1700000000), "root x@p", "00ff", 3, null, 1, [], [])));
        Assert.That(generation.Changes.Single(), Is.EqualTo(new Change(null, SampleTrees.Directory("/etc/a"))));
        Assert.That(generation.Retained, Is.EqualTo(new[] { new RetainedPath(1, "/etc/nginx/a b"), new RetainedPath(2, "/c") }));
    }

    [Test]
    public void The_run_that_made_it_is_read() => Assert.That(
        Read("generation 1 1", "info run 3f2a91c06a000000%0a1.2.3%0afor%20you%0aabc%20dirty").Single().Run,
        Is.EqualTo(new RunRecord("3f2a91c06a000000", "1.2.3", "for you", "abc dirty")));

    [Test]
    public void Generations_are_in_the_order_of_their_numbers() =>
        Assert.That(Read("generation 10 1", "generation 9 1").Select(generation => generation.Number), Is.Ordered);

    [TestCase("change /etc/../a - d:755:root:0:root:0:0:0:")]
    [TestCase("change")]
    [TestCase("change \x1b[2J")]
    [TestCase("plan dir /etc/%")]
    [TestCase("info primary %zz")]
    public void One_that_makes_no_sense_does_not_say_what_it_changed_and_the_others_do(string line)
    {
        var generations = Read("generation 1 1", line, "generation 2 1", "change " + Change);
        Assert.That((generations[0].Count, generations[1].Count), Is.EqualTo(((int?)null, (int?)1)));
    }

    [TestCase("info time 99999999999999999999")]
    [TestCase("info time x")]
    [TestCase("info digest ../x")]
    [TestCase("info rollback -1")]
    [TestCase("info run boo")]
    [TestCase("info")]
    [TestCase("plan ~ x")]
    public void What_else_is_odd_is_not_known(string line) =>
        Assert.That(
            Read("generation 1 1", line).Single() with { Changes = [], Retained = [] },
            Is.EqualTo(new Generation(1, null, "", "", null, null, 1, [], [])));

    [TestCase("change " + Change)]
    [TestCase("generation 1")]
    [TestCase("generation 1 1|generation 1 1")]
    [TestCase("generation 1 1|boo")]
    [TestCase("generation -1 1")]
    [TestCase("generation 99999999999 1")]
    public void What_is_no_such_answer_is_an_error(string lines) =>
        Assert.That(
            () => Read(lines.Split('|')),
            Throws.InstanceOf<ProtocolException>().Or.InstanceOf<FormatException>().Or.InstanceOf<OverflowException>());

    [Test]
    public void There_is_an_end_to_what_is_listened_to() =>
        Assert.That(() => Read([.. Enumerable.Range(1, 2000).Select(number => $"generation {number} 1")]), Throws.InstanceOf<ProtocolException>());

    private static ImmutableArray<Generation> Read(params string[] lines)
    {
        var reader = new HistoryReader();
        foreach (var words in lines.Select(line => line.Split(' '))) reader.Add(new Answer(words[0], words[1..], ""));
        return reader.Generations;
    }
}
