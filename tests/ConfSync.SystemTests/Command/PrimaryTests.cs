namespace ConfSync.SystemTests;

/// <summary>What happens on the primary before any node is touched: its own test, its save, its lock.</summary>
public sealed class PrimaryTests
{
    private const string Lock = "/run/nginx-sync.lock";

    [Test]
    public async Task A_configuration_that_is_broken_here_goes_nowhere()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("new", "bogus_directive;");
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
        Assert.That(outcome.Err, Does.Contain("unknown directive \"bogus_directive\" in /etc/nginx/conf.d/site.conf:1"));
        Assert.That(outcome.Err, Does.Contain("nothing was pushed"));
        Assert.That(outcome.Out, Does.EndWith(" * Testing local nginx configuration file\n\n"));
        Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That(lab.Primary.Exists("/var/lib/nginx-sync"), Is.False);
        await lab.Peers[0].IsCleanAsync();

        lab.Configure("NGINX=/no/nginx");
        var missing = await lab.NginxSyncAsync();
        Assert.That(missing, Has.Property("ExitCode").EqualTo(1).And.Property("Err").Contains("there is no nginx at /no/nginx"));
    }

    [Test]
    public async Task Ten_states_are_saved_the_newest_first_and_none_twice()
    {
        await using var lab = await Lab.StartPeersAsync(0);
        var primary = lab.Primary;
        // The save comes before the peers: none has to be there.
        lab.ConfigureNodes("127.0.0.1:1", "BACKUPDIR=/srv/saved");
        for (var i = 1; i <= 12; i++)
        {
            lab.WriteSite($"state {i}");
            Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.EqualTo(2));
            if (i % 4 == 0) await lab.NginxSyncAsync();
        }
        for (var i = 0; i <= 9; i++)
        {
            Assert.That(primary.ReadText($"/srv/saved/{i}{NginxSync.Site}"), Does.Contain($"state {12 - i}'"));
            Assert.That((await primary.RunAsync("stat", "-c", "%a", $"/srv/saved/{i}")).Out, Is.EqualTo("700\n"));
        }
        Assert.That((await primary.RunAsync("ls", "-A", "/srv/saved")).Out.Split('\n'), Has.Length.EqualTo(11));
        Assert.That(primary.Exists("/srv/saved/0/etc/nginx/nginx.conf"), Is.True);
        Assert.That((await lab.NginxSyncAsync("-n")).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task The_second_run_at_once_says_so_and_the_first_finishes()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Configure();
        lab.WriteSite("new");
        await peer.TakePortAsync();
        await using var first = await lab.StartNginxSyncAsync();
        await peer.IsAtAsync("signalled");
        var second = await lab.NginxSyncAsync();
        Assert.That(second.ExitCode, Is.EqualTo(1));
        Assert.That(second.Err, Does.Match(
            $"another nginx-sync is running on this machine: process [0-9]+ of root, started [A-Z].* 20[0-9]+, holds {Lock}:\n +nginx-sync\n"));
        Assert.That(second.Out, Is.Empty);
        var impatient = await lab.NginxSyncAsync("--wait", "1");
        Assert.That(impatient.ExitCode, Is.EqualTo(1));
        Assert.That(impatient.Err, Does.Contain("another nginx-sync is running").And.Contain("waited 1 s for it (--wait)"));
        Assert.That(impatient.Out, Is.Empty, "no terminal, no -r: it is not said that it waits");
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.LessThan(2), "a comparison needs no lock");
        Assert.That(first.HasExited, Is.False);
        Assert.That((await first.WaitAsync()).ExitCode, Is.EqualTo(2));
        Assert.That(peer.SshLogins(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_lock_is_never_stale()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Configure("LOCKFILE=/srv/my.lock");
        lab.WriteSite("new");
        await peer.TakePortAsync();
        await using var first = await lab.StartNginxSyncAsync();
        await peer.IsAtAsync("signalled");
        first.Kill();
        await peer.IsCleanAsync();
        await peer.RunAsync("sh", "-c", "pkill -f 'sshd -p 8080' || pkill -f 'sshd: /usr/sbin/sshd -p 8080'");
        var next = await lab.NginxSyncAsync();
        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That(lab.Primary.Exists("/srv/my.lock"), Is.True);
        Assert.That(lab.Primary.Exists(Lock), Is.False);
    }

    [Test]
    public async Task What_is_no_file_in_the_locks_place_is_refused_and_a_strangers_file_is_no_hindrance()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.Primary.Write("/root/target", "precious");
        await lab.Primary.RunAsync("ln", "-s", "/root/target", Lock);
        var link = await lab.NginxSyncAsync();
        Assert.That(link, Has.Property("ExitCode").EqualTo(1).And.Property("Err").Contains("it is a symbolic link"));
        await lab.Primary.RunAsync("ln", "-sf", "/root/created", Lock);
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.EqualTo(1));
        Assert.That(lab.Primary.ReadText("/root/target"), Is.EqualTo("precious"));
        Assert.That(lab.Primary.Exists("/root/created"), Is.False);

        await lab.Primary.RunAsync("sh", "-c", $"rm {Lock}; mkfifo {Lock}");
        var pipe = await lab.NginxSyncAsync();
        Assert.That(pipe, Has.Property("ExitCode").EqualTo(1).And.Property("Err").Contains("no regular file"));

        await lab.Primary.RunAsync("sh", "-c", $"rm {Lock}; touch {Lock}; chown deploy {Lock}");
        var strangers = await lab.NginxSyncAsync();
        Assert.That(strangers.ExitCode, Is.Zero, strangers.ToString());
    }

    [Test]
    public async Task A_lock_that_another_user_holds_is_said_to_be_his_and_holds_up_root_nowhere_by_default()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        const string Shared = "/run/lock/nginx-sync.lock";
        await lab.Primary.RunAsync("chmod", "1777", "/run/lock");
        await using var holder = await lab.Primary.StartAsync(
            new Invocation("sh", "-c", $"umask 0; exec 9>>{Shared}; flock 9; echo on; exec sleep 1000 9>&9") { User = "plain" });
        await holder.UntilItSaysAsync("on");
        lab.Configure();
        lab.WriteSite("new");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));

        lab.Configure($"LOCKFILE={Shared}");
        var held = await lab.NginxSyncAsync();
        Assert.That(held.ExitCode, Is.EqualTo(1), held.ToString());
        Assert.That(held.Err, Does.Match(
            $"process [0-9]+ \\(sleep\\) of user 2002 \\(plain\\), which is no nginx-sync, has locked {Shared}; the file belongs to user 2002: " +
            "end that process, or set LOCKFILE to a file that only this user can open"));
        Assert.That(held.Err, Does.Not.Contain("another nginx-sync is running"));

        await lab.Primary.RunAsync("sh", "-c", $"chmod 644 /etc/nginx-sync.conf; chmod 600 {Shared}");
        var throughSudo = await lab.Primary.RunAsync(new Invocation("nginx-sync") { User = "deploy" });
        Assert.That(throughSudo.Err, Does.Match($"process [0-9]+ \\(sleep\\) of user 2002 .*has locked {Shared}|another process has locked {Shared}"), "as root, it may open it");
        var denied = await lab.Primary.RunAsync(new Invocation("nginx-sync", "-u") { User = "deploy" });
        Assert.That(denied.ExitCode, Is.EqualTo(1), denied.ToString());
        Assert.That(denied.Err, Does.Contain($"cannot open the lock file {Shared}: Permission denied (it belongs to user 2002); set LOCKFILE"));

        await lab.Primary.RunAsync("sh", "-c", $"rm {Shared}; mkdir {Shared}");
        var directory = await lab.NginxSyncAsync();
        Assert.That(directory, Has.Property("ExitCode").EqualTo(1).And.Property("Err").Contains("Is a directory"));
    }
}
