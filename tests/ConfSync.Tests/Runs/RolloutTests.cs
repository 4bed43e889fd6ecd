using System.Diagnostics;
using System.Net;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>Nodes get their turns, and learn that they will have none.</summary>
public sealed class RolloutTests
{
    [Test]
    public async Task A_node_that_is_away_holds_the_others_up_for_a_moment_only()
    {
        var rollout = new Rollout(3, RolloutPolicy.FirstAlone);
        rollout.Reached(1);
        rollout.Reached(2);
        var waiting = Stopwatch.StartNew();
        var (second, third) = (rollout.TurnAsync(1), rollout.TurnAsync(2));
        Assert.That(await second, Is.True);
        Assert.That(waiting.Elapsed, Is.GreaterThan(Rollout.LeastWait - TimeSpan.FromMilliseconds(50)));
        Assert.That(third.IsCompleted, Is.False, "one alone, still");
        rollout.Reached(0);
        rollout.Leave(1);
        Assert.That(third.IsCompleted, Is.False, "reached by now, the first comes before it");
        Assert.That(await rollout.TurnAsync(0), Is.True);
        rollout.Leave(0, seenToServe: true);
        Assert.That(await third, Is.True);
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

    [Test]
    public async Task It_is_known_what_all_say_once_each_has_told_or_is_waited_for_no_more()
    {
        var rollout = new Rollout(3, RolloutPolicy.FirstAlone);
        var said = new MachineRoles(KeepalivedPresence.Stopped, [IPAddress.Loopback], []);
        rollout.Reached(0);
        rollout.Reached(1);
        rollout.Told(0, said);
        Assert.That(rollout.AllTold.IsCompleted, Is.False, "two have not told");
        rollout.Leave(1);
        Assert.That(rollout.AllTold.IsCompleted, Is.False, "the third one may be reached yet");
        rollout.StopWaiting();
        Assert.That(await rollout.AllTold, Is.EqualTo(new[] { said, null, null }));
    }

    /// <summary>Whatever the nodes do in whatever order: every one gets an answer, never more than a batch is active, and
    /// before one is proven never more than one. By roles, a node that holds an address is active alone.</summary>
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Every_node_gets_its_turn_and_batches_are_kept(byte nodeCount, byte batch, int seed, bool byRoles)
    {
        var nodes = (nodeCount % 6) + 1;
        var policy = (batch % 4) switch { 0 => RolloutPolicy.FirstAlone, 3 => RolloutPolicy.AllAtOnce, var size => new RolloutPolicy(size) } with { ByRoles = byRoles };
        var random = new Random(seed);
        var rollout = new Rollout(nodes, policy);
        var turns = new Task<bool>?[nodes];
        var steps = new int[nodes];
        var holds = Enumerable.Range(0, nodes).Select(_ => random.Next(2) == 0).ToArray();
        var proven = false;
        while (steps.Any(step => step < 3))
        {
            var node = random.Next(nodes);
            switch (steps[node])
            {
                case 0:
                    // Some are never reached.
                    if (random.Next(4) == 0) (steps[node], _) = (3, Leave(node));
                    else
                    {
                        rollout.Reached(node);
                        if (byRoles) rollout.Told(node, Roles(node, holds[node]));
                    }
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
            if (byRoles && policy != RolloutPolicy.AllAtOnce with { ByRoles = true } && active > 1)
            {
                Assert.That(Enumerable.Range(0, nodes).Any(i => steps[i] == 2 && turns[i]!.IsCompleted && holds[i]), Is.False);
            }
            // Somebody can always go on.
            Assert.That(steps.Any(step => step < 2) || active > 0 || steps.All(step => step == 3), Is.True);
        }

        static MachineRoles Roles(int node, bool holds)
        {
            var address = IPAddress.Parse($"10.0.0.{node}");
            return new MachineRoles(
                KeepalivedPresence.Running, holds ? [IPAddress.Loopback, address] : [IPAddress.Loopback], [new ConfiguredInstance($"VI_{node}", [address], null)]);
        }

        bool Leave(int node)
        {
            rollout.Leave(node);
            return true;
        }
    }
}
