namespace ConfSync.SystemTests.Push;

/// <summary>A push that would take most of a node away, as one of an emptied directory, is refused there until it is said that
/// this is meant.</summary>
public sealed class ManyDeletionsTests
{
    [Test]
    public async Task It_is_refused_with_the_numbers_and_the_way_on_and_goes_on_with_it()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        foreach (var number in Enumerable.Range(10, 15)) lab.Peers[0].Write($"/etc/nginx/conf.d/{number}.conf", "# of this node\n");
        foreach (var number in Enumerable.Range(10, 10)) lab.Peers[1].Write($"/etc/nginx/conf.d/{number}.conf", "# of this node\n");
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");

        foreach (var arguments in new string[][] { ["-n"], [], ["--max-delete", "14"] })
        {
            var refused = await lab.NginxSyncAsync(arguments);

            var said = arguments.Length < 2
                ? "the push would delete 15 of the 15 paths that this node holds under /etc/nginx/conf.d:"
                : "the push would delete 15 paths on this node, and 14 is the most (--max-delete, MAX_DELETE):";
            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
            Assert.That(refused.Err, Does.StartWith(
                $"nginx-sync: {lab.Peers[0].Address}: planning the change failed; nothing was changed there (NS-3107):\n    {said}\n    /etc/nginx/conf.d/10.conf\n"));
            Assert.That(refused.Err, Does.Contain("    If that is meant: --max-delete 15 lets a push delete so many on each node."));
            Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx"), Is.EqualTo(before));
            Assert.That(lab.Peers[0].Generations(), Is.Zero, "nothing was staged or kept");
        }
        Assert.That(lab.Peers[1].Exists("/etc/nginx/conf.d/10.conf"), Is.False, "ten are few");

        lab.Configure("MAX_DELETE=15");
        var push = await lab.NginxSyncAsync();
        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.Contain("    1 created, 15 deleted\n"));

        var back = await lab.NginxSyncAsync("rollback", lab.Peers[0].Address, "--max-delete", "0");
        Assert.That(back.Err, Does.Contain("--max-delete"), "a roll-back has no such option");
        lab.Configure("MAX_DELETE=0");
        Assert.That((await lab.NginxSyncAsync("rollback", lab.Peers[0].Address)).ExitCode, Is.Zero);
        Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.EqualTo(2));
        Assert.That((await lab.NginxSyncAsync("--max-delete", "15")).ExitCode, Is.Zero, "the option counts for more than the file");
    }
}
