namespace ConfSync.SystemTests.Push;

/// <summary>Whatever shell, tools, rights and users a peer has.</summary>
public sealed class KindsOfPeersTests
{
    private const string Paths = "/etc/nginx/nginx.conf /etc/nginx/conf.d";

    private static readonly PeerKind[] Kinds =
    [
        PeerKind.Debian with { Sh = "dash" }, PeerKind.Debian with { Sh = "bash" }, PeerKind.Debian with { Sh = "busybox" },
        PeerKind.Alpine, PeerKind.Alpine with { Flock = false }, PeerKind.Debian with { LoginShell = "/usr/bin/fish" },
        PeerKind.Debian with { LoginShell = "/bin/tcsh" },
    ];

    [Test]
    public async Task Every_kind_is_tested_before_it_changes_then_served([Range(0, 6)] int kind)
    {
        await using var lab = await Lab.StartPeersAsync(1, Kinds[kind]);
        lab.Primary.WriteSite("new");
        lab.Primary.AddToMain("# also changed");
        lab.Pushes(Paths, "REQUIRE_STAGED_TEST=yes");

        await lab.Primary.PushedAsync();

        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain("up to date").And.Not.Contain("reloaded"));
        Assert.That(await lab.Peers[0].LeftoversAsync(), Is.Empty);
    }

    [TestCase("/bin/bash", ".bashrc", "echo noise; printf 'no newline'")]
    [TestCase("/bin/tcsh", ".tcshrc", "echo noise; printf 'no newline'")]
    [TestCase("/usr/bin/fish", ".config/fish/config.fish", "echo noise; printf 'no newline'")]
    public async Task Start_up_files_may_print(string shell, string file, string noise)
    {
        await using var lab = await Lab.StartPeersAsync(1, PeerKind.Debian with { LoginShell = shell });
        lab.Peers[0].Write($"/root/{file}", noise + "\n");
        lab.Primary.WriteSite("new");
        lab.Pushes(Paths);

        await lab.Primary.PushedAsync();

        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("new"));
    }

    [TestCase(false, true)]
    [TestCase(true, false)]
    public async Task Without_a_private_view_a_failing_test_is_undone_at_once(bool unshare, bool mayMount)
    {
        var kind = new PeerKind { Unshare = unshare, MayMount = mayMount };
        await using var lab = await Lab.StartAsync(kind, kind with { BusyboxTools = true });
        lab.Primary.Write("/etc/nginx/conf.d/a.conf", "include /etc/nginx/only-here.conf;");
        lab.Primary.Write("/etc/nginx/only-here.conf", "");
        lab.Pushes(Paths);
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TreeAsync("/etc/nginx")));
        var workers = await Task.WhenAll(lab.Peers.Select(peer => peer.WorkersAsync()));

        var push = await lab.Primary.PushAsync("--serial", "all");

        Assert.That(push.ExitCode, Is.EqualTo(2));
        for (var i = 0; i < 2; i++)
        {
            Assert.That(push.Err, Does.Contain(
                $"{lab.Peers[i].Address}: testing the new configuration failed; the old configuration is back in place there"));
            Assert.That(await lab.Peers[i].TreeAsync("/etc/nginx"), Is.EqualTo(before[i]));
            Assert.That(await lab.Peers[i].WorkersAsync(), Is.EqualTo(workers[i]), "nginx heard nothing of it");
            // busybox's timeout leaves a process that looks once a second whether it is still needed.
            await lab.Peers[i].LeavesNothingAsync();
        }
        lab.Primary.Delete("/etc/nginx/conf.d/a.conf");
        lab.Primary.WriteSite("new");
        lab.Pushes(Paths, "REQUIRE_STAGED_TEST=yes");
        var refused = await lab.Primary.PushAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Err, Does.Contain("REQUIRE_STAGED_TEST=yes").And.Contain("nothing was changed there"));
        foreach (var peer in lab.Peers) await peer.LeavesNothingAsync();

        lab.Pushes(Paths);
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain("was tested in place, since it allows no private view"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [TestCase("/bin/bash")]
    [TestCase("/usr/bin/fish")]
    [TestCase("/bin/tcsh")]
    public async Task A_user_who_is_not_root_works_through_sudo_here_and_there(string shell)
    {
        await using var lab = await Lab.StartPeersAsync(1, PeerKind.Debian with { LoginShell = shell });
        lab.Primary.WriteSite("new");
        await lab.Primary.ShAsync("chmod 1777 /run/lock; chmod 600 /etc/nginx/conf.d/site.conf");
        lab.Pushes(Paths);

        var push = await lab.Primary.PushAsAsync("deploy");

        Assert.That(push.OutIfSuccessful, Does.Contain("Updating"));
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx/conf.d"), Is.EqualTo(await lab.Primary.TreeAsync("/etc/nginx/conf.d")));
        Assert.That(lab.Peers[0].ReadText("/var/log/sshd.log"), Does.Contain("Accepted publickey for deploy"));
    }

    // What decides is whose login it is there, not who runs the command here.
    [Test]
    public async Task Root_works_through_sudo_where_a_login_is_not_roots([Range(0, 6)] int kind)
    {
        await using var lab = await Lab.StartAsync(Kinds[kind], PeerKind.Debian);
        var (deploys, roots) = (lab.Peers[0], lab.Peers[1]);
        lab.Primary.WriteSite("old");
        lab.Primary.Configure($"NODES=\"deploy@{deploys.Address} {roots.Address}\"", $"CONFPATHS=\"{Paths}\"");
        await roots.ShAsync("rm -f /usr/bin/sudo /bin/sudo");
        await lab.Primary.PushedAsync();
        lab.Primary.WriteSite("new");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await deploys.ShAsync("stat -c %U:%a /run/nginx-sync /var/lib/nginx-sync"), Is.EqualTo("root:755\nroot:700"));
        Assert.That(deploys.ReadText("/var/log/sshd.log"), Does.Not.Contain("Accepted publickey for root"));
        Assert.That((await lab.Primary.PushAsync("-C")).OutIfSuccessful, Does.Contain("2 nodes compared, 0 with differences"));
        Assert.That((await lab.Primary.PushAsync("rollback")).OutIfSuccessful, Does.Contain("2 of 2 nodes"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("old"));

        var without = await lab.Primary.PushAsync("-u", "-n");
        Assert.That(without.ExitCode, Is.EqualTo(2), without.ToString());
        Assert.That(without.Err, Does.Contain($"deploy@{deploys.Address}: ").And.Not.Contain($"nginx-sync: {roots.Address}: "));
    }

    [Test]
    public async Task Sudo_that_asks_for_a_password_is_an_error_that_says_so()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Primary.WriteSite("new");
        await lab.Primary.ShAsync("chmod 1777 /run/lock");
        lab.Peers[0].Write("/etc/sudoers.d/deploy", "deploy ALL=(ALL:ALL) ALL\n");
        lab.Pushes(Paths);

        var push = await lab.Primary.PushAsAsync("deploy");

        Assert.That(push.ExitCode, Is.EqualTo(2));
        Assert.That(push.Err, Does.Contain($"{lab.Peers[0].Address}: ").And.Contain("sudo: a password is required"));
        Assert.That(lab.Peers[0].Exists("/etc/nginx/conf.d/site.conf"), Is.False);
        Assert.That(await lab.Peers[1].AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task Without_sudo_a_user_needs_places_of_his_own_and_is_told_which()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await lab.Primary.ShAsync("""
            mkdir -p /home/deploy/conf /home/deploy/save; echo new >/home/deploy/conf/file
            printf '#!/bin/sh\nexec sudo -n /usr/sbin/nginx "$@"\n' >/usr/local/bin/nginx-test
            chmod 755 /usr/local/bin/nginx-test; chown -R deploy:deploy /home/deploy
            """);
        var peer = lab.Peers[0];
        await peer.ShAsync("""
            printf '#!/bin/sh\nexec sudo -n /usr/sbin/nginx "$@"\n' >/usr/local/bin/nginx-test
            chmod 755 /usr/local/bin/nginx-test
            """);
        lab.Pushes("/home/deploy/conf", "NGINX=/usr/local/bin/nginx-test", "BACKUPDIR=/home/deploy/save", "LOCKFILE=/home/deploy/lock",
            "EXPECT_RUNNING=no");

        var first = await lab.Primary.PushAsAsync("deploy", "-u", "--no-reload");
        Assert.That(first.ExitCode, Is.EqualTo(2));
        Assert.That(first.Err, Does.Contain("/run/nginx-sync").And.Contain("tmpfiles.d"));

        await peer.ShAsync("mkdir -p /run/nginx-sync; chown deploy /run/nginx-sync");
        var second = await lab.Primary.PushAsAsync("deploy", "-u", "--no-reload");
        Assert.That(second.ExitCode, Is.EqualTo(2));
        Assert.That(second.Err, Does.Contain("/var/lib/nginx-sync").And.Contain("nothing was changed there"));

        await peer.ShAsync("mkdir -p /var/lib/nginx-sync; chown deploy /var/lib/nginx-sync");
        var third = await lab.Primary.PushAsAsync("deploy", "-u", "--no-reload");
        Assert.That(third.OutIfSuccessful, Does.Contain("Updating"));
        Assert.That(peer.ReadText("/home/deploy/conf/file"), Is.EqualTo("new\n"));
        Assert.That(await peer.ShAsync("stat -c %U:%G /home/deploy/conf/file"), Is.EqualTo("deploy:deploy"));
    }
}
