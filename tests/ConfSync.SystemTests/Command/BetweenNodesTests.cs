using System.Globalization;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests;

/// <summary>The order between nodes, and what one node's failure means for the others.</summary>
public sealed class BetweenNodesTests
{
    // nginx -t passes, the reload is accepted, and no worker survives.
    private const string Deadly = "working_directory /no/such/dir;\n";

    [Test]
    public async Task A_node_that_fails_its_test_is_left_out_and_the_others_go_on()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new", "include /etc/local.conf;");
        foreach (var node in new Node[] { lab.Primary, lab.Peers[1], lab.Peers[2] }) node.Write("/etc/local.conf", "");
        var failing = lab.Peers[0];
        var before = await StateAsync(failing);
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain($"{failing.Address}: testing the new configuration failed; nothing was changed there"));
        Assert.That(outcome.Err, Does.Contain("\"/etc/local.conf\" failed (2: No such file or directory)"));
        Assert.That(outcome.Err, Does.Contain($"1 of 3 nodes failed: {failing.Address}\n"));
        Assert.That(await StateAsync(failing), Is.EqualTo(before));
        await failing.IsCleanAsync();
        foreach (var peer in lab.Peers.Skip(1)) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task The_first_node_is_activated_alone_and_the_rest_after_it_is_seen_to_serve()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        var times = await Task.WhenAll(lab.Peers.Select(ActivatedAsync));
        // nginx alone pauses 0.1 s in a reload.
        Assert.That(times[1], Is.GreaterThan(times[0] + 0.1));
        Assert.That(times[2], Is.GreaterThan(times[0] + 0.1));
        Assert.That(lab.Peers.Select(peer => peer.SshLogins()), Is.All.EqualTo(1));
    }

    [Test]
    public async Task The_first_of_NODES_goes_first_though_its_login_takes_longer()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        await lab.Peers[0].ShAsync("kill -STOP $(cat /run/sshd.pid)");
        await using var running = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(() => lab.Peers.Skip(1).All(peer => peer.SshLogins() == 1), "the others are logged in to");
        await lab.Peers[0].ShAsync("kill -CONT $(cat /run/sshd.pid)");
        var outcome = await running.WaitAsync(Pace.Limit(30));
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        var times = await Task.WhenAll(lab.Peers.Select(ActivatedAsync));
        Assert.That(times[1], Is.GreaterThan(times[0] + 0.1));
        Assert.That(times[2], Is.GreaterThan(times[0] + 0.1));
    }

    [Test]
    public async Task A_first_node_that_is_away_holds_the_others_up_for_a_moment_only()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure("CONNECT_TIMEOUT=60");
        lab.WriteSite("new");
        await lab.Peers[0].ShAsync("kill -STOP $(cat /run/sshd.pid)");
        await using var running = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(() => lab.Peers.Skip(1).All(peer => peer.Exists(NginxSync.Site)), "the others are pushed to");
        Assert.That(lab.Peers[0].Exists(NginxSync.Site), Is.False);
        await lab.Peers[0].ShAsync("kill -CONT $(cat /run/sshd.pid)");
        var outcome = await running.WaitAsync(Pace.Limit(30));
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_configuration_that_kills_nginx_hurts_the_first_node_only()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.Primary.Write("/etc/nginx/nginx.conf", Deadly + lab.Primary.ReadText("/etc/nginx/nginx.conf"));
        var before = await StateAsync(lab.Peers[1]) + await StateAsync(lab.Peers[2]);
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(outcome.Err, Does.Contain($"{lab.Peers[0].Address}: reloading nginx failed; the old configuration is back in place"));
        Assert.That(outcome.Err, Does.Contain("fatal code 2"));
        Assert.That(outcome.Err, Does.Contain(
            $"1 of 3 nodes failed: {lab.Peers[0].Address}; left as they were: {lab.Peers[1].Address} {lab.Peers[2].Address}\n"));
        Assert.That(await StateAsync(lab.Peers[1]) + await StateAsync(lab.Peers[2]), Is.EqualTo(before));
        foreach (var peer in lab.Peers)
        {
            await peer.IsCleanAsync();
            Assert.That((await peer.HttpGetAsync()).Body, Is.EqualTo("default\n"));
            Assert.That(peer.ReadText("/etc/nginx/nginx.conf"), Does.Not.Contain(Deadly));
        }
    }

    [TestCase("1", 1)]
    [TestCase("2", 2)]
    [TestCase("all", 3)]
    public async Task Serial_says_how_many_can_be_hurt_at_once(string batch, int hurt)
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.Primary.Write("/etc/nginx/nginx.conf", Deadly + lab.Primary.ReadText("/etc/nginx/nginx.conf"));
        var outcome = await lab.NginxSyncAsync("--serial", batch);
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        var nodes = lab.Peers.Select(peer => peer.Address).ToList();
        var left = hurt == 3 ? "" : $"; left as they were: {string.Join(' ', nodes.Skip(hurt))}";
        Assert.That(outcome.Err, Does.Contain($"{hurt} of 3 nodes failed: {string.Join(' ', nodes.Take(hurt))}{left}\n"));
        foreach (var peer in lab.Peers) Assert.That((await peer.HttpGetAsync()).Body, Is.EqualTo("default\n"));
    }

    [Test]
    public async Task The_rest_goes_together_and_a_later_failure_keeps_who_is_confirmed()
    {
        await using var lab = await Lab.StartPeersAsync(4);
        lab.Configure();
        lab.WriteSite("new");
        await lab.Peers[1].TakePortAsync();
        await lab.Peers[2].TakePortAsync();
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(outcome.Err, Does.Contain($"2 of 4 nodes failed: {lab.Peers[1].Address} {lab.Peers[2].Address}\n"));
        Assert.That(outcome.Err, Does.Contain("still could not bind()"));
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("new"));
        Assert.That(await lab.Peers[3].SiteAsync(), Is.EqualTo("new"));
        foreach (var peer in lab.Peers.Skip(1).Take(2))
        {
            Assert.That(peer.Exists(NginxSync.Site), Is.False);
            Assert.That((await peer.HttpGetAsync()).Body, Is.EqualTo("default\n"));
        }
    }

    [Test]
    public async Task Twelve_nodes_at_once_take_one_login_each()
    {
        await using var lab = await Lab.StartPeersAsync(12);
        lab.Configure();
        lab.WriteSite("new");
        await using var running = await lab.StartNginxSyncAsync();
        var outcome = await running.WaitAsync(Pace.Limit(40));
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(lab.Peers.Select(peer => peer.SshLogins()), Is.All.EqualTo(1));
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.Zero);
    }

    private static async Task<double> ActivatedAsync(Node peer) =>
        double.Parse((await peer.RunAsync("stat", "-c", "%.6Z", NginxSync.Site)).OutIfSuccessful, CultureInfo.InvariantCulture);

    /// <summary>Files with the times of their last change of any kind, generations, and nginx's processes.</summary>
    private static async Task<string> StateAsync(Node peer) =>
        (await peer.RunAsync("sh", "-c", "stat -c '%n %i %z' /etc/nginx/*.conf /etc/nginx/conf.d/*; pgrep nginx")).Out + peer.Generations();
}
