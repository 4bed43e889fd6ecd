namespace ConfSync.SystemTests;

/// <summary>A push that fails for want of something on a node says what nginx-sync doctor says of it.</summary>
public sealed class FailureCheckupTests
{
    [Test]
    public async Task A_push_without_room_on_a_node_says_where_room_is_missing_and_asks_no_other_node()
    {
        const string Large = "/etc/nginx/conf.d/large.bin";
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        lab.Primary.Write(Large, new byte[6 << 20]);
        _ = (await lab.Peers[0].RunAsync("mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "small", "/etc/nginx/conf.d")).OutIfSuccessful;

        var push = await lab.NginxSyncAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain($"{lab.Peers[0].Address}: staging the new files failed; nothing was changed there (NS-3007):\n"));
        Assert.That(push.Err, Does.Match(
            $"nginx-sync: {lab.Peers[0].Address}: [0-9] MiB are free at /etc/nginx/conf.d, where /etc/nginx/conf.d is\n  make room there: .*\nnginx-sync: 1 of 2 nodes failed"));
        Assert.That(await lab.Peers[1].SiteAsync(), Is.EqualTo("new"));
        Assert.That(lab.Peers[1].SshLogins(), Is.EqualTo(1), "a node that did not fail is not looked at again");
    }
}
