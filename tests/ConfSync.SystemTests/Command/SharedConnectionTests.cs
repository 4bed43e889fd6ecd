namespace ConfSync.SystemTests;

/// <summary>SSH_PERSIST: the next command needs no login, and nothing else becomes different.</summary>
public sealed class SharedConnectionTests
{
    private const string Directory = "/run/nginx-sync-ssh";
    private const string Persist = "SSH_PERSIST=120";
    // The whole title: a shell that looks for it has it in its own.
    private const string FindMaster = @"pgrep -xf 'ssh: .* \[mux\]'";
    private const string Hold = "/run/nginx-sync/hold";
    private const string Reached = "/run/nginx-sync/hold.reached";

    [Test]
    public async Task Comparison_and_push_cost_one_login_and_none_remains_after_its_time()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure("SSH_PERSIST=3");
        lab.WriteSite("new");
        foreach (var (arguments, status) in new (string[], int)[] { (["-C"], 1), ([], 0), (["-C"], 0) })
        {
            var outcome = await lab.NginxSyncAsync(arguments);
            Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.ToString());
            Assert.That(outcome.Err, Is.Empty);
        }
        foreach (var peer in lab.Peers)
        {
            Assert.That(peer.SshLogins(), Is.EqualTo(1));
            Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
            await peer.IsCleanAsync();
        }
        Assert.That(lab.Primary.Exec("stat", "-c", "%a %U %F", Directory).Out, Is.EqualTo("700 root directory\n"));
        await NoSshAsync(lab);
        Assert.That(Sockets(lab), Is.Empty);
    }

    [Test]
    public async Task Without_it_every_command_logs_in_and_no_directory_is_made()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        await lab.NginxSyncAsync("-C");
        await lab.NginxSyncAsync("-C");
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(2));
        Assert.That(lab.Primary.Exists(Directory), Is.False);
    }

    [Test]
    public async Task A_socket_whose_connection_was_killed_is_replaced()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Persist);
        lab.WriteSite("new");
        await lab.NginxSyncAsync("-C");
        await KillMasterAsync(lab);
        Assert.That(Sockets(lab), Is.Not.Empty, "it is stale");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Err, Is.Empty);
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.Zero);
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_peer_that_was_started_anew_is_logged_in_to_again()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Persist);
        lab.WriteSite("new");
        await lab.NginxSyncAsync("-C");
        await lab.Peers[0].CrashAsync();
        await lab.Peers[0].BootAsync();
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
    }

    [TestCase("master")]
    [TestCase("client")]
    [TestCase("nginx-sync")]
    public async Task A_push_whose_processes_are_killed_is_undone_although_the_login_was_kept(string victim)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Configure(Persist, "CONFIRM_TIMEOUT=5");
        await lab.NginxSyncAsync("-C");
        lab.WriteSite("new");
        peer.Write(Hold, "active\n");
        await using var push = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(() => peer.Exists(Reached), "the push stands still");
        if (victim == "master") await KillMasterAsync(lab);
        else if (victim == "client") await lab.Primary.RunAsync("sh", "-c", $"kill -9 $(pgrep -x ssh | grep -vx $({FindMaster}))");
        else push.Kill();
        peer.Delete(Hold);
        var outcome = await push.WaitAsync();
        await peer.IsCleanAsync();
        Assert.That(peer.Exists(NginxSync.Site), Is.False);
        Assert.That((await peer.HttpGetAsync()).Body, Is.EqualTo("default\n"));
        if (victim != "nginx-sync")
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain("the old configuration is back in place there"));
        }
        var next = await lab.NginxSyncAsync();
        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        Assert.That(peer.SshLogins(), Is.EqualTo(victim == "master" ? 2 : 1));
    }

    [TestCase("ln -s /root/elsewhere " + Directory, "is no directory")]
    [TestCase("mkdir -m 755 " + Directory, "has the mode 755 and not 700")]
    [TestCase("mkdir -m 700 " + Directory + "; chown plain " + Directory, "belongs to user 2002")]
    [TestCase("touch " + Directory, "is no directory")]
    [TestCase("chmod 777 /run", "others may write /run")]
    public async Task In_a_directory_that_is_not_its_own_nothing_is_kept(string preparation, string words)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Persist);
        lab.WriteSite("new");
        await lab.Primary.RunAsync("sh", "-c", $"mkdir -m 700 /root/elsewhere; {preparation}");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Err, Does.StartWith("nginx-sync: warning: logins are not kept").And.Contain(words));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.Zero);
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(2));
        Assert.That((await lab.Primary.RunAsync("find", "/root/elsewhere", "-mindepth", "1")).Out, Is.Empty);
        await NoSshAsync(lab);
    }

    [TestCase(null)]
    [TestCase("/srv/runtime")]
    public async Task A_user_keeps_them_in_his_own_runtime_directory(string? runtimeDirectory)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Persist, "LOCKFILE=/home/deploy/lock");
        lab.WriteSite("new");
        var parent = runtimeDirectory ?? "/run/user/2001";
        await lab.Primary.RunAsync(
            "sh", "-c", $"chmod 644 /etc/nginx-sync.conf; mkdir -p {parent}; chown deploy: {parent}; chmod 700 {parent}");
        var environment = new Dictionary<string, string>();
        if (runtimeDirectory is not null) environment["XDG_RUNTIME_DIR"] = runtimeDirectory;
        foreach (var arguments in new string[][] { ["nginx-sync"], ["nginx-sync", "-C"] })
        {
            var outcome = await lab.Primary.RunAsync(new Invocation(arguments) { User = "deploy", Environment = environment });
            Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
            Assert.That(outcome.Err, Is.Empty);
        }
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(1));
        Assert.That(lab.Primary.Exec("stat", "-c", "%a %U", $"{parent}/nginx-sync-ssh").Out, Is.EqualTo("700 deploy\n"));
    }

    [Test]
    public async Task Root_trusts_no_runtime_directory_that_came_with_the_environment()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Persist);
        await lab.Primary.RunAsync("mkdir", "-m", "700", "/srv/runtime");
        await lab.Primary.RunAsync(new Invocation("nginx-sync", "-C")
        {
            Environment = new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = "/srv/runtime" },
        });
        Assert.That(Sockets(lab), Is.Not.Empty);
        Assert.That(lab.Primary.Exists("/srv/runtime/nginx-sync-ssh"), Is.False);
    }

    [Test]
    public async Task An_ssh_that_leaves_its_standard_error_open_is_not_waited_for()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        // As an older ssh does that keeps a login.
        lab.Primary.Write("/root/ssh", "#!/bin/sh\nsleep 60 </dev/null >/dev/null &\nexec /usr/bin/ssh \"$@\"\n");
        await lab.Primary.RunAsync("chmod", "755", "/root/ssh");
        lab.Configure("SSH=/root/ssh");
        lab.WriteSite("new");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        // A session that does not end in time is given 5 s.
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(5)));
    }

    private static string Sockets(Lab lab) => lab.Primary.Exec("find", Directory, "-type", "s").Out;

    private static async Task KillMasterAsync(Lab lab) =>
        _ = (await lab.Primary.RunAsync("sh", "-c", $"kill -9 $({FindMaster})")).OutIfSuccessful;

    private static Task NoSshAsync(Lab lab) => Eventually.TrueAsync(
        async () => (await lab.Primary.RunAsync("pgrep", "-x", "ssh")).Out.Length == 0, "no ssh is left on the primary");
}
