namespace ConfSync.SystemTests;

/// <summary>Every kind of run, from wherever and with whatever little environment it is started.</summary>
public sealed class StartedAnywhereTests
{
    private const string Program = "exec /opt/nginx-sync/nginx-sync";
    private const string Cron = "exec /usr/bin/env -i HOME=/root LOGNAME=root SHELL=/bin/sh PATH=/usr/bin:/bin /opt/nginx-sync/nginx-sync";

    [TestCase("root", "exec /usr/bin/env -i /opt/nginx-sync/nginx-sync", TestName = "{m}(no environment)")]
    [TestCase("deploy", "exec /usr/bin/env -i /opt/nginx-sync/nginx-sync", TestName = "{m}(no environment, a user with sudo)")]
    [TestCase("root", "unset HOME; " + Program, TestName = "{m}(no HOME)")]
    [TestCase("root", "export HOME=/no/such; " + Program, TestName = "{m}(a HOME that is not there)")]
    [TestCase("deploy", "export HOME=; " + Program, TestName = "{m}(an empty HOME, a user with sudo)")]
    [TestCase("root", "mkdir /tmp/gone; cd /tmp/gone; rmdir /tmp/gone; " + Program, TestName = "{m}(a directory that is gone)")]
    [TestCase("deploy", "mkdir /tmp/gone; cd /tmp/gone; rmdir /tmp/gone; " + Program, TestName = "{m}(a directory that is gone, a user with sudo)")]
    [TestCase("root", Cron, TestName = "{m}(as cron)")]
    [TestCase("root", "mkdir /tmp/gone; cd /tmp/gone; rmdir /tmp/gone; " + Cron, TestName = "{m}(as cron, from a directory that is gone)")]
    public async Task Every_run_works(string user, string start)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
        lab.WriteSite("old");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        lab.WriteSite("new");
        foreach (var (arguments, status, words) in new[]
        {
            ("-C", 1, "1 with differences"), ("diff", 1, "+"), ("-n", 0, "Pushed to 0 of 1 node"), ("", 0, "Pushed to 1 of 1 node"),
            ("push", 0, "already up to date"), ("compare", 0, "0 with differences"), ("status", 0, "0 with differences"),
            ("history", 0, "served now"), ("settle", 0, "nothing is left to settle"), ("rollback", 0, "Rolled back 1 of 1 node"),
        })
        {
            var outcome = await lab.Primary.RunAsync(new Invocation("/bin/sh", "-c", $"{start} {arguments}") { User = user });
            Assert.That(outcome.ExitCode, Is.EqualTo(status), $"{arguments}: {outcome}");
            if (arguments != "-n") Assert.That(outcome.Out, Does.Contain(words), $"{arguments}: {outcome}");
            if (arguments != "rollback") Assert.That(outcome.Err, Is.Empty, arguments);
        }
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("old"));
    }
}
