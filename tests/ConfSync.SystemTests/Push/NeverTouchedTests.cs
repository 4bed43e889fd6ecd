namespace ConfSync.SystemTests.Push;

/// <summary>What is under CONFPATHS and is nothing that a push may touch: the file system's own, and this tool's own.</summary>
public sealed class NeverTouchedTests
{
    private const string Data = "/etc/nginx/data";

    [Test]
    public async Task What_the_file_system_keeps_for_itself_stays()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        // A name in which a tag of Unicode is not seen: it is said by its bytes.
        await lab.Primary.ShAsync($"mkdir -m 700 -p {Data}/lost+found; echo here >{Data}/lost+found/f; echo new >\"{Data}/a$(printf '\\363\\240\\200\\201')\"");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"mkdir -p {Data}/lost+found/sub {Data}/gone/lost+found; cd {Data}; echo there >lost+found/sub/f; echo g >gone/file; echo x >gone/lost+found/f");
        }
        lab.Pushes(Data);

        var push = await lab.Primary.PushAsync("-r");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.Contain($@"create  {Data}/a\xf3\xa0\x80\x81").And.Not.Contain("lost+found"));
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.ShAsync($"cd {Data}; find . -type f | grep -v /a | LC_ALL=C sort | tr '\\n' ' '"),
                Is.EqualTo("./gone/lost+found/f ./lost+found/sub/f "));
        }
        Assert.That((await lab.Primary.PushAsync("-C")).ExitCode, Is.Zero);
    }

    [TestCase("/srv/link/generations", "ln -s /var/lib/nginx-sync /srv/link", "/var/lib/nginx-sync/generations")]
    [TestCase("/srv/link/nginx-sync", "ln -s /var/lib /srv/link", "/var/lib/nginx-sync")]
    [TestCase("/srv/link/lib", "ln -s /var /srv/link", "/var/lib")]
    public async Task A_path_that_leads_to_the_tools_own_files_is_refused(string path, string linking, string real)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}; echo 1 >{Data}/file");
        lab.Pushes(Data);
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) await peer.ShAsync(linking);
        await lab.Primary.ShAsync($"mkdir -p {path}; echo other >{path}/file");
        lab.Pushes(path);

        var refused = await lab.Primary.PushAsync();

        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Err.Split($"{path} of CONFPATHS leads to {real} on this node").Length - 1, Is.EqualTo(2), refused.Err);
        foreach (var peer in lab.Peers) Assert.That(peer.Exists($"{PeerSide.State}/generations/1/plan"));
    }

    /// <summary>The seam that the tests use (docs/protocol.md), forgotten by one of them.</summary>
    [Test]
    public async Task A_failpoint_that_nobody_asked_for_holds_nothing_up()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}; echo 1 >{Data}/file");
        lab.Pushes(Data, "ALL_OR_NONE=yes");
        lab.Peers[0].Write("/run/nginx-sync/hold", "activating\n");
        lab.Peers[1].Write("/run/nginx-sync/hold", "staging\n");
        lab.Primary.Write("/run/nginx-sync/hold", "decided\n");

        var push = await lab.Primary.RunAsync(
            new Invocation("nginx-sync") { Environment = new Dictionary<string, string> { ["NGINX_SYNC_FAILPOINTS"] = "" } });

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        foreach (var node in lab.Peers.Append<Node>(lab.Primary)) Assert.That(node.Exists("/run/nginx-sync/hold.reached"), Is.False);
    }
}
