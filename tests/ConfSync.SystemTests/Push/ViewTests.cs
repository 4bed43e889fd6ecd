namespace ConfSync.SystemTests.Push;

/// <summary>The private view in which a result is tested: everything is where it is otherwise.</summary>
public sealed class ViewTests
{
    [TestCase("keys", "mkdir /etc/nginx/keys", "/etc/nginx/keys", TestName = "{m}(beneath)")]
    [TestCase("keys", "mv /etc/nginx /opt/ng; ln -s /opt/ng /etc/nginx; mkdir /opt/ng/keys", "/opt/ng/keys", TestName = "{m}(behind a link)")]
    [TestCase("my keys", "mkdir '/etc/nginx/my keys'", "/etc/nginx/my keys", TestName = "{m}(with a blank)")]
    public async Task What_is_mounted_beneath_a_directory_that_changes_is_seen(string name, string prepare, string mounted)
    {
        var key = $"'/etc/nginx/{name}/key.conf'";

        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await peer.ShAsync($"{prepare}; mount -t tmpfs -o mode=0755 keys '{mounted}'; : >'{mounted}/key.conf'");
        await lab.Primary.ShAsync($"mkdir '/etc/nginx/{name}'; : >{key}");
        lab.Primary.AddToMain($"include {key};");
        lab.Pushes("/etc/nginx/nginx.conf", "REQUIRE_STAGED_TEST=yes");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(peer.ReadText("/etc/nginx/nginx.conf"), Does.StartWith($"include {key};"));
            Assert.That(await peer.ShAsync($"grep -cF ' {mounted.Replace(" ", "\\040", StringComparison.Ordinal)} ' /proc/self/mountinfo"), Is.EqualTo("1"), "nothing was mounted for good");
        }
    }

    [Test]
    public async Task A_directory_may_have_a_name_that_mount_would_divide()
    {
        const string sites = "/etc/nginx/a,b:c=d e";
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var node in lab.Peers.Prepend<Node>(lab.Primary))
        {
            await node.ShAsync($"mkdir '{sites}'");
            node.EditMain("include conf.d/*.conf;", $"include '{sites}/*.conf';");
        }
        lab.Primary.Write($"{sites}/site.conf", "server { listen 81; return 200 new; }");
        lab.Pushes($"'{sites}'", "REQUIRE_STAGED_TEST=yes");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        lab.Primary.Write("/etc/only-here.conf", "");
        lab.Primary.Write($"{sites}/site.conf", "include /etc/only-here.conf;");
        var push = await lab.Primary.PushAsync("--serial", "all");
        Assert.That(push.ExitCode, Is.EqualTo(2));
        foreach (var peer in lab.Peers)
        {
            Assert.That(push.Err, Does.Contain($"{peer.Address}: testing the new configuration failed; nothing was changed there"));
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        }
    }
}
