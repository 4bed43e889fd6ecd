using System.Diagnostics;
using System.Text.RegularExpressions;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests;

/// <summary>Signals and lost readers: every peer ends whole, old or new, and served; nothing is left of the push.</summary>
public sealed class InterruptTests
{
    [Test]
    public async Task Ctrl_C_ends_the_wait_for_an_unplugged_node_at_once()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        var other = lab.Peers[1];
        lab.Configure("CONNECT_TIMEOUT=60");
        lab.WriteSite("new");
        // Not the cable: that the hardware address is not answered for is known after 3 s.
        await lab.Peers[0].RunAsync("sh", "-c", "kill -STOP $(cat /run/sshd.pid)");
        await using var running = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(() => other.Generations() > 0 && !other.Exists(NginxSync.Journal), "the other is confirmed");
        // The primary hears of it a moment later.
        await Task.Delay(Pace.Limit(0.5));
        var clock = Stopwatch.StartNew();
        running.SignalGroup(Running.SigInt);
        var outcome = await running.WaitAsync();
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(3)));
        Assert.That(outcome.ExitCode, Is.EqualTo(130));
        Assert.That(outcome.Err, Does.StartWith("nginx-sync: interrupted: no node has anything live that would have to be undone; ending\n"));
        Assert.That(outcome.Err, Does.Contain($"{lab.Peers[0].Address}: the push failed; nothing was changed there (NS-3113):\n    interrupted"));
        Assert.That(await other.SiteAsync(), Is.EqualTo("new"));
        await lab.Peers[0].RunAsync("sh", "-c", "kill -CONT $(cat /run/sshd.pid)");
        await lab.Peers[0].IsCleanAsync();
    }

    [TestCase(Running.SigInt, 130)]
    [TestCase(Running.SigTerm, 143)]
    [TestCase(1, 129)]
    public async Task A_signal_during_a_reload_has_it_undone_and_who_waits_left_alone(int signal, int status)
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        await lab.Peers[0].TakePortAsync();
        await using var running = await lab.StartNginxSyncAsync();
        await lab.Peers[0].IsAtAsync("signalled");
        running.SignalGroup(signal);
        // The same wish once more, as timeout(1) sends it to its child and to the group.
        await Task.Delay(20);
        running.SignalGroup(signal);
        await running.UntilItSaysAsync("nginx-sync: interrupted: no other node gets its turn.");
        var outcome = await running.WaitAsync(Pace.Limit(20));
        Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.ToString());
        Assert.That(outcome.Err, Does.Match("(?s)interrupted: no other node gets its turn.*reloading nginx failed"), "it is answered before the undo is done");
        // Otherwise the next roll-back would go over the push before this one.
        Assert.That(outcome.Err, Does.Not.Contain("could not be added"));
        Assert.That((await lab.NginxSyncAsync("history")).Out, Does.Contain("failed after its files had changed: "));
        Assert.That(outcome.Err, Does.Match($" Waiting until these are whole:\n    {Regex.Escape(lab.Peers[0].Address)}: [a-z ]+, [0-9]+ (s|min) at most\n"));
        await AllAreOldAsync(lab);
    }

    [Test]
    public async Task A_comparison_is_interrupted_at_once()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure("CONNECT_TIMEOUT=60");
        await lab.Peers[0].RunAsync("sh", "-c", "kill -STOP $(cat /run/sshd.pid)");
        await using var running = await lab.StartNginxSyncAsync("-C");
        await running.UntilItSaysAsync("Comparing local and remote configs");
        running.SignalGroup(Running.SigInt);
        Assert.That((await running.WaitAsync(Pace.Limit(5))).ExitCode, Is.EqualTo(130));
    }

    [Test]
    public async Task A_second_Ctrl_C_ends_it_at_once_and_the_peers_see_to_themselves()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        await lab.Peers[0].TakePortAsync();
        await using var running = await lab.StartNginxSyncAsync();
        await lab.Peers[0].IsAtAsync("signalled");
        running.SignalGroup(Running.SigInt);
        // The first has been acted on when those who wait are let go.
        await lab.Peers[2].IsCleanAsync();
        Assert.That(running.HasExited, Is.False);
        // One that follows at once would be the same wish.
        await Task.Delay(200);
        running.SignalGroup(Running.SigInt);
        var outcome = await running.WaitAsync(Pace.Limit(2));
        Assert.That(outcome.ExitCode, Is.EqualTo(130));
        Assert.That(outcome.Err, Does.EndWith(
            $"nginx-sync: ended at once. Cut off:\n    {lab.Peers[0].Address}: reloading; it undoes by itself what is not confirmed\n"));
        await AllAreOldAsync(lab);
    }

    /// <summary>The next roll-back must not take a good push for the last run, or go forward where a roll-back was cut off.</summary>
    [Test]
    public async Task A_run_that_was_killed_is_remembered()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        foreach (var word in new[] { "first", "second" })
        {
            lab.WriteSite(word);
            _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        }

        await KillAtAsync(lab.Peers[0], "rollback");
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("second"));
        Assert.That((await lab.NginxSyncAsync("history")).OutIfSuccessful, Does.Match(
            $@"    the run has not told its end \(it is at work, or was cut off\).*: {Regex.Escape(lab.Peers[0].Address)} {Regex.Escape(lab.Peers[1].Address)}\n"));
        var again = await lab.NginxSyncAsync("rollback");
        Assert.That(again.ExitCode, Is.EqualTo(1), again.ToString());
        Assert.That(again.Err, Does.Contain("(NS-5019)"));

        await KillAtAsync(lab.Peers[1], "rollback", "--force");
        Assert.That((await lab.Peers[0].SiteAsync(), await lab.Peers[1].SiteAsync()), Is.EqualTo(("first", "second")));
        var forward = await lab.NginxSyncAsync("rollback");
        Assert.That(forward.Err, Does.Contain("(NS-5020)").And.Contain($"To roll back what is left: nginx-sync rollback --to 1 {lab.Peers[1].Address}\n"), forward.ToString());
        _ = (await lab.NginxSyncAsync("rollback", "--to", "1", lab.Peers[1].Address)).OutIfSuccessful;
        Assert.That((await lab.Peers[0].SiteAsync(), await lab.Peers[1].SiteAsync()), Is.EqualTo(("first", "first")));
        Assert.That(lab.Primary.ReadText("/var/lib/nginx-sync/begun"), Is.Empty);

        async Task KillAtAsync(Node peer, params string[] arguments)
        {
            peer.Write(Generations.Hold, "active\n");
            await using var running = await lab.StartNginxSyncAsync(arguments);
            await Eventually.TrueAsync(() => peer.Exists($"{Generations.Hold}.reached"), "it stands still after the renames");
            running.Kill();
            await running.WaitAsync();
            await peer.ShAsync($"rm -f {Generations.Hold} {Generations.Hold}.reached");
            foreach (var one in lab.Peers) await one.IsCleanAsync();
        }
    }

    [Test]
    public async Task Ctrl_C_at_any_moment_leaves_every_peer_whole()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("0");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        for (var i = 1; i <= 8; i++)
        {
            lab.WriteSite($"{i}");
            await using var running = await lab.StartNginxSyncAsync();
            // No condition is waited for here: the moments are to differ.
            await Task.Delay(120 * i);
            running.SignalGroup(Running.SigInt);
            var outcome = await running.WaitAsync(Pace.Limit(20));
            Assert.That(outcome.ExitCode, Is.EqualTo(130).Or.EqualTo(0), outcome.ToString());
            foreach (var peer in lab.Peers)
            {
                await peer.IsCleanAsync();
                Assert.That(peer.ReadText(NginxSync.Site), Does.Contain($"'{await peer.SiteAsync()}'"), $"after {120 * i} ms");
                if (outcome.ExitCode == 0) Assert.That(await peer.SiteAsync(), Is.EqualTo($"{i}"));
            }
        }
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_reader_that_goes_away_does_not_stop_the_push()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        // A full disk does not stop it either, and is no good run.
        foreach (var (answer, command, status) in new[]
        {
            ("one", "nginx-sync | head -1; exit ${PIPESTATUS[0]}", 0),
            ("two", "nginx-sync 2>&1 | true; exit ${PIPESTATUS[0]}", 0),
            ("three", "nginx-sync >/dev/full 2>&1", 2),
        })
        {
            lab.WriteSite(answer);
            var outcome = await lab.Primary.RunAsync("bash", "-c", command);
            Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.ToString());
            foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo(answer));
        }
    }

    private static async Task AllAreOldAsync(Lab lab)
    {
        foreach (var peer in lab.Peers)
        {
            await peer.IsCleanAsync();
            Assert.That(peer.Exists(NginxSync.Site), Is.False);
            Assert.That((await peer.HttpGetAsync()).Body, Is.EqualTo("default\n"));
        }
    }
}
