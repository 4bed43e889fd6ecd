using System.Text.RegularExpressions;

namespace ConfSync.SystemTests.Push;

/// <summary>Where a push cannot be made safely, it is not made, and the reason is said.</summary>
public sealed class PeerRefusalTests
{
    private const string Data = "/etc/nginx/data";

    [TestCase("mkdir -p /srv/data; ln -s /srv/data /etc/nginx/data", "/etc/nginx/data is a symbolic link")]
    [TestCase("mkdir -p '/etc/nginx/data/a b'; mount -t tmpfs x '/etc/nginx/data/a b'", "/etc/nginx/data/a b is a mount point")]
    [TestCase("mkdir -p /etc/nginx/data; echo 1 >/etc/nginx/data/f; mount --bind /etc/hosts /etc/nginx/data/f",
        "/etc/nginx/data/f is a mount point")]
    [TestCase("mv /etc/nginx /opt/ng; ln -s /opt/ng /etc/nginx; mkdir -p /opt/ng/data/sub; mount -t tmpfs x /opt/ng/data/sub",
        "/etc/nginx/data/sub is a mount point")]
    [TestCase("rm /usr/bin/sha256sum", "sha256sum")]
    [TestCase("rm /usr/sbin/nginx", "no nginx at /usr/sbin/nginx")]
    [TestCase("nginx -s stop; sleep 0.3; for n in 1 2; do printf \"pid /run/$n.pid; events {}\" >/tmp/$n.conf; nginx -c /tmp/$n.conf 2>/dev/null; done",
        "several nginx masters")]
    public async Task A_peer_that_is_not_fit_is_left_alone(string unfit, string reason)
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await lab.Primary.ShAsync($"mkdir {Data}; echo new >{Data}/file");
        lab.Pushes(Data);
        await lab.Peers[0].ShAsync(unfit);
        var before = await lab.Peers[0].TracesAsync("/etc/nginx /srv /opt");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2));
        Assert.That(push.Err, Does.Contain(reason).And.Contain("nothing was changed there"));
        Assert.That(await lab.Peers[0].TracesAsync("/etc/nginx /srv /opt"), Is.EqualTo(before));
        Assert.That(await lab.Peers[0].LeftoversAsync(), Is.Empty);
        Assert.That(lab.Peers[1].ReadText($"{Data}/file"), Is.EqualTo("new\n"), "the other peer is not concerned");
    }

    // Another system has neither Linux's /proc nor its name.
    [Test]
    public async Task Another_system_than_Linux_is_refused_by_its_name([Values("nginx-sync", "nginx-sync -C", "nginx-sync history")] string command)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync("""
                printf '#!/bin/sh\necho OpenBSD\n' >/usr/local/bin/uname; chmod 755 /usr/local/bin/uname
                mount --bind /dev/null /proc/sys/kernel/ostype
                """);
        }
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");

        var outcome = await lab.Primary.RunAsync(command.Split(' '));

        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        foreach (var peer in lab.Peers)
        {
            Assert.That(outcome.Err, Does.Match($@"{Regex.Escape(peer.Address)}[^\n]*:\n *nodes must run Linux, and this is OpenBSD\n"));
            Assert.That(peer.Exists("/run/nginx-sync"), Is.False);
        }
    }

    [Test]
    public async Task A_path_may_be_a_mount_point_itself()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}/sub; echo new >{Data}/sub/file; chmod 700 {Data}");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"mkdir {Data}; mount -t tmpfs -o mode=0755 x {Data}; echo old >{Data}/old");
        }
        lab.Pushes(Data);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
        }
    }

    [Test]
    public async Task A_directory_above_may_be_a_link()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}/sub; echo new >{Data}/sub/file");
        foreach (var peer in lab.Peers) await peer.ShAsync("mv /etc/nginx /opt/nginx; ln -s /opt/nginx /etc/nginx");
        lab.Pushes($"{Data} /etc/nginx/nginx.conf");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.TreeAsync("/opt/nginx/data"), Has.Count.EqualTo(3));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
        }
    }
}
