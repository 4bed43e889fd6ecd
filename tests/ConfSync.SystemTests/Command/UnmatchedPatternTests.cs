namespace ConfSync.SystemTests;

/// <summary>A pattern that matches nothing anywhere is said, since it protects nothing.</summary>
public sealed class UnmatchedPatternTests
{
    private const string OfExclude = "nginx-sync: warning: EXCLUDE: pattern 'loacl.conf' matches nothing, neither on this machine nor on any node: is it written as it is meant?\n";
    private const string OfRedact = "nginx-sync: warning: REDACT: pattern '*.pme' matches nothing, neither on this machine nor on any node: is it written as it is meant?\n";

    [Test]
    public async Task A_pattern_that_matches_nothing_on_any_machine_is_said_at_the_end()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.Configure(
            $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"",
            "EXCLUDE=\"default.conf loacl.conf only-there/ *.local here? /etc/nginx/conf.d/*.x\"", "REDACT=\"*.pme *.pem\"");
        lab.WriteSite("new");
        lab.Primary.Write("/etc/nginx/conf.d/here1", "");
        lab.Primary.Write("/etc/nginx/conf.d/cert.pem", "");
        lab.Primary.Write("/etc/nginx/conf.d/a.x", "");
        lab.Peers[1].Write("/etc/nginx/conf.d/only-there/a", "");
        lab.Peers[1].Write("/etc/nginx/conf.d/a.local", "");

        foreach (var call in new string[][] { ["-n"], [], [], ["-C"], ["-C", "-d"] })
        {
            var outcome = await lab.NginxSyncAsync(call);
            Assert.That((outcome.ExitCode, outcome.Err), Is.EqualTo((0, OfExclude + OfRedact)), string.Join(' ', call));
        }
        foreach (var call in new string[][] { ["-C", "-q"], ["-c", lab.Peers[1].Address], ["-C", "--output", "prometheus"], ["--node", lab.Peers[0].Address] })
        {
            var outcome = await lab.NginxSyncAsync(call);
            Assert.That((outcome.ExitCode, outcome.Err), Is.EqualTo((0, "")), string.Join(' ', call));
        }
        var json = await lab.NginxSyncAsync("-C", "--output", "json");
        Assert.That(json.Err, Is.Empty);
        Assert.That(json.Out, Does.Contain("\"pattern\": \"loacl.conf\"").And.Contain("\"pattern\": \"*.pme\"").And.Not.Contain("default.conf"));

        await lab.Peers[1].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        var unreached = await lab.NginxSyncAsync("-C");
        Assert.That(unreached.Err, Does.Not.Contain("matches nothing"), "it may match there");
    }
}
