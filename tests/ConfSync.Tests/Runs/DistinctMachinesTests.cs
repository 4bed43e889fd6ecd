using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>Which nodes are one machine, and for how long it is waited until all of them have said what they are.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class DistinctMachinesTests
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Different_machines_may_go_on_once_all_have_been_heard_of()
    {
        var machines = Of("web1", "web2");
        machines.PrimaryIs("p");
        machines.Found(0, "a");
        Assert.That(machines.Objection.IsCompleted, Is.False, "web2 may be the same");
        machines.Found(1, "b");
        Assert.That(await machines.Objection.WaitAsync(Forever), Is.Null);
        Assert.That(await machines.ObjectionToAsync(1), Is.Null);
    }

    [Test]
    public async Task Nobody_goes_on_where_two_are_one_and_both_are_named_in_the_order_of_NODES()
    {
        var machines = Of("web1", "web2", "web3", "web4");
        machines.PrimaryIs("p");
        machines.Found(2, "a");
        machines.Found(3, "b");
        machines.Found(1, "a");
        Assert.That(
            await machines.Objection.WaitAsync(Forever), Is.EqualTo(Same("web2", "web3")), "at once, whatever web1 is");
        Assert.That(await machines.ObjectionToAsync(3), Is.Not.Null);
    }

    [Test]
    public async Task The_primary_is_no_node_of_its_own_whoever_is_heard_of_first([Values] bool first)
    {
        var machines = Of("web1", "web2");
        if (first) machines.PrimaryIs("p");
        machines.Found(1, "p");
        if (!first) machines.PrimaryIs("p");
        Assert.That(await machines.Objection.WaitAsync(Forever), Is.EqualTo(new Refusal.PrimaryItself(Nodes("web2")[0])));
    }

    [Test]
    public async Task What_is_not_known_is_the_same_as_nothing()
    {
        var machines = Of("web1", "web2", "web3");
        machines.PrimaryIs(null);
        machines.Found(0, null);
        machines.Found(1, null);
        machines.Leave(2);
        Assert.That(await machines.Objection.WaitAsync(Forever), Is.Null);
    }

    [Test]
    public async Task One_that_is_away_is_not_waited_for_and_compared_all_the_same_when_it_comes()
    {
        var impatient = 0;
        var machines = new DistinctMachines(Nodes("web1", "web2", "web3"), () => impatient++);
        machines.PrimaryIs("p");
        machines.Found(0, "a");
        machines.Found(1, "b");
        Assert.That(await machines.Objection.WaitAsync(Forever), Is.Null);
        Assert.That(() => impatient, Is.EqualTo(1).After(5000, 10));
        machines.Found(2, "b");
        Assert.That(await machines.ObjectionToAsync(2), Is.EqualTo(Same("web2", "web3")));
        Assert.That(machines.Duplicate, Is.Not.Null);
        Assert.That(await machines.ObjectionToAsync(0), Is.Null);
    }

    [Test]
    public async Task The_primary_is_waited_for_however_long_it_takes()
    {
        var machines = Of("web1");
        machines.Found(0, "p");
        await Task.Delay(DistinctMachines.LeastWait * 1.5);
        Assert.That(machines.Objection.IsCompleted, Is.False);
        machines.PrimaryIs("p");
        Assert.That(await machines.Objection.WaitAsync(Forever), Is.Not.Null);
    }

    private static Refusal.SameMachine Same(string first, string second) => new(Nodes(first)[0], Nodes(second)[0]);

    private static DistinctMachines Of(params string[] nodes) => new(Nodes(nodes));

    private static List<Node> Nodes(params string[] nodes) =>
        [.. nodes.Select(text => Node.TryParse(text, out var node, out _) ? node : throw new ArgumentException(text))];
}
