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
            @"taking the lock there failed; nothing was changed there:\n    another push is at work on this node: " +
            @"root@primary since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d "));

        first.Kill();
        await lab.Peers[0].LeavesNothingAsync();
        lab.Primary.Delete("/etc/nginx/conf.d/taken.conf");
        await Eventually.TrueAsync(
            async () => (await lab.Primary.PushAsync()).ExitCode == 0, "the lock ended with its holder");
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("new"));
    }
}
