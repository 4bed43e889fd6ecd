namespace ConfSync.SystemTests.Push;

/// <summary>One transaction at a time on a peer, whoever asks.</summary>
public sealed class PeerLockTests
{
    private static readonly PeerKind[] Kinds =
        [PeerKind.Debian, PeerKind.Debian with { Flock = false }, PeerKind.Alpine, PeerKind.Alpine with { Flock = false }];

    [Test]
    public async Task A_second_push_is_refused_and_told_who_is_at_work_and_since_when([Range(0, 3)] int kind)
    {
        await using var lab = await Lab.StartPeersAsync(1, Kinds[kind]);
        await using var first = await lab.HangAsync("signalled");

        // Another lock file stands for another primary.
        lab.Pushes("/etc/nginx/conf.d", "LOCKFILE=/tmp/another");
        var second = await lab.Primary.PushAsync();

        Assert.That(second.ExitCode, Is.EqualTo(2));
        Assert.That(second.Err, Does.Match(
            @"taking the lock there failed; nothing was changed there \(NS-3001\):\n    another push is at work on this node: " +
            @"root@primary since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d "));

        first.Kill();
        await lab.Peers[0].LeavesNothingAsync();
        lab.Primary.Delete("/etc/nginx/conf.d/taken.conf");
        await Eventually.TrueAsync(
            async () => (await lab.Primary.PushAsync()).ExitCode == 0, "the lock ended with its holder");
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task Where_there_is_no_flock_a_link_beneath_that_of_an_ended_process_holds_the_lock_as_well()
    {
        await using var lab = await Lab.StartPeersAsync(1, PeerKind.Debian with { Flock = false });
        var peer = lab.Peers[0];
        // 1 is held, by a process that took its number before that of link 2 came and ended.
        await peer.ShAsync("""
            mkdir -p /run/nginx-sync; cd /run/nginx-sync
            place=$(cat /proc/sys/kernel/random/boot_id):$(readlink /proc/self/ns/pid)
            sleep 600 >/dev/null 2>&1 & echo $! >/tmp/holder
            ln -s "$!:$(cut -d ' ' -f 22 /proc/$!/stat):$place:root@other 100" lock.1
            ln -s "$!:1:$place:root@ended 100" lock.2
            """);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2));
        Assert.That(push.Err, Does.Contain("another push is at work on this node: root@other since "));
        Assert.That(await peer.ShAsync("ls /run/nginx-sync"), Does.Contain("lock.1"));

        await peer.ShAsync("kill $(cat /tmp/holder)");
        await lab.Primary.PushedAsync();

        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await peer.ShAsync("ls -d /run/nginx-sync/lock.* 2>/dev/null || :"), Is.Empty);
    }
}
