using ConfSync.SystemTests.Push;
using static ConfSync.SystemTests.Services.KeepalivedPair;

namespace ConfSync.SystemTests.Services;

/// <summary>keepalived on the nodes: what a push of its files tests, reloads, sees and undoes.</summary>
public sealed class KeepalivedTests
{
    private const string Hold = "/run/nginx-sync/hold";

    private KeepalivedPair pair = null!;

    private Lab Lab => pair.Lab;

    private Node Peer => pair.Holder;

    [TearDown]
    public async Task EndAsync() => await pair.DisposeAsync();

    private async Task StartAsync(string confPaths, params PeerKind[] kinds) => pair = await KeepalivedPair.StartAsync(confPaths, kinds);

    [Test]
    public async Task A_change_is_seen_and_the_address_stays_where_it_is()
    {
        await StartAsync("/etc/nginx/conf.d /etc/keepalived", PeerKind.Debian, PeerKind.Alpine);
        var (events, workers) = (await pair.EventsAsync(), await Peer.WorkersAsync());
        pair.Write("advert_int 1", "advert_int 1\n  garp_master_delay 3");

        var push = await Lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        foreach (var peer in Lab.Peers)
        {
            Assert.That(push.Out, Does.Contain($"Testing keepalived config on {peer.Address}").And.Contain($"keepalived on {peer.Address} was reloaded and serves it"));
            await peer.ShAsync("kill -USR1 $(cat /run/keepalived.pid)");
            await Eventually.TrueAsync(() => peer.Exists("/tmp/keepalived.data") && peer.Exists("/tmp/keepalived_parent.data"), "keepalived says what it has read");
            Assert.That(peer.ReadText("/tmp/keepalived.data"), Does.Contain("Gratuitous ARP delay = 3"));
            await peer.ShAsync("rm /tmp/keepalived*");
        }
        Assert.That(push.ToString(), Does.Not.Contain(Password));
        Assert.That(await pair.HoldersAsync(), Is.EqualTo(new[] { Peer }));
        Assert.That(await pair.EventsAsync(), Is.EqualTo(events));
        Assert.That(await Peer.WorkersAsync(), Is.EqualTo(workers), "nginx was not reloaded");
        Assert.That(await Lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"), "each is known to serve its own files");
        Lab.Primary.WriteSite("site");
        Assert.That(await Lab.Primary.PushedAsync(), Does.Contain("nginx on").And.Not.Contain("keepalived on"));
        await pair.LeavesNothingAsync();
    }

    [Test]
    public async Task What_somebody_else_had_it_load_is_loaded_again()
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Alpine);
        var text = Peer.ReadText(MainFile);
        Peer.Write(MainFile, text.Replace("advert_int 1", "advert_int 1\n  garp_master_delay 3", StringComparison.Ordinal));
        await Peer.ShAsync("kill -HUP $(cat /run/keepalived.pid); sleep 0.5");
        Peer.Write(MainFile, text);

        Assert.That((await Lab.Primary.RunAsync("nginx-sync", "-C")).Out, Does.Contain("keepalived is not known to run what is on its disk: a push reloads it"));
        var said = await Lab.Primary.PushedAsync();

        Assert.That(said, Does.Contain($"{Peer.Address} was not known to serve it: keepalived was reloaded and serves it now").And.Contain($"{Lab.Peers[1].Address} is up to date"));
        Assert.That(await Lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"));
        Assert.That(await pair.HoldersAsync(), Is.EqualTo(new[] { Peer }));
        await pair.LeavesNothingAsync();
    }

    [Test]
    public async Task One_that_does_not_run_is_said_as_loudly_as_nginx()
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Debian);
        await Peer.ShAsync("kill $(cat /run/keepalived.pid)");
        await Eventually.TrueAsync(async () => (await Peer.RunAsync("pidof", "keepalived")).ExitCode != 0, "keepalived has ended");
        pair.Write("advert_int 1", "advert_int 1\n  garp_master_delay 3");

        var push = await Lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain($"nginx-sync: keepalived is not running on {Peer.Address}\n"));
        Assert.That(push.Out, Does.Contain($"keepalived on {Lab.Peers[1].Address} was reloaded and serves it"));
        Assert.That((await Peer.RunAsync("pidof", "keepalived")).ExitCode, Is.Not.Zero, "it is not started");
        Assert.That((await Lab.Primary.RunAsync("nginx-sync", "-C")).Out, Does.Contain("; keepalived is not running"));
        Lab.Pushes("/etc/keepalived", "EXPECT_RUNNING=no");
        Assert.That((await Lab.Primary.PushAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Of_two_instances_none_is_taken()
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Debian);
        var before = await Peer.TracesAsync("/etc/keepalived/*");
        Peer.Write("/srv/other.conf", "vrrp_instance OTHER {\n  interface eth0\n  virtual_router_id 99\n  virtual_ipaddress {\n    192.0.2.9\n  }\n}\n");
        await Peer.ShAsync("keepalived -f /srv/other.conf -p /run/other.pid -r /run/other-vrrp.pid");
        await Eventually.TrueAsync(() => Peer.Exists("/run/other-vrrp.pid"), "the other one runs");
        pair.Write("advert_int 1", "advert_int 1\n  garp_master_delay 3");

        var push = await Lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("several instances of keepalived run on this node"));
        Assert.That(await Peer.TracesAsync("/etc/keepalived/*"), Is.EqualTo(before));
        await Peer.LeavesNothingAsync();
    }

    /// <summary>Pushes; while the push stands still at a mark on the holder, something is done there.</summary>
    private async Task<Outcome> PushAsync(string mark, string meanwhile)
    {
        Peer.Write(Hold, mark + "\n");
        await using var push = await Lab.Primary.StartAsync("nginx-sync");
        await Eventually.TrueAsync(() => Peer.Exists(Hold + ".reached") || push.HasExited, $"the push is at {mark}");
        await Peer.ShAsync(meanwhile);
        Peer.Delete(Hold);
        return await push.WaitAsync();
    }

    [Test]
    public async Task Where_it_does_not_take_the_change_up_the_old_one_is_back_and_in_effect()
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Debian);
        pair.Write("advert_int 1", "advert_int 1\n  garp_master_delay 3");

        // After the test another process takes away what the address of the node is.
        var push = await PushAsync("signalled-keepalived", $"sed -i 's/unicast_src_ip .*/unicast_src_ip 192.0.2.99/' {MainFile}");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("reloading keepalived failed; the old configuration is back in place there").And.Contain("VI_1 is in state FAULT"));
        Assert.That(Peer.ReadText(MainFile), Does.Not.Contain("garp").And.Contain(Peer.Address));
        await pair.IsHeldAsync();
        await pair.LeavesNothingAsync();
        pair.Write();
        // The other node, which holds no address, had its turn before, and goes back now.
        Assert.That(await Lab.Primary.PushedAsync(), Does.Contain($"Configuration on {Peer.Address} is up to date"), "it is known to run the old one");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task One_that_the_reload_ends_is_started_again_as_it_was(bool isAlpine)
    {
        await StartAsync("/etc/keepalived", isAlpine ? PeerKind.Alpine : PeerKind.Debian, PeerKind.Debian);
        pair.Write("advert_int 1", "advert_int 1\n  garp_master_delay 3");
        const string Arguments = "tr '\\000' ' ' </proc/$(cat /run/keepalived.pid)/cmdline | cut -d' ' -f2-";
        var arguments = await Peer.ShAsync(Arguments);

        // After the test another process removes a line without which keepalived ends, and leaves the address behind.
        var push = await PushAsync("signalled-keepalived", $"sed -i /virtual_router_id/d {MainFile}");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("keepalived ended during the reload").And.Contain("keepalived had ended, and was started again as it was"));
        Assert.That(await Peer.ShAsync(Arguments), Is.EqualTo(arguments));
        Assert.That(Peer.ReadText(MainFile), Does.Contain("virtual_router_id").And.Not.Contain("garp"));
        await pair.IsHeldAsync();
        await pair.LeavesNothingAsync();
    }

    [TestCase("signalled-keepalived")]
    [TestCase("verified")]
    public async Task After_a_push_that_was_killed_the_old_configuration_is_in_effect(string mark)
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Debian);
        pair.Write("advert_int 1", "advert_int 1\n  garp_master_delay 3");

        var push = await PushAsync(mark, "kill -9 $(grep -lzs NGINX_SYNC_RUNNER= /proc/[0-9]*/environ | cut -d/ -f3 | sort -n | head -n 1)");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("the old configuration is back in place there"));
        Assert.That(Peer.ReadText(MainFile), Does.Not.Contain("garp"));
        await pair.LeavesNothingAsync();
        await Lab.Primary.PushedAsync();
        Assert.That(Peer.ReadText(MainFile), Does.Contain("garp"));
        Assert.That(await pair.HoldersAsync(), Is.EqualTo(new[] { Peer }));
    }

    // What the holder sends with one of these, the other node discards, and takes the address after three adverts.
    [TestCase($"auth_pass {Password}", "auth_pass 0therpw9", "auth_pass", "discards what its master sends")]
    [TestCase("advert_int 1", "advert_int 2", "advert_int", "does not hear its master")]
    [TestCase("virtual_ipaddress {", "virtual_ipaddress {\n    192.0.2.77/32", "addresses", "discards what its master sends")]
    public async Task What_the_other_node_would_not_understand_moves_no_address(string old, string with, string what, string words)
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Alpine);
        var (events, other) = (await pair.EventsAsync(), Lab.Peers[1]);
        pair.Write(old, with);

        Lab.Primary.Configure($"NODES={Peer.Address}", "CONFPATHS=/etc/keepalived");
        var push = await Lab.Primary.PushAsync();
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("nothing was changed there").And.Contain($"VI_1: the nodes of its cluster must change its {what} at once"));

        Lab.Primary.Configure($"NODES={other.Address}", "CONFPATHS=/etc/keepalived");
        push = await Lab.Primary.PushAsync();
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("reloading keepalived failed; the old configuration is back in place there").And.Contain($"VI_1 {words}"));
        Assert.That(await pair.EventsAsync(), Is.EqualTo(events));
        await pair.LeavesNothingAsync();

        Lab.Pushes("/etc/keepalived", "KEEPALIVED_INCOMPATIBLE=yes");
        await Lab.Primary.PushedAsync();
        Assert.That(await pair.EventsAsync(), Is.EqualTo(events));
        Assert.That(await pair.HoldersAsync(), Is.EqualTo(new[] { Peer }));
        await pair.LeavesNothingAsync();
    }

    [Test]
    public async Task An_address_is_taken_away_only_where_that_is_said()
    {
        await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Debian);
        var events = await pair.EventsAsync();
        Lab.Pushes("/etc/keepalived", "KEEPALIVED_INCOMPATIBLE=yes");
        pair.Write("virtual_ipaddress {", "virtual_ipaddress {\n    192.0.2.77/32");
        await Lab.Primary.PushedAsync();
        Assert.That(await Peer.ShAsync("ip -o addr"), Does.Contain(" 192.0.2.77/"));
        pair.Write();

        var push = await Lab.Primary.PushAsync();
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("192.0.2.77 of VI_1 would be gone").And.Contain("nothing was changed there"));

        Lab.Pushes("/etc/keepalived", "KEEPALIVED_INCOMPATIBLE=yes", "KEEPALIVED_REMOVALS=yes");
        await Lab.Primary.PushedAsync();
        Assert.That(await Peer.ShAsync("ip -o addr"), Does.Not.Contain(" 192.0.2.77/"));
        Assert.That(await pair.HoldersAsync(), Is.EqualTo(new[] { Peer }));
        Assert.That(await pair.EventsAsync(), Is.EqualTo(events));
    }
}
