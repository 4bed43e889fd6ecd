using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>HAProxy beside nginx on the nodes: what a push of its files tests, reloads, sees and undoes.</summary>
public sealed class HAProxyTests
{
    private const string Configuration = "/etc/haproxy/haproxy.cfg", Hold = "/run/nginx-sync/hold";
    private const string Traced = "/etc/haproxy/haproxy.cfg /run/haproxy/admin.sock";
    private const int Port = 8000;

    private Lab lab = null!;

    private Node Peer => lab.Peers[0];

    [TearDown]
    public async Task EndAsync() => await lab.DisposeAsync();

    /// <summary>Each node serves nginx at port 80 and HAProxy, which asks nginx, at port 8000; all of that is known to the primary.</summary>
    private async Task StartAsync(params PeerKind[] kinds)
    {
        lab = await Lab.StartAsync(kinds);
        lab.Pushes("/etc/nginx/conf.d /etc/haproxy");
        foreach (var node in lab.Peers.Append<Node>(lab.Primary)) node.WriteHAProxy();
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync("mkdir -p /run/nginx-sync; start-services");
            await peer.RunsHAProxyAsync();
        }
        await lab.Primary.PushedAsync();
    }

    [Test]
    public async Task A_change_is_served_without_a_lost_request_and_nginx_is_left_alone()
    {
        await StartAsync(PeerKind.Debian, PeerKind.Alpine);
        var workers = await Peer.WorkersAsync();
        lab.Primary.WriteHAProxy("http-request return status 200 content-type text/plain string \"new\"");
        await using var load = SteadyLoad.On(Peer, perSecond: 100, port: Port);

        var said = await lab.Primary.PushedAsync();

        Assert.That(said, Does.Contain($"Testing haproxy config on {Peer.Address}").And.Contain($"haproxy on {Peer.Address} was reloaded and serves it"));
        await load.AnswersAsync(20);
        var report = await load.StopAsync();
        Assert.That(report.Failures, Is.Empty);
        Assert.That(report.Bodies.Keys, Has.All.AnyOf("default\n", "new"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(Port), Is.EqualTo("new"));
        Assert.That(await Peer.WorkersAsync(), Is.EqualTo(workers), "nginx was not reloaded");
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"), "each is known to serve its own files");
        lab.Primary.WriteSite("site");
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain("nginx on").And.Not.Contain("haproxy on"));
        foreach (var peer in lab.Peers) await peer.LeavesNothingAsync();
    }

    /// <summary>HAProxy would rename its own socket over it at the trial start.</summary>
    [Test]
    public async Task A_dry_run_leaves_another_program_its_socket()
    {
        await StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteHAProxy("bind /srv/other/app.sock");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync("mkdir -p /srv/other");
            peer.Write("/etc/nginx/conf.d/other.conf", "server { listen unix:/srv/other/app.sock; return 200 other; }\n");
            await peer.ShAsync("nginx -s reload");
            await Eventually.TrueAsync(async () => (await peer.RunAsync("test", "-S", "/srv/other/app.sock")).ExitCode == 0, "nginx listens");
        }
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync("/srv/other")));

        var plan = await lab.Primary.PushAsync("-n");

        Assert.That(plan.OutIfSuccessful, Does.Contain("haproxy: Configuration file is valid"));
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync("/srv/other"))), Is.EqualTo(before));
    }

    // haproxy -c accepts all of them but the first.
    [TestCase("mode http", "mode htpp", "unknown proxy mode 'htpp'")]
    [TestCase("/var/lib/haproxy", "/var/lib/nope", "Cannot chroot")]
    [TestCase("*:8000", "*:80", "another program listens on *:80")]
    [TestCase("*:8000", "192.0.2.1:8000", "192.0.2.1:8000 cannot be listened on")]
    [TestCase("bind *:8000", "", "HAProxy would listen on nothing any more")]
    [TestCase("/run/haproxy/", "/run/nope/", "cannot bind UNIX socket")]
    [TestCase("user haproxy", "user haproxy\n  maxconn 60000", "Cannot raise FD limit")]
    public async Task A_mistake_is_refused_before_anything_is_live(string old, string with, string words)
    {
        await StartAsync(PeerKind.Debian, PeerKind.Alpine);
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync(Traced)));
        await using var load = SteadyLoad.On(Peer, perSecond: 50, port: Port);
        lab.Primary.Write(Configuration, lab.Primary.ReadText(Configuration).Replace(old, with, StringComparison.Ordinal));

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        await load.AnswersAsync(20);
        Assert.That((await load.StopAsync()).Failures, Is.Empty);
        for (var i = 0; i < lab.Peers.Count; i++)
        {
            Assert.That(push.Err, Does.Contain($"{lab.Peers[i].Address}: testing the new configuration of haproxy failed; nothing was changed there").And.Contain(words));
            Assert.That(await lab.Peers[i].TracesAsync(Traced), Is.EqualTo(before[i]), "sockets too");
            await lab.Peers[i].LeavesNothingAsync();
        }
    }

    /// <summary>Pushes; while the push stands still at a mark, something is done on the peer.</summary>
    private Task<Outcome> PushAsync(string mark, string meanwhile) => PushAsync(mark, () => Peer.ShAsync(meanwhile));

    private async Task<Outcome> PushAsync(string mark, Func<Task> meanwhile)
    {
        Peer.Write(Hold, mark + "\n");
        await using var push = await lab.Primary.StartAsync("nginx-sync");
        await Eventually.TrueAsync(() => Peer.Exists(Hold + ".reached") || push.HasExited, $"the push is at {mark}");
        await meanwhile();
        Peer.Delete(Hold);
        return await push.WaitAsync();
    }

    [Test]
    public async Task Where_it_does_not_take_the_change_up_the_old_one_is_back_and_served()
    {
        await StartAsync(PeerKind.Debian);
        lab.Primary.WriteHAProxy("bind *:8001");

        // After the test another program takes the port.
        var push = await PushAsync("signalled-haproxy", () => Peer.TakePortAsync(8001));

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("reloading haproxy failed; the old configuration is back in place there").And.Contain("goes on with the old one"));
        Assert.That(Peer.ReadText(Configuration), Does.Not.Contain("8001"));
        Assert.That(await Peer.AnswerAsync(Port), Is.EqualTo("default\n"));
        await Peer.LeavesNothingAsync();
        lab.Primary.WriteHAProxy();
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"), "it is known to serve the old one");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task One_that_the_reload_ends_is_started_again_as_it_was(bool isAlpine)
    {
        await StartAsync(isAlpine ? PeerKind.Alpine : PeerKind.Debian);
        Peer.Write("/srv/jail/empty", "");
        lab.Primary.Write("/srv/jail/empty", "");
        lab.Primary.Write(Configuration, lab.Primary.ReadText(Configuration).Replace("/var/lib/haproxy", "/srv/jail", StringComparison.Ordinal));
        var arguments = await HAProxyArgumentsAsync();

        var push = await PushAsync("signalled-haproxy", "rm -r /srv/jail");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("HAProxy ended during the reload").And.Contain("haproxy had ended, and was started again as it was"));
        await Peer.RunsHAProxyAsync();
        Assert.That(await HAProxyArgumentsAsync(), Is.EqualTo(arguments));
        Assert.That(Peer.ReadText(Configuration), Does.Contain("/var/lib/haproxy"));
        await Peer.LeavesNothingAsync();
    }

    private Task<string> HAProxyArgumentsAsync() => Peer.ShAsync("tr '\\000' ' ' </proc/$(cat /run/haproxy.pid)/cmdline | cut -d' ' -f2-");

    [Test]
    public async Task Where_nginx_fails_after_it_HAProxy_serves_the_old_configuration_again()
    {
        await StartAsync(PeerKind.Debian);
        lab.Primary.WriteHAProxy("http-request return status 200 content-type text/plain string \"new\"");
        lab.Primary.WriteSite("new");

        // After the test, and after HAProxy's reload, another program takes the port.
        lab.Primary.Write("/etc/nginx/conf.d/taken.conf", "server { listen 8099; }");
        var push = await PushAsync("signalled", () => Peer.TakePortAsync(8099));

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("reloading nginx failed; the old configuration is back in place there"));
        Assert.That(await Peer.AnswerAsync(Port), Is.EqualTo("default\n"));
        Assert.That(Peer.Exists("/etc/nginx/conf.d/site.conf"), Is.False);
        await Peer.LeavesNothingAsync();
    }

    [TestCase("signalled-haproxy")]
    [TestCase("verified")]
    public async Task After_a_push_that_was_killed_the_old_configuration_is_served(string mark)
    {
        await StartAsync(PeerKind.Debian);
        lab.Primary.WriteHAProxy("http-request return status 200 content-type text/plain string \"new\"");

        var push = await PushAsync(mark, "kill -9 $(grep -lzs NGINX_SYNC_RUNNER= /proc/[0-9]*/environ | cut -d/ -f3 | sort -n | head -n 1)");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("the old configuration is back in place there"));
        Assert.That(await Peer.AnswerAsync(Port), Is.EqualTo("default\n"));
        await Peer.LeavesNothingAsync();
        await lab.Primary.PushedAsync();
        Assert.That(await Peer.AnswerAsync(Port), Is.EqualTo("new"));
    }

    [Test]
    public async Task What_somebody_else_had_it_load_is_loaded_again()
    {
        await StartAsync(PeerKind.Debian, PeerKind.Alpine);
        var workers = await Peer.WorkersAsync();
        foreach (var peer in lab.Peers) await peer.ShAsync("kill -USR2 $(cat /run/haproxy.pid); sleep 1");

        Assert.That((await lab.Primary.RunAsync("nginx-sync", "-C")).Out, Does.Contain("haproxy is not known to run what is on its disk: a push reloads it"));
        var said = await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(said, Does.Contain($"{peer.Address} was not known to serve it: haproxy was reloaded and serves it now"));
        Assert.That(await Peer.WorkersAsync(), Is.EqualTo(workers), "nginx was not reloaded");
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"));
    }

    [Test]
    public async Task One_that_does_not_run_is_said_as_loudly_as_nginx()
    {
        await StartAsync(PeerKind.Debian);
        await Peer.ShAsync("kill $(cat /run/haproxy.pid)");
        await Eventually.TrueAsync(async () => (await Peer.RunAsync("pidof", "haproxy")).ExitCode != 0, "HAProxy has ended");
        lab.Primary.WriteSite("new");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Out, Does.Contain($"nginx on {Peer.Address} was reloaded and serves it").And.Contain($"haproxy is not running on {Peer.Address}, skipping reload\n"));
        Assert.That(push.Err, Does.Contain($"{Peer.Address}: HAPROXY IS NOT RUNNING, and nothing serves the configuration there").And.Contain($"nginx-sync: haproxy is not running on {Peer.Address}\n"));
        Assert.That(await Peer.AnswerAsync(81), Is.EqualTo("new"));
        var compared = await lab.Primary.RunAsync("nginx-sync", "-C");
        Assert.That(compared.ExitCode, Is.Not.Zero);
        Assert.That(compared.Out, Does.Contain("; haproxy is not running"));
        lab.Pushes("/etc/nginx/conf.d /etc/haproxy", "EXPECT_RUNNING=nginx");
        Assert.That((await lab.Primary.PushAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Alone_it_needs_no_nginx()
    {
        await StartAsync(PeerKind.Debian);
        lab.Pushes("/etc/haproxy");
        lab.Primary.WriteHAProxy("http-request return status 200 content-type text/plain string \"new\"");
        foreach (var node in lab.Peers.Append<Node>(lab.Primary))
        {
            await node.StopNginxAsync();
            node.Delete("/usr/sbin/nginx");
        }

        var said = await lab.Primary.PushedAsync();

        Assert.That(said, Does.Contain($"haproxy on {Peer.Address} was reloaded and serves it").And.Not.Contain("nginx on"));
        Assert.That(await Peer.AnswerAsync(Port), Is.EqualTo("new"));
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "rollback")).ExitCode, Is.Zero);
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "status")).Out, Does.Contain("haproxy: no"));
    }
}
