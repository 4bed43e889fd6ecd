using System.Text.RegularExpressions;

namespace ConfSync.SystemTests;

/// <summary>What the other side says when a login fails reaches the person, the reason first, with what to do about it.</summary>
public sealed class LoginWordsTests
{
    [Test]
    public async Task Each_refusal_is_quoted_and_has_a_remedy_of_its_own()
    {
        await using var lab = await Lab.StartPeersAsync(6);
        var (cloud, closed, exits, banner, unknown, changed) =
            (lab.Peers[0], lab.Peers[1], lab.Peers[2], lab.Peers[3], lab.Peers[4], lab.Peers[5]);
        Force(cloud, "echo 'Please login as the user \"ubuntu\" rather than the user \"root\".'; echo; exit 142");
        Force(closed, "exec /usr/sbin/nologin");
        exits.Write("/root/.bashrc", "echo this host is for jumping only\nexit 3\n");
        banner.Write("/etc/banner", string.Concat(Enumerable.Range(1, 25).Select(i => $"rule {i}\n")));
        await banner.ConfigureSshdAsync("Banner /etc/banner\nPort 22\nPort 2222");
        banner.Write("/root/.ssh/authorized_keys", "");
        await lab.Primary.RunAsync("ssh-keygen", "-q", "-R", unknown.Address);
        const string HostKey = "/etc/ssh/ssh_host_ed25519_key";
        changed.Write(HostKey, unknown.ReadText(HostKey));
        await changed.ConfigureSshdAsync("");
        await lab.Primary.RunAsync("cp", "/root/.ssh/id_ed25519", "/root/my key");
        lab.ConfigureNodes(
            $"{cloud.Address} {closed.Address} {exits.Address} root@{banner.Name}:2222 {unknown.Address} {changed.Address}",
            "SSHKEY='/root/my key'", "CONNECT_TIMEOUT=20");
        await lab.Primary.RunAsync("sh", "-c", $"echo '[{banner.Name}]:2222 '$(ssh-keygen -F {banner.Name} -f /root/.ssh/known_hosts | grep -v '^#' | cut -d' ' -f2-) >>/root/.ssh/known_hosts");
        lab.WriteSite("new");
        foreach (var arguments in new string[][] { [], ["-C"] })
        {
            var err = (await lab.NginxSyncAsync(arguments)).Err;
            Says(err, cloud.Address, "Please login as the user \"ubuntu\" rather than the user \"root\".", $"NODES=\"USER@{cloud.Address}\"");
            Says(err, closed.Address, "This account is currently not available.", "the user has no shell");
            Says(err, exits.Address, "this host is for jumping only", "a start-up file (.bashrc, .profile, .cshrc) that exits");
            Says(err, $"root@{banner.Name}:2222", $"root@{banner.Name}: Permission denied (publickey).",
                "(15 lines before these are left out)", "rule 25",
                $"/usr/bin/ssh -o BatchMode=yes -i '/root/my key' -p 2222 root@{banner.Name} true");
            Assert.That(err, Does.Not.Contain("rule 15\n"));
            Says(err, unknown.Address, "ssh does not know this node's host key", $"log in once by hand and compare it before you accept it: /usr/bin/ssh -i '/root/my key' {unknown.Address} true");
            Says(err, changed.Address, "REMOTE HOST IDENTIFICATION HAS CHANGED", $"ssh-keygen -R {changed.Address}");
        }
    }

    [Test]
    public async Task A_key_with_a_passphrase_and_rights_that_are_missing_are_told_apart()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Configure();
        lab.WriteSite("new");
        await lab.Primary.RunAsync("chmod", "644", "/root/.ssh/id_ed25519");
        Says((await lab.NginxSyncAsync()).Err, peer.Address, "UNPROTECTED PRIVATE KEY FILE", "chmod 600");
        await lab.Primary.RunAsync("sh", "-c", "chmod 600 /root/.ssh/id_ed25519; ssh-keygen -q -p -P '' -N secret -f /root/.ssh/id_ed25519");
        Says((await lab.NginxSyncAsync()).Err, peer.Address, "Permission denied (publickey)",
            "the key /root/.ssh/id_ed25519 has a passphrase", "ssh-add /root/.ssh/id_ed25519");
        await lab.Primary.RunAsync("ssh-keygen", "-q", "-p", "-P", "secret", "-N", "", "-f", "/root/.ssh/id_ed25519");
        await lab.Primary.RunAsync("chmod", "644", "/etc/nginx-sync.conf");

        // sudo asks.
        lab.Configure("LOCKFILE=/home/deploy/lock");
        await lab.Primary.RunAsync("chmod", "644", "/etc/nginx-sync.conf");
        peer.Delete("/etc/sudoers.d/deploy");
        var asked = await lab.Primary.RunAsync(new Invocation("nginx-sync") { User = "deploy" });
        Says(asked.Err, peer.Address, "sudo: a password is required", $"/usr/bin/ssh -o BatchMode=yes {peer.Address} sudo -n sh -c true");
        Assert.That(asked.Err, Does.Contain("echo 'deploy ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh' >>/etc/sudoers.d/zz-nginx-sync."));
    }

    // The lecture, a password, a terminal, and no sudo at all; one login is named by ssh's own configuration alone.
    [Test]
    public async Task What_sudo_says_on_a_node_is_quoted_and_the_remedy_works()
    {
        await using var lab = await Lab.StartPeersAsync(4);
        var (lectures, asks, wantsTerminal, missing) = (lab.Peers[0], lab.Peers[1], lab.Peers[2], lab.Peers[3]);
        lectures.Write("/etc/sudoers.d/lecture", "Defaults lecture=always\n");
        asks.Delete("/etc/sudoers.d/deploy");
        wantsTerminal.Write("/etc/sudoers.d/tty", "Defaults requiretty\n");
        await missing.RunAsync("rm", "-f", "/usr/bin/sudo", "/bin/sudo");
        lab.Primary.Write("/root/.ssh/config", $"{lab.Primary.ReadText("/root/.ssh/config")}Host {asks.Address}\n  User deploy\n");
        lab.ConfigureNodes($"deploy@{lectures.Address} {asks.Address} deploy@{wantsTerminal.Address} deploy@{missing.Address}");
        lab.WriteSite("new");

        var push = await lab.NginxSyncAsync("--serial", "all");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(await lectures.SiteAsync(), Is.EqualTo("new"));
        const string NotRoot = "deploy is not root on this node: nginx-sync goes through sudo -n";
        Says(push.Err, asks.Address, "sudo: a password is required", NotRoot);
        Says(push.Err, $"deploy@{wantsTerminal.Address}", "you must have a tty to run sudo", NotRoot);
        Says(push.Err, $"deploy@{missing.Address}", "sudo: not found", NotRoot, $"root@{missing.Address}");
        foreach (var peer in new[] { asks, wantsTerminal })
        {
            var remedy = Regex.Match(Words(push.Err, peer), "As root on the node: (echo .*?)\\. To try");
            Assert.That(remedy.Success, push.Err);
            await peer.RunAsync("sh", "-c", remedy.Groups[1].Value);
        }
        lab.ConfigureNodes($"deploy@{lectures.Address} {asks.Address} deploy@{wantsTerminal.Address} root@{missing.Address}");
        var second = await lab.NginxSyncAsync();
        Assert.That(second.ExitCode, Is.Zero, second.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));

        static string Words(string err, Node node) => err.Split("nginx-sync: ").Single(part => part.Contains(node.Address, StringComparison.Ordinal) && part.Contains("sudo", StringComparison.Ordinal));
    }

    private static void Force(Node node, string command)
    {
        node.Write("/root/forced", command + "\n");
        node.ForceCommand("exec sh /root/forced");
    }

    // The words of one node, up to the next node's.
    private static void Says(string err, string node, params string[] words)
    {
        var own = err.Split("nginx-sync: ").Where(part => part.StartsWith($"{node}: ", StringComparison.Ordinal) || part.StartsWith($"{node} ", StringComparison.Ordinal));
        Assert.That(own, Has.Exactly(1).Items, err);
        foreach (var word in words) Assert.That(own.Single(), Does.Contain(word), err);
    }
}
