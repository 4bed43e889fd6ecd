using System.Diagnostics;

namespace ConfSync.SystemTests.Push;

/// <summary>Configurations that pass the test, and with which nginx then does not serve.</summary>
public sealed class ReloadFailureTests
{
    private const string Data = "/etc/nginx/data";
    private const string Everything = "/etc/nginx/nginx.conf /etc/nginx/conf.d /etc/nginx/data /srv/new/path";

    [Test]
    public async Task Workers_that_die_bring_the_old_configuration_back()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Alpine, PeerKind.Debian);
        lab.Primary.AddToMain("working_directory /no/such/dir;");
        await RefusedAfterReloadAsync(lab, "chdir(\"/no/such/dir\") failed", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task More_connections_than_memory_bring_the_old_configuration_back()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.EditMain("worker_connections 512", "worker_connections 999999999");
        await RefusedAfterReloadAsync(lab, "fatal code 2", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task A_port_that_is_taken_on_the_peer_brings_the_old_configuration_back()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await peer.TakePortAsync(8081);
        lab.Primary.WriteSite("new", port: 8081);
        await RefusedAfterReloadAsync(lab, "bind() to 0.0.0.0:8081 failed (98: ", TimeSpan.Zero);
    }

    [Test]
    public async Task What_nginx_says_in_a_log_of_the_new_configuration_is_reported_too()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        foreach (var peer in lab.Peers) await peer.TakePortAsync(8081);
        lab.Primary.WriteSite("new", port: 8081);
        lab.Primary.EditMain("/var/log/nginx/error.log", "/var/log/nginx/another.log");
        var clock = Stopwatch.StartNew();

        await RefusedAfterReloadAsync(lab, "bind() to 0.0.0.0:8081 failed (98: ", TimeSpan.Zero);

        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(20)), "it did not wait for RELOAD_TIMEOUT");
    }

    [Test]
    public async Task A_failing_test_is_seen_on_no_live_file()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync("mkdir -p /etc/nginx/ssl /srv/new; echo 1 >/etc/nginx/ssl/only-here; echo 2 >/srv/new/path");
        lab.Primary.Write("/etc/nginx/conf.d/site.conf", "include /etc/nginx/ssl/only-here*[é]; include /etc/nginx/ünï/x; ");
        await lab.Primary.ShAsync("mkdir /etc/nginx/ünï; touch /etc/nginx/ünï/x");
        foreach (var peer in lab.Peers) peer.Write("/etc/nginx/conf.d/gone.conf", "");
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d /srv/new/path");
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync("/etc/nginx /srv -type f")));
        var workers = await Task.WhenAll(lab.Peers.Select(peer => peer.WorkersAsync()));

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2));
        for (var i = 0; i < 2; i++)
        {
            Assert.That(push.Err, Does.Contain($"{lab.Peers[i].Address}: testing the new configuration failed; nothing was changed there")
                .And.Contain("open() \"/etc/nginx/ünï/x\" failed (2: No such file or directory)"));
            Assert.That(await lab.Peers[i].TracesAsync("/etc/nginx /srv -type f"), Is.EqualTo(before[i]));
            Assert.That(await lab.Peers[i].WorkersAsync(), Is.EqualTo(workers[i]));
            Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
            Assert.That(lab.Peers[i].Exists("/srv/new"), Is.False);
        }
    }

    private static async Task RefusedAfterReloadAsync(Lab lab, string words, TimeSpan cost)
    {
        await lab.Primary.ShAsync($"mkdir -p {Data}/d /srv/new; echo new >{Data}/d/file; echo new >/srv/new/path");
        await lab.Primary.ShAsync($"ln -s d {Data}/link; chmod 700 /etc/nginx/conf.d");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"mkdir {Data}; cd {Data}; echo old >d; mkdir link; echo old >link/file; ln -s d gone; chmod 711 .");
        }
        lab.Pushes(Everything);
        var before = await Task.WhenAll(lab.Peers.Select(TreeOf));
        await using var load = SteadyLoad.On(lab.Peers[0], perSecond: 100);
        await load.AnswersAsync(10);

        var push = await lab.Primary.PushAsync();

        await load.AnswersAsync(10);
        var report = await load.StopAsync();
        TestContext.Out.WriteLine($"{report.Failed} of {report.Sent} requests failed: {string.Join("; ", report.Failures)}");
        Assert.That(push.ExitCode, Is.EqualTo(2));
        Assert.That(push.Err, Does.Contain("reloading nginx failed; the old configuration is back in place there")
            .And.Contain(words).And.Contain("left as they were: " + lab.Nodes.Split(' ').Last()).Or.Contain("1 of 1 nodes failed"));
        for (var i = 0; i < lab.Peers.Count; i++)
        {
            Assert.That(await TreeOf(lab.Peers[i]), Is.EqualTo(before[i]));
            Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
            Assert.That(await lab.Peers[i].AnswerAsync(), Is.EqualTo("default\n"));
            Assert.That((await lab.Peers[i].WorkersAsync()).Split('\n'), Has.Length.EqualTo(2));
            Assert.That(lab.Peers[i].Exists("/srv/new"), Is.False, "what was made for a new path goes with it");
        }
        Assert.That(report.Failed, Is.LessThanOrEqualTo(cost.TotalSeconds * 100));
        Assert.That(report.Bodies.Keys, Is.EqualTo(OnlyDefault));
    }

    private static readonly string[] OnlyDefault = ["default\n"];

    private static Task<string> TreeOf(Node peer) =>
        peer.ShAsync("find /etc/nginx /srv -exec stat -c '%f %u %g %n' {} + | LC_ALL=C sort; find /etc/nginx /srv -type f -exec sha256sum {} + | sort");
}
