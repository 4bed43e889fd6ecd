using System.Text.Json;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>What <c>nginx-sync status</c> says of real nodes.</summary>
public sealed class StatusTests
{
    [Test]
    public async Task Each_node_has_one_line_that_says_how_it_is()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian, PeerKind.Debian);
        lab.Primary.Write($"{Conf}/a.conf", "# newer\n");
        _ = (await lab.Primary.RunAsync("nginx-sync", "-m", "ticket 17")).OutIfSuccessful;
        var run = (await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful.Split("run ")[1][..7];
        var version = (await lab.Peers[0].RunAsync("nginx", "-v")).Err.Split('/')[1].Split(' ', '\n')[0];

        var well = await CompareAsync(lab, "status");

        Assert.That((well.ExitCode, well.Err), Is.EqualTo((0, "")), well.ToString());
        var lines = well.Out.Split('\n');
        Assert.That(lines[0], Does.Match("^NODE +REACHED +RUN +AGE +DRIFT +RELOAD +NGINX +SINCE +CLOCK +UNFINISHED$"));
        for (var i = 1; i <= 4; i++)
        {
            Assert.That(lines[i], Does.Match(
                $"^peer{i} +yes +{run} +[0-9]+ s +no +no +{version} +[0-9-]{{10}} [0-9:]{{5}} +[-+]?0\\.[0-9] s +no$"), well.Out);
        }
        Assert.That(lines[^2], Is.EqualTo("4 nodes compared, 0 with differences"));
        Assert.That((await CompareAsync(lab, "status", "-q")).ToString(), Is.EqualTo(new Outcome(0, "", "").ToString()));

        // By hand: a file, a reload, an end, and sshd.
        lab.Peers[0].Write($"{Conf}/extra.conf", "# more\n");
        await lab.Peers[1].RunAsync("nginx", "-s", "reload");
        await lab.Peers[2].StopNginxAsync();
        await lab.Peers[3].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        await Eventually.TrueAsync(async () => (await CompareAsync(lab, "status", "peer2")).Out.Contains("probably not", StringComparison.Ordinal), "the reload is over");
        var wrong = await CompareAsync(lab, "status");

        Assert.That(wrong.ExitCode, Is.EqualTo(2), wrong.ToString());
        Assert.That(wrong.Err, Does.Contain("peer4 could not be compared").And.Contain("Connection refused"));
        lines = wrong.Out.Split('\n');
        Assert.That(lines[1], Does.Match($"^peer1 +yes +{run} +[0-9]+ s +1 path +pending "));
        Assert.That(lines[2], Does.Match($"^peer2 +yes +{run} +[0-9]+ s +no +probably not +{version} "));
        Assert.That(lines[3], Does.Match("^peer3 +yes +- +- +no +- +not running +- +[-+]?0\\.[0-9] s +no$"));
        Assert.That(lines[4], Does.Match("^peer4 +no( +-)+$"));
        Assert.That((await CompareAsync(lab, "status", "peer1", "peer3")).ExitCode, Is.EqualTo(1));
        Assert.That((await CompareAsync(lab, "status", "-q", "!peer4")).Out.Split('\n').Skip(1).Take(2).Select(line => line[..5]), Is.EqualTo(["peer1", "peer3"]));
    }

    [Test]
    public async Task Programs_read_it_as_json_and_as_metrics()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.Write("/var/prom/status.prom", "old\n");

        var outcome = await CompareAsync(lab, "status", "--output", "json");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        using var document = JsonDocument.Parse(outcome.Out);
        Assert.That(document.RootElement.GetProperty("document").GetString(), Is.EqualTo("nginx-sync status"));
        foreach (var node in document.RootElement.GetProperty("nodes").EnumerateArray())
        {
            Assert.That(node.GetProperty("reached").GetBoolean(), Is.True);
            Assert.That(node.GetProperty("nginx").GetString(), Is.EqualTo("current"));
            Assert.That(node.GetProperty("served").GetProperty("run").GetString(), Has.Length.EqualTo(16));
            Assert.That(node.GetProperty("served").GetProperty("age").GetDouble(), Is.InRange(-1, 120));
            // All nodes of a lab have one clock.
            Assert.That(Math.Abs(node.GetProperty("clockDifference").GetDouble()), Is.LessThanOrEqualTo(node.GetProperty("clockPrecision").GetDouble() + 0.01));
            Assert.That(DateTimeOffset.Now - node.GetProperty("nginxSince").GetDateTimeOffset(), Is.InRange(TimeSpan.Zero, TimeSpan.FromMinutes(5)));
        }
        var metrics = await CompareAsync(lab, "status", "--output", "prometheus", "-o", "/var/prom/status.prom");
        Assert.That((metrics.ExitCode, metrics.Out), Is.EqualTo((0, "")), metrics.ToString());
        var text = lab.Primary.ReadText("/var/prom/status.prom");
        Assert.That(text, Does.Contain("\nnginx_sync_node_compared{node=\"peer2\"} 1\n").And.Match("nginx_sync_node_info{node=\"peer1\",run=\"[0-9a-f]{16}\",nginx_version=\"[0-9.]+\"} 1"));
    }

    [Test]
    public async Task A_clock_that_is_wrong_and_a_program_that_was_replaced_are_seen()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        var version = (await lab.Peers[0].RunAsync("nginx", "-v")).Err.Split('/')[1].Split(' ', '\n')[0];
        // A node of a lab has the host's clock: what tells the time there is another program.
        _ = (await lab.Peers[0].RunAsync("sh", "-c", """
            mv /usr/sbin/nginx /usr/sbin/nginx.old
            printf '#!/bin/sh\necho "nginx version: nginx/9.9.9" >&2\n' >/usr/sbin/nginx; chmod 755 /usr/sbin/nginx
            printf '#!/bin/sh\necho $(($(/bin/date +%%s) + 90)).000000000\n' >/usr/local/bin/date; chmod 755 /usr/local/bin/date
            """)).OutIfSuccessful;

        var line = (await CompareAsync(lab, "status")).Out.Split('\n')[1];

        Assert.That(line, Does.Match($" {version.Replace(".", "\\.", StringComparison.Ordinal)} .* \\+(89|90)\\.[0-9] s +no$"));
    }

    [Test]
    public async Task A_login_that_may_look_at_little_is_told_what_it_may_see_and_nothing_is_written()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        lab.Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
        var before = await lab.Peers[0].Files.WrittenAsync();

        var outcome = await lab.Primary.RunAsync(new Invocation("nginx-sync", "status", "-u") { User = "plain" });

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out.Split('\n')[1], Does.Match("^peer1 +yes +- +- +no +probably not "));
        var after = await lab.Peers[0].Files.WrittenAsync();
        Assert.That(after.Except(before).Where(line => !line.StartsWith("/var/log/sshd.log ", StringComparison.Ordinal)), Is.Empty);
    }
}
