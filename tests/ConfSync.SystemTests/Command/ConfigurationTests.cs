namespace ConfSync.SystemTests;

/// <summary>The configuration file through the real command: what is wrong is said with its line, and nobody is contacted.</summary>
public sealed class ConfigurationTests
{
    [Test]
    public async Task What_is_wrong_is_named_with_its_line_and_nothing_is_executed()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.WriteSite("new");
        var before = await peer.TreeAsync("/etc/nginx");
        foreach (var (line, words) in new[]
        {
            ("NODES=\"-oProxyCommand=touch${IFS}/root/executed\"", "NODES: "),
            ("NODES='-oProxyCommand=touch /root/executed'", "cannot begin with -"),
            ("NODES=\"a b:99999\"", "1 to 65535"),
            ("NODES=\"$(touch /root/executed)\"", "NODES: "),
            ("NODES=`touch /root/executed`", "NODES: "),
            ("NODES=\"peer1 peer1\"", "twice"),
            ("NODES=\"unclosed", "never closed"),
            ("NODES =\"x\"", "NODES"),
            ("touch /root/executed", ""),
            ("CONFPATHS=\"/etc\"", "two levels"),
            ("CONFPATHS=\"etc/nginx\"", "absolute"),
            ("CONFPATHS=\"/etc/nginx/../x\"", ".."),
            ("CONFPATHS=\"\"", "CONFPATHS is empty"),
            ("EXCLUDE=\"'a\"", "EXCLUDE: "),
            ("EXCLUDE=\"[[:alpha:\"", "EXCLUDE: pattern '[[:alpha:'"),
            ("EXCLUDE=\"default.conf,local.conf\"", "write default.conf local.conf"),
            ("EXCLUDE=\"/etc/ssl/private/x.key\"", "outside CONFPATHS"),
            ("REDACT=\"*.{pem,key}\"", "write each as a pattern of its own: *.pem *.key"),
            ("POSTSYNC=\"/etc/nginx/nginx.conf\"", "file|sed-expression"),
            ("POSTSYNC=\"/etc/nginx/nginx.conf|\"", "no expression"),
            ("POSTSYNC=\"/etc/other.conf|s/a/b/\"", "is not pushed"),
            ("BACKUPDIR=\"/etc/nginx/conf.d/b\"", "which is pushed"),
            ("BACKUPDIR=relative", "absolute"),
            ("LOCKFILE=lock", "absolute"),
            ("NGINX=\"/usr/sbin/nginx -c /x\"", "holds options"),
            ("SSH=\"ssh\"", "absolute"),
            ("SSHKEY=\"~/.ssh/key\"", "$HOME"),
            ("CONNECT_TIMEOUT=soon", "number of seconds"),
            ("RELOAD_TIMEOUT=1", "from 3"),
            ("CONFIRM_TIMEOUT=0", "from 5"),
            ("KEEP=0", "from 1"),
            ("REQUIRE_STAGED_TEST=perhaps", "neither yes nor no"),
            ("ALL_OR_NONE=1", "neither yes nor no"),
            ("HEALTHCHECK_TIMEOUT=-1", "number of seconds"),
            ("EXLCUDE=\"default.conf\"", "EXLCUDE is not a variable of nginx-sync: did you mean EXCLUDE?"),
            ("HEALTHCHEK=true", "did you mean HEALTHCHECK?"),
            ("nodes=peer2", "did you mean NODES?"),
        })
        {
            lab.Configure("# five", line);
            foreach (var (arguments, status) in new (string[], int)[] { ([], 1), (["-C"], 2) })
            {
                var outcome = await lab.NginxSyncAsync(arguments);
                Assert.That(outcome.ExitCode, Is.EqualTo(status), $"{line}: {outcome}");
                Assert.That(outcome.Err, Does.Match(@"/etc/nginx-sync.conf:5: .* \(NS-100[23]\)\n").And.Contain(words), line);
                Assert.That(outcome.Out, Is.Empty);
            }
        }
        Assert.That(lab.Primary.Exists("/root/executed"), Is.False);
        Assert.That(peer.SshLogins(), Is.Zero);
        Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(before));
    }

    [Test]
    public async Task An_unknown_variable_that_is_near_no_other_one_is_a_warning()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure("LEAVE_OUT=\"x\"", "RSYNC=/usr/bin/rsync");
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.Err, Does.Match(@"^nginx-sync: warning: /etc/nginx-sync.conf:4: LEAVE_OUT is not a variable of nginx-sync: it has no effect\n$"));
        Assert.That(outcome.ExitCode, Is.Zero);
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_file_that_is_missing_or_not_roots_alone_is_refused()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        const string File = "/etc/nginx-sync.conf";
        await FailsAsync("there is no such file", "-f", "/root/none");
        await FailsAsync("there is no such file");
        lab.Configure();
        await lab.Primary.RunAsync("chmod", "664", File);
        await FailsAsync("chmod go-w");
        await lab.Primary.RunAsync("chmod", "602", File);
        await FailsAsync("chmod go-w");
        await lab.Primary.RunAsync("sh", "-c", $"chmod 644 {File}; chown deploy {File}");
        await FailsAsync("belongs to user 2001");
        await lab.Primary.RunAsync("sh", "-c", $"chown root {File}; cp {File} /root/other.conf");
        Assert.That((await lab.NginxSyncAsync("--config", "/root/other.conf")).ExitCode, Is.Zero);
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(1));

        async Task FailsAsync(string words, params string[] arguments)
        {
            var outcome = await lab.NginxSyncAsync(arguments);
            Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
            Assert.That(outcome.Err, Does.StartWith("nginx-sync: /").And.Contain(words));
        }
    }

    [Test]
    public async Task A_file_that_this_user_may_not_read_is_named_with_its_owner_its_mode_and_what_to_do()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        await lab.Primary.RunAsync("sh", "-c", "chmod 600 /etc/nginx-sync.conf; mkdir -m 700 /srv/closed; cp /etc/nginx-sync.conf /srv/closed/my.conf");

        var file = await AsDeployAsync("/etc/nginx-sync.conf");
        Assert.That(file, Is.EqualTo(
            "nginx-sync: /etc/nginx-sync.conf: cannot be read by user deploy: it belongs to root and has mode 600. Run nginx-sync as root (sudo nginx-sync …), " +
            "or let a group of this user read it: chgrp GROUP /etc/nginx-sync.conf; chmod g+r /etc/nginx-sync.conf (NS-1001)\n"));
        var directory = await AsDeployAsync("/srv/closed/my.conf");
        Assert.That(directory, Does.StartWith(
            "nginx-sync: /srv/closed/my.conf: cannot be read by user deploy, who may not enter /srv/closed: it belongs to root and has mode 700. Run"));
        await lab.Primary.RunAsync("sh", "-c", "chgrp deploy /etc/nginx-sync.conf; chmod g+r /etc/nginx-sync.conf");
        Assert.That(await AsDeployAsync("/etc/nginx-sync.conf"), Does.Not.Contain("cannot be read"), "the cure");

        async Task<string> AsDeployAsync(string path) =>
            (await lab.Primary.RunAsync(new Invocation(["nginx-sync", "history", "-f", path]) { User = "deploy" })).Err;
    }

    [Test]
    public async Task Without_nodes_only_a_single_one_can_be_compared()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.ConfigureNodes("");
        var push = await lab.NginxSyncAsync();
        Assert.That(push, Has.Property("ExitCode").EqualTo(1).And.Property("Err").Contains("NODES is not set"));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.EqualTo(2));
        Assert.That((await lab.NginxSyncAsync("-c", lab.Nodes)).ExitCode, Is.Zero);
    }

    [Test]
    public async Task What_cannot_be_read_on_the_primary_stops_the_run_before_anything()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.WriteSite("new");
        peer.Write("/etc/nginx/gone/kept.conf", "kept");
        var before = await peer.TreeAsync("/etc/nginx");
        foreach (var (line, words) in new[]
        {
            ("CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/gone\"", "/etc/nginx/gone, named in CONFPATHS, does not exist"),
            ($"POSTSYNC=\"{NginxSync.Site}|'s/a'\"", "unterminated"),
            ($"POSTSYNC=\"{NginxSync.Site}|'s/new/touch \\/root\\/executed/e'\"", "sandbox"),
            ($"POSTSYNC=\"{NginxSync.Site}|'w /root/executed'\"", "sandbox"),
            ("POSTSYNC=\"/etc/nginx/conf.d/default.conf|s/a/b/\"", "EXCLUDE matches it"),
            ($"POSTSYNC=\"{NginxSync.Site}|s/a/b/\"\nSED=/no/sed", "/no/sed"),
            ("BACKUPDIR=/proc/none", "/proc/none"),
            ("LOCKFILE=/no/such/lock", "/no/such/lock"),
        })
        {
            lab.Configure(line);
            var outcome = await lab.NginxSyncAsync();
            Assert.That(outcome.ExitCode, Is.EqualTo(1), $"{line}: {outcome}");
            Assert.That(outcome.Err, Does.Contain(words).And.Contain("nothing was pushed"), line);
            Assert.That(outcome.Out + outcome.Err, Does.Not.Contain(peer.Address), "no node is to blame");
        }
        Assert.That(lab.Primary.Exists("/root/executed"), Is.False);
        Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(before));
        await peer.IsCleanAsync();
    }

    [Test]
    public async Task A_substitution_reaches_the_peers_and_is_no_difference()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure($"POSTSYNC=\"{NginxSync.Site}|'s/old words/new words/'\"");
        lab.WriteSite("old words");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new words"));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.Zero);
        Assert.That((await lab.NginxSyncAsync()).Out, Does.Contain("is up to date"));
    }
}
