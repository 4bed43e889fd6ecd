using System.Diagnostics;

namespace ConfSync.SystemTests.Push;

/// <summary>An error log that cannot be read on the node: what becomes of a reload is seen without it.</summary>
public sealed class LogThatIsNoFileTests
{
    [TestCase("/dev/null", "/dev/null")]
    [TestCase("stderr", "pipe:")]
    [TestCase("syslog:server=unix:/run/no-log", "")]
    public async Task A_port_that_is_taken_is_undone_when_nginx_gives_up_and_not_after_a_time_out(string log, string leadsTo)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        Node[] nodes = [lab.Primary, .. lab.Peers];
        foreach (var node in nodes) node.EditMain("error_log /var/log/nginx/error.log notice", $"error_log {log}");
        foreach (var peer in lab.Peers)
        {
            // As in a container: in the foreground, with a pipe for what it says.
            await peer.ShAsync("read -r p </run/nginx.pid; kill $p; while kill -0 $p 2>/dev/null; do sleep 0.02; done; (nginx -g 'daemon off;' 2>&1 | cat >/dev/null) >/dev/null 2>&1 &");
            await Eventually.TrueAsync(async () => (await peer.RunAsync("sh", "-c", "read -r p </run/nginx.pid && kill -0 $p")).ExitCode == 0, "nginx runs");
            await peer.TakePortAsync(8081);
        }
        lab.Primary.WriteSite("new", port: 8081);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        var clock = Stopwatch.StartNew();

        var push = await lab.Primary.PushAsync("--serial", "all");

        TestContext.Out.WriteLine($"{clock.Elapsed}\n{push.Err}");
        Assert.That(push.ExitCode, Is.EqualTo(2));
        foreach (var peer in lab.Peers)
        {
            Assert.That(push.Err, Does.Contain($"{peer.Address}: reloading nginx failed; the old configuration is back in place there (NS-4005):\n    nginx did not take the new configuration up"));
            Assert.That(await peer.AnswerAsync(), Is.EqualTo("default\n"));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
        }
        Assert.That(push.Err, Does.Contain("its error log is no file on this node").And.Contain(leadsTo));
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(25)), "RELOAD_TIMEOUT is 60 s");
    }
}
