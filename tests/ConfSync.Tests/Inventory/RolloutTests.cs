using System.Diagnostics;
using ConfSync.Inventory;
using static ConfSync.Inventory.NodeStage;

namespace ConfSync.Tests.Inventory;

/// <summary>Who may be activated, and when.</summary>
public sealed class RolloutTests
{
    private static readonly RolloutPolicy Two = new(2);

    [Test]
    public void The_first_in_order_goes_alone_and_only_those_before_it_are_waited_for()
    {
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Preparing, Ready, Ready), Is.Empty, "the first is still being tested");
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Ready, Preparing, Connecting), Is.EqualTo([0]));
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Done, Ready, Preparing), Is.EqualTo([1]), "the first failed its test");
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Active, Ready, Ready), Is.Empty);
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Done, Ready, Ready), Is.EqualTo([1]), "the first proved nothing");
        Assert.That(Next(RolloutPolicy.FirstAlone, true, Done, Ready, Ready), Is.EqualTo([1, 2]));
        Assert.That(Next(RolloutPolicy.FirstAlone, true, Connecting, Ready, Preparing), Is.EqualTo([1]), "proven: nobody waits");
    }

    [Test]
    public void Who_is_not_reached_is_waited_for_as_long_as_there_is_patience()
    {
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Connecting, Ready, Connecting), Is.Empty);
        Assert.That(Impatient(RolloutPolicy.FirstAlone, Connecting, Ready, Connecting), Is.EqualTo([1]));
        Assert.That(Next(Two, false, Ready, Connecting, Ready, Ready), Is.Empty);
        Assert.That(Next(Two, false, Ready, Ready, Connecting), Is.EqualTo([0, 1]));
        Assert.That(Impatient(Two, Connecting, Ready, Connecting, Ready, Ready), Is.EqualTo([1, 3]));
        Assert.That(Impatient(Two, Preparing, Ready, Connecting, Ready), Is.Empty, "reached, it is sure to come");
        Assert.That(Next(RolloutPolicy.AllAtOnce, false, Connecting, Ready, Connecting), Is.EqualTo([1]));
    }

    [Test]
    public async Task A_node_that_is_away_holds_the_others_up_for_a_moment_only()
    {
        var rollout = new Rollout(3, RolloutPolicy.FirstAlone);
        rollout.Reached(1);
        rollout.Reached(2);
        var waiting = Stopwatch.StartNew();
        var (second, third) = (rollout.TurnAsync(1), rollout.TurnAsync(2));
        Assert.That(await second, Is.True);
        Assert.That(waiting.Elapsed, Is.GreaterThan(Rollout.Patience - TimeSpan.FromMilliseconds(50)));
        Assert.That(third.IsCompleted, Is.False, "one alone, still");
        rollout.Reached(0);
        rollout.Leave(1);
        Assert.That(third.IsCompleted, Is.False, "reached by now, the first comes before it");
        Assert.That(await rollout.TurnAsync(0), Is.True);
        rollout.Leave(0, seenToServe: true);
        Assert.That(await third, Is.True);
    }

    [Test]
    public void A_batch_is_of_that_size_and_begins_when_the_one_before_has_ended()
    {
        Assert.That(Next(Two, true, Ready, Ready, Ready), Is.EqualTo([0, 1]));
        Assert.That(Next(Two, true, Done, Active, Ready), Is.Empty);
        Assert.That(Next(Two, true, Ready, Preparing, Ready), Is.Empty, "the batch is not full");
        Assert.That(Next(Two, true, Done, Done, Ready), Is.EqualTo([2]));
        Assert.That(Next(RolloutPolicy.AllAtOnce, false, Active, Preparing, Ready, Ready), Is.EqualTo([2, 3]));
    }

    [Test]
    public void With_all_or_none_nobody_begins_before_every_node_is_reached_and_tested()
    {
        var all = RolloutPolicy.AllAtOnce with { AllOrNone = true };
        Assert.That(Next(all, false, Ready, Connecting, Ready), Is.Empty);
        Assert.That(Next(all, false, Ready, Preparing, Done), Is.Empty);
        Assert.That(Next(all, false, Ready, Ready, Done), Is.EqualTo([0, 1]));
    }

    [Test]
    public void What_cannot_be_undone_comes_after_all_else_and_in_batches_too()
    {
        Assert.That(Next(RolloutPolicy.FirstAlone, false, ReadyLast, Ready, ReadyLast), Is.EqualTo([1]));
        Assert.That(Next(RolloutPolicy.FirstAlone, true, ReadyLast, Active, ReadyLast), Is.Empty);
        Assert.That(Next(RolloutPolicy.FirstAlone, false, ReadyLast, Done, ReadyLast), Is.EqualTo([0]));
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Active, Done, ReadyLast), Is.Empty);
        Assert.That(Next(RolloutPolicy.FirstAlone, true, ReadyLast, Done, ReadyLast), Is.EqualTo([0, 2]));
    }

    [Test]
    public async Task A_failure_after_activation_stops_all_who_wait_and_all_who_come()
    {
        var rollout = new Rollout(4, RolloutPolicy.FirstAlone);
        for (var node = 0; node < 3; node++) rollout.Reached(node);
        var (first, second) = (rollout.TurnAsync(0), rollout.TurnAsync(1));
        var third = rollout.TurnAsync(2);
        Assert.That(await first, Is.True);
        Assert.That(second.IsCompleted || third.IsCompleted, Is.False);
        rollout.Leave(0, seenToServe: false, failed: true);
        Assert.That(await second, Is.False);
        Assert.That(await third, Is.False);
        rollout.Reached(3);
        Assert.That(await rollout.TurnAsync(3), Is.False);
    }

    /// <summary>Whatever the nodes do in whatever order: every one gets an answer, never more than a batch is active, and
    /// before one is proven never more than one.</summary>
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Every_node_gets_its_turn_and_batches_are_kept(byte nodeCount, byte batch, int seed)
    {
        var nodes = (nodeCount % 6) + 1;
        var policy = (batch % 4) switch { 0 => RolloutPolicy.FirstAlone, 3 => RolloutPolicy.AllAtOnce, var size => new RolloutPolicy(size) };
        var random = new Random(seed);
        var rollout = new Rollout(nodes, policy);
        var turns = new Task<bool>?[nodes];
        var steps = new int[nodes];
        var proven = false;
        while (steps.Any(step => step < 3))
        {
            var node = random.Next(nodes);
            switch (steps[node])
            {
                case 0:
                    // Some are never reached.
                    if (random.Next(4) == 0) (steps[node], _) = (3, Leave(node));
                    else rollout.Reached(node);
                    steps[node] = Math.Max(steps[node], 1);
                    break;
                case 1:
                    // Some fail their test.
                    if (random.Next(4) == 0) (steps[node], _) = (3, Leave(node));
                    else (steps[node], turns[node]) = (2, rollout.TurnAsync(node));
                    break;
                case 2 when turns[node]!.IsCompleted:
                    var serves = random.Next(2) == 0;
                    steps[node] = 3;
                    proven |= serves;
                    rollout.Leave(node, serves);
                    break;
            }
            var active = Enumerable.Range(0, nodes).Count(i => steps[i] == 2 && turns[i]!.IsCompleted);
            Assert.That(active, Is.LessThanOrEqualTo(policy.BatchSize ?? (proven ? nodes : 1)));
            // Somebody can always go on.
            Assert.That(steps.Any(step => step < 2) || active > 0 || steps.All(step => step == 3), Is.True);
        }

        bool Leave(int node)
        {
            rollout.Leave(node);
            return true;
        }
    }

    private static IReadOnlyList<int> Next(RolloutPolicy policy, bool proven, params NodeStage[] stages) =>
        Rollout.NextOf(stages, policy, proven, patient: true);

    private static IReadOnlyList<int> Impatient(RolloutPolicy policy, params NodeStage[] stages) =>
        Rollout.NextOf(stages, policy, proven: false, patient: false);
}
