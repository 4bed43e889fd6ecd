using System.Diagnostics;

namespace ConfSync.SystemTests.Push;

/// <summary>What a push takes no part in, and what is too much for it.</summary>
public sealed class LimitTests
{
    private const string Conf = "/etc/nginx/conf.d";

    [Test]
    public async Task A_file_over_2_GiB_is_refused_before_any_login_unless_it_is_excluded()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Primary.WriteSite("new");
        await lab.Primary.ShAsync($"truncate -s 2200M {Conf}/large.bin");
        lab.Pushes(Conf);
        var logins = lab.Peers[0].SshLogins();
        var clock = Stopwatch.StartNew();

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(1), push.ToString());
        Assert.That(push.Err, Is.EqualTo(
            $"nginx-sync: looking at the local files failed; nothing was pushed (NS-1204):\n    {Conf}/large.bin has 2200 MiB, and a file of a push " +
            "has 2047 MiB at most: keep it elsewhere, or add it to EXCLUDE\nNothing was pushed.\n"));
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(logins));
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(5)), "its content was not read");
        lab.Pushes(Conf, $"EXCLUDE={Conf}/large.bin");
        // A name can be kept from being looked into; the save has excluded files in it.
        await lab.Primary.ShAsync($"rm {Conf}/large.bin; truncate -s 2200M /tmp/large.bin; ln -s /tmp/large.bin {Conf}/large.bin");
        await lab.Primary.PushedAsync();
        Assert.That(lab.Peers[0].Exists($"{Conf}/large.bin"), Is.False);
    }

    [Test]
    public async Task What_is_mounted_beneath_an_excluded_path_hinders_neither_a_comparison_nor_a_push()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        Node[] nodes = [lab.Primary, .. lab.Peers];
        foreach (var node in nodes)
        {
            await node.ShAsync("""
                mkdir -p '/etc/nginx/ca che/deep/er' /etc/nginx/named /etc/nginx/top
                mount -t tmpfs -o mode=0755 cache '/etc/nginx/ca che/deep/er'; echo x >'/etc/nginx/ca che/deep/er/file'
                mount -t tmpfs -o mode=0755 named /etc/nginx/named; mount -t tmpfs -o mode=0755 top /etc/nginx/top; echo y >/etc/nginx/top/file
                mkdir /etc/nginx/dead; mknod /dev/fuse c 10 229
                mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 dead /etc/nginx/dead 3<>/dev/fuse
                """);
        }
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx", "EXCLUDE=\"'ca che/' named /etc/nginx/top dead/\"", "REQUIRE_STAGED_TEST=yes");

        var compared = await lab.Primary.RunAsync("nginx-sync", "-C");
        Assert.That(compared.ExitCode, Is.EqualTo(1), compared.ToString());
        Assert.That(compared.Out, Does.Contain("site.conf").And.Not.Contain("ca che").And.Not.Contain("top"));
        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
            Assert.That(await peer.ShAsync("cat '/etc/nginx/ca che/deep/er/file' /etc/nginx/top/file"), Is.EqualTo("x\ny"));
        }
        Assert.That(
            await lab.Primary.ShAsync("cd /var/lib/nginx-sync/0/etc/nginx; ls top/file 'ca che/deep/er/file' 2>/dev/null; ls -A /var/lib/nginx-sync/0; ls conf.d"),
            Is.EqualTo(".nginx-sync.digest\netc\ndefault.conf\nsite.conf"), "what is mounted is not saved");

        // The same on a path that is pushed: on a peer, then on the primary.
        foreach (var (node, status) in new[] { (lab.Peers[0] as Node, 2), (lab.Primary, 1) })
        {
            await node.ShAsync("mkdir -p /etc/nginx/pushed; mount -t tmpfs pushed /etc/nginx/pushed");
            foreach (var command in new[] { "-C", "-n" })
            {
                var refused = await lab.Primary.RunAsync("nginx-sync", command);
                Assert.That(refused.ExitCode, Is.EqualTo(command == "-C" ? 2 : status), refused.ToString());
                Assert.That(refused.Err, Does.Contain("/etc/nginx/pushed is a mount point, and CONFPATHS must not have one inside"));
            }
            await node.ShAsync("umount /etc/nginx/pushed; rmdir /etc/nginx/pushed");
        }
    }
}
