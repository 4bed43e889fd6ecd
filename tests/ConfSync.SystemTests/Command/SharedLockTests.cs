using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests;

/// <summary>The lock of the primary: who holds it, who shares it, and how it is waited for.</summary>
public sealed class SharedLockTests
{
    private const string Lock = "/run/nginx-sync.lock";

    [TestCase("root", "deploy")]
    [TestCase("deploy", "root")]
    [TestCase("deploy", "deploy")]
    public async Task Root_and_who_works_as_root_share_one_configuration_and_one_lock(string one, string other)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await HangsAsync(lab);
        await using var first = await StartAsync(lab, one, "-m", "ticket 17");
        await lab.Peers[0].IsAtAsync("signalled");

        var second = await RunAsync(lab, other);

        Assert.That(second.ExitCode, Is.EqualTo(1), second.ToString());
        var user = one == "root" ? "root" : "user 2001 \\(deploy\\)";
        Assert.That(second.Err, Does.Match(
            $"another nginx-sync is running on this machine: process [0-9]+ of {user}, started .*, holds {Lock}(; the file belongs to root)?:\n +nginx-sync -m 'ticket 17'\n"));
        Assert.That(await lab.Primary.ShAsync($"stat -c '%U %a' {Lock}"), Is.EqualTo("root 600"));

        // However it ends, the lock ends with it.
        first.Kill();
        await FreeAsync(lab);
        var third = await RunAsync(lab, other, "--wait", "60");
        Assert.That(third.ExitCode, Is.Zero, third.ToString());
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
    }

    [TestCase("root")]
    [TestCase("deploy")]
    public async Task A_run_that_is_told_to_waits_for_the_lock(string user)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
        lab.WriteSite("new");
        await using var holder = await lab.Primary.StartAsync("sh", "-c", $"umask 077; exec 9>>{Lock}; flock 9; echo on; read -r x; exec sleep 2 9>&9");
        await holder.UntilItSaysAsync("on");
        await using var waiting = await StartAsync(lab, user, "--wait", "60", "-r");
        await waiting.UntilItSaysAsync("waiting for the lock, 60 s at most: ");
        Assert.That(waiting.HasExited, Is.False);

        holder.Kill();

        var outcome = await waiting.WaitAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out.Split("waiting for the lock"), Has.Length.EqualTo(2), "it is said once");
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_user_who_may_not_work_as_root_is_told_what_to_do()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
        lab.WriteSite("new");

        var refused = await RunAsync(lab, "plain");

        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Err, Does.Contain("sudo: a password is required").And.Contain(
            "As root: echo 'plain ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh' >>/etc/sudoers.d/zz-nginx-sync."));
        await lab.Primary.ShAsync("echo 'plain ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh' >/etc/sudoers.d/zz-nginx-sync");
        lab.Peers[0].Write("/etc/sudoers.d/zz-nginx-sync", "plain ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh\n");
        var allowed = await RunAsync(lab, "plain");
        Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
    }

    private static async Task HangsAsync(Lab lab)
    {
        lab.Configure();
        lab.Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
        lab.WriteSite("new");
        await lab.Peers[0].TakePortAsync();
    }

    // What keeps the port on the peer goes, so that a push can succeed.
    private static async Task FreeAsync(Lab lab)
    {
        await lab.Peers[0].IsCleanAsync();
        await lab.Peers[0].RunAsync("sh", "-c", "pkill -f 'sshd -p 8080' || pkill -f 'sshd: /usr/sbin/sshd -p 8080'");
    }

    private static Task<Running> StartAsync(Lab lab, string user, params string[] arguments) =>
        lab.Primary.StartAsync(new Invocation(["nginx-sync", .. arguments]) { User = user });

    private static Task<Outcome> RunAsync(Lab lab, string user, params string[] arguments) =>
        lab.Primary.RunAsync(new Invocation(["nginx-sync", .. arguments]) { User = user });
}
