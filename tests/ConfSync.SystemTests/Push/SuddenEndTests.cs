namespace ConfSync.SystemTests.Push;

/// <summary>Whoever dies, the peer ends whole, by itself.</summary>
public sealed class SuddenEndTests
{
    private const string Journal = $"{PeerSide.State}/transaction";

    private static readonly PeerKind[] Kinds = [PeerKind.Debian, PeerKind.Debian with { Sh = "bash" }, PeerKind.Alpine];

    [Test]
    public async Task The_peer_undoes_by_itself_when_the_primary_dies([Range(0, 2)] int kind, [Values] bool sshOnly)
    {
        await using var lab = await Lab.StartPeersAsync(1, Kinds[kind]);
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");
        await using var push = await lab.HangAsync("signalled");
        Assert.That(lab.Peers[0].Exists("/etc/nginx/conf.d/site.conf"), "the push is at work");

        if (sshOnly) await lab.Primary.ShAsync("for p in $(busybox pidof ssh); do kill -KILL $p; done");
        else push.Kill();

        await AllOldAsync(lab, before);
        if (!sshOnly) return;
        var outcome = await push.WaitAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(outcome.Err, Does.Contain("the old configuration is back in place there"));
    }

    [Test]
    public async Task The_peer_undoes_by_itself_when_its_runner_dies([Range(0, 2)] int kind)
    {
        await using var lab = await Lab.StartPeersAsync(1, Kinds[kind]);
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");
        await using var push = await lab.HangAsync("signalled");

        await lab.Peers[0].ShAsync("""
            for p in /proc/[0-9]*; do
              grep -q NGINX_SYNC_RUNNER= $p/environ 2>/dev/null && tr '\0' ' ' <$p/cmdline | grep -q ' run push ' || continue
              kill -KILL ${p#/proc/}
            done 2>/dev/null; :
            """);

        var outcome = await push.WaitAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(outcome.Err, Does.Contain("ended before its time").And.Contain("the old configuration is back in place"));
        await AllOldAsync(lab, before);
    }

    [Test]
    public async Task A_power_loss_is_undone_by_the_next_push()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");
        await using var push = await lab.HangAsync("signalled");
        await lab.Peers[0].CrashAsync();
        push.Kill();
        await lab.Peers[0].BootAsync();
        Assert.That(lab.Peers[0].Exists(Journal));
        lab.Primary.Delete("/etc/nginx/conf.d/site.conf");
        lab.Primary.Delete("/etc/nginx/conf.d/taken.conf");
        lab.Pushes("/etc/nginx/conf.d");

        var said = await lab.Primary.PushedAsync();

        Assert.That(said, Does.Contain("an earlier push had been cut off").And.Contain("it is undone now"));
        Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That(await lab.Peers[0].LeftoversAsync(), Is.Empty);
    }

    private static async Task AllOldAsync(Lab lab, IReadOnlyList<string> before)
    {
        var peer = lab.Peers[0];
        await peer.LeavesNothingAsync();
        Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That(await peer.AnswerAsync(), Is.EqualTo("default\n"));
        Assert.That(() => peer.AnswerAsync(81), Throws.InstanceOf<HttpRequestException>());
    }
}
