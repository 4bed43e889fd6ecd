using System.Diagnostics;

namespace ConfSync.SystemTests.Push;

/// <summary>What programs on a peer print is theirs to decide; how much of it travels is not.</summary>
public sealed class BoundedWordsTests
{
    private const string Flood = "head -c 16777216 /dev/zero | tr '\\000' x; echo; echo the last line";

    [Test]
    public async Task A_health_check_that_prints_16_MiB_is_quoted_by_its_last_lines()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, new PeerKind { Sh = "bash" });
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d", $"HEALTHCHECK=\"{Flood}; false\"", "HEALTHCHECK_TIMEOUT=1");
        var clock = Stopwatch.StartNew();

        var push = await lab.Primary.PushAsync("--serial", "all");

        TestContext.Out.WriteLine(clock.Elapsed);
        Assert.That(push.ExitCode, Is.EqualTo(2));
        foreach (var peer in lab.Peers)
        {
            Assert.That(push.Err, Does.Match(
                $@"{peer.Address}: the health check failed; the old configuration is back in place there \(NS-4006\):\n(.*\n)*?.*the first (167\d+ )?bytes are left out.*\n    the last line\n"));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
        }
        Assert.That(push.Err.Length, Is.LessThan(100_000));
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(30)));
        lab.Pushes("/etc/nginx/conf.d", $"HEALTHCHECK=\"{Flood}\"");
        await lab.Primary.PushedAsync();
    }

    [Test]
    public async Task An_nginx_that_prints_16_MiB_is_quoted_by_its_last_lines([Values] bool passes)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, new PeerKind { Unshare = false });
        foreach (var peer in lab.Peers)
        {
            peer.Write("/opt/talking/nginx", $"#!/bin/sh\n({Flood}) >&2\n{(passes ? "exec /usr/sbin/nginx \"$@\"" : "exit 1")}\n");
            await peer.ShAsync("chmod 755 /opt/talking/nginx; read -r p </run/nginx.pid; kill $p");
        }
        await lab.Primary.ShAsync("mkdir -p /opt/talking; ln -s /usr/sbin/nginx /opt/talking/nginx");
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d", "NGINX=/opt/talking/nginx", "EXPECT_RUNNING=no");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(passes ? 0 : 2), push.ToString());
        Assert.That(push.Err + push.Out, Does.Match(@"the first (167\d+ )?bytes are left out").And.Contain("the last line"));
        Assert.That(push.Err.Length + push.Out.Length, Is.LessThan(100_000));
    }
}
