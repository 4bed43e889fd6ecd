using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>Two pushes at once to the same peers: each is whole or refused, and says truly which.</summary>
public sealed class TwoPrimariesTests : FaultFixture
{
    private static readonly PeerKind[] Kinds = [PeerKind.Debian, PeerKind.Debian with { Flock = false }];

    /// <summary>Another lock file and another configuration stand for another primary.</summary>
    [Test]
    public async Task Two_primaries_never_mix([Range(0, 1)] int kind)
    {
        await using var lab = await Lab.StartPeersAsync(2, Kinds[kind]);
        var random = new Random(kind);
        ConfigureBoth(lab);
        await using var load = SteadyLoad.On(lab.Peers[0], perSecond: 50);
        var refusals = 0;
        for (var number = 0; number < (Repetitions is null ? 6 : 20); number++)
        {
            await using var first = await StartAsync(lab, "one", TimeSpan.Zero);
            await using var second = await StartAsync(lab, "two", TimeSpan.FromMilliseconds(random.Next(300)));
            Outcome[] outcomes = [await first.WaitAsync(), await second.WaitAsync()];

            for (var i = 0; i < 2; i++)
            {
                if (outcomes[i].ExitCode == 0) continue;
                refusals++;
                Assert.That(outcomes[i].ExitCode, Is.EqualTo(2), outcomes[i].ToString());
                Assert.That(outcomes[i].Err, Does.Match(
                    @"taking the lock there failed; nothing was changed there \(NS-3001\):\n    another push is at work on this node: " +
                    @"root@primary since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d ").Or.Contain("left as they were"));
            }
            foreach (var peer in lab.Peers) await EnsureWholeAsync(peer, outcomes);
        }
        TestContext.Out.WriteLine($"{refusals} refusals");
        Assert.That(refusals, Is.Positive, "they met");
        Assert.That((await lab.Primary.PushAsync("-f", "/etc/one.conf")).ExitCode, Is.Zero);
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("one"));
        await EnsureNothingLostAsync(load);
    }

    [Test]
    public async Task One_primary_twice_is_refused_before_it_does_anything()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        ConfigureBoth(lab);
        for (var number = 0; number < (Repetitions is null ? 3 : 20); number++)
        {
            lab.Primary.WriteSite($"{number}");
            await using var first = await StartAsync(lab, "one", TimeSpan.Zero);
            await first.UntilItSaysAsync("Checking prerequisites");
            var second = await lab.Primary.PushAsync("-f", "/etc/one.conf");

            Assert.That(second.ExitCode, Is.EqualTo(1), second.ToString());
            Assert.That(second.Err, Does.Contain("another nginx-sync is running on this machine").And.Contain("nothing was pushed"));
            Assert.That((await first.WaitAsync()).ExitCode, Is.Zero);
            Assert.That(await lab.Peers[0].LeftoversAsync(), Is.Empty);
        }
    }

    private static void ConfigureBoth(Lab lab)
    {
        lab.Primary.WriteSite("site");
        foreach (var name in new[] { "one", "two" })
        {
            lab.Primary.Write($"/etc/{name}.conf", $"""
                NODES="{lab.Nodes}"
                CONFPATHS=/etc/nginx/conf.d
                LOCKFILE=/run/lock/{name}
                BACKUPDIR=/var/lib/{name}
                POSTSYNC="/etc/nginx/conf.d/site.conf|s/site/{name}/"
                """);
        }
    }

    private static async Task<Running> StartAsync(Lab lab, string name, TimeSpan after)
    {
        // Any moment of the other's run, the same ones every time.
        await Task.Delay(after);
        return await lab.Primary.StartAsync("nginx-sync", "-f", $"/etc/{name}.conf");
    }

    // All of one of them; and where only one succeeded on all nodes and the other nowhere, of that one.
    private static async Task EnsureWholeAsync(Node peer, Outcome[] outcomes)
    {
        await peer.LeavesNothingAsync();
        var site = peer.ReadText("/etc/nginx/conf.d/site.conf");
        var name = site.Contains("\"one\"", StringComparison.Ordinal) ? "one" : "two";
        Assert.That(site, Does.Contain($"\"{name}\""));
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo(name), "it serves what it holds");
        var winners = outcomes.Zip(["one", "two"]).Where(pair => pair.First.ExitCode == 0).Select(pair => pair.Second).ToList();
        if (winners.Count == 1 && !outcomes.Any(outcome => outcome.Out.Contains("Updating", StringComparison.Ordinal) && outcome.ExitCode != 0))
        {
            Assert.That(name, Is.EqualTo(winners[0]));
        }
    }
}
