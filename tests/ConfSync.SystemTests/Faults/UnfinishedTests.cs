using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>A push to all nodes or none that was decided and is not finished: what the next runs do beside it.</summary>
public sealed class UnfinishedTests
{
    [Test]
    public async Task A_node_that_stays_away_is_said_loudly_and_settled_when_it_is_back()
    {
        await using var push = await AgreedPush.PreparedAsync("RELOAD_TIMEOUT=3");
        var away = push.Peers[1];
        await using (var running = await push.HeldAtAsync(push.Primary, "decided"))
        {
            await away.CrashAsync();
            await AgreedPush.ReleaseAsync(push.Primary);
            var outcome = await running.WaitAsync();
            Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain($"{away.Address}: connecting failed; NOT SETTLED, this attempt changed nothing there"));
            Assert.That(outcome.Err, Does.Contain(
                "!!! ALL HAD AGREED, AND NOT ALL HOLD IT: not known to hold and serve the new configuration: " +
                $"{away.Address}; they do: {push.Peers[0].Address} {push.Peers[2].Address}\n"));
        }
        await push.EnsureAsync(push.Peers[0], isNew: true);
        // Somebody works on a node that is settled: it is none of that push's business any more.
        push.Peers[0].Write("/etc/nginx/conf.d/created/b.conf", "# by hand\n");

        push.Edit("newer");
        var refused = await push.RunAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Err, Does.Contain("nothing else was done: the earlier push has to be finished first"));
        Assert.That(await push.Peers[2].AnswerAsync(), Is.EqualTo("new\n"));

        await away.BootAsync();
        var settled = await push.SettleAsync();
        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        await push.EnsureAsync(away, isNew: true);
        Assert.That(push.Peers[0].ReadText("/etc/nginx/conf.d/created/b.conf"), Is.EqualTo("# by hand\n"));
        Assert.That(push.IsRecorded, Is.False);
    }

    [Test]
    public async Task A_push_that_is_not_all_or_none_goes_on_and_takes_its_place()
    {
        await using var push = await AgreedPush.PreparedAsync("RELOAD_TIMEOUT=3");
        var away = push.Peers[1];
        await push.DieDecidedAsync();
        await away.CrashAsync();
        push.Edit("newer");

        var next = await push.Primary.RunAsync("nginx-sync");

        Assert.That(next.ExitCode, Is.EqualTo(2), next.ToString());
        Assert.That(next.Err, Does.Contain("warning: going on all the same; what is pushed now takes the place of the earlier push"));
        foreach (var peer in push.Peers.Where(peer => peer != away)) Assert.That(await peer.AnswerAsync(), Is.EqualTo("newer\n"));
        Assert.That(push.IsRecorded, Is.False, "it must never bring back what is older");
        await away.BootAsync();
        Assert.That((await push.SettleAsync()).Out, Does.Contain("nothing is left to settle"));
        await push.EnsureConvergesAsync();
    }

    [Test]
    public async Task A_roll_back_goes_on_without_a_node_that_stays_away_and_leaves_the_record()
    {
        await using var push = await AgreedPush.PreparedAsync("RELOAD_TIMEOUT=3");
        var away = push.Peers[1];
        await push.DieDecidedAsync();
        await away.CrashAsync();

        var back = await push.Primary.RunAsync("nginx-sync", "rollback");

        Assert.That(back.ExitCode, Is.EqualTo(2), back.ToString());
        Assert.That(back.Err, Does.Contain(
            "warning: going on all the same; the earlier push stays recorded, and the next push, or nginx-sync settle, finishes it\n"));
        foreach (var peer in push.Peers.Where(peer => peer != away)) await push.EnsureAsync(peer, isNew: false);
        Assert.That(push.IsRecorded);
        await away.BootAsync();
        Assert.That((await push.SettleAsync()).ExitCode, Is.Zero);
        await push.EnsureAsync(away, isNew: true);
        await push.EnsureAsync(push.Peers[0], isNew: false);
        await push.EnsureConvergesAsync();
    }

    /// <summary>What is recorded decides what root writes on the nodes.</summary>
    [Test]
    public async Task A_record_that_is_not_to_be_trusted_or_not_of_this_configuration_is_refused()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await push.DieDecidedAsync();
        await push.EnsureAllAsync(isNew: false);
        Assert.That(await push.Primary.ShAsync($"stat -c '%a %U' {AgreedPush.Decision} /var/lib/nginx-sync"), Is.EqualTo("600 root\n700 root"));

        await push.Primary.ShAsync($"chmod g+w {AgreedPush.Decision}");
        await RefusedAsync(push, "others than root may write to /var/lib/nginx-sync/decision");
        await push.Primary.ShAsync($"chmod 600 {AgreedPush.Decision}; cp -p {AgreedPush.Decision} /tmp/good; sed -i 's/new/odd/' {AgreedPush.Decision}");
        await RefusedAsync(push, "is damaged");

        await push.Primary.ShAsync($"mv /tmp/good {AgreedPush.Decision}; cp -p /etc/nginx-sync.conf /etc/other.conf");
        var other = await push.RunAsync("-f", "/etc/other.conf");
        Assert.That(other.ExitCode, Is.EqualTo(1), other.ToString());
        Assert.That(other.Err, Does.Contain("nginx-sync -f /etc/nginx-sync.conf settle"));

        // A node that is not in NODES any more is left as it is.
        push.ConfigureNodes($"{push.Peers[0].Address} {push.Peers[1].Address}");
        var settled = await push.SettleAsync();
        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        Assert.That(settled.Err, Does.Contain($"{push.Peers[2].Address} was part of it and is not in NODES any more"));
        await push.EnsureAsync(push.Peers[0], isNew: true);
        await push.EnsureAsync(push.Peers[2], isNew: false);
        Assert.That(push.IsRecorded, Is.False);
    }

    private static async Task RefusedAsync(AgreedPush push, string why)
    {
        foreach (var outcome in new[] { await push.SettleAsync(), await push.RunAsync() })
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain(why));
        }
        await push.EnsureAllAsync(isNew: false);
    }
}
