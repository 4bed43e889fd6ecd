using System.Text.Json;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>What <c>nginx-sync cluster status</c> sees of real keepalived.</summary>
public sealed class ClusterStatusTests
{
    private const string Dump = "/tmp/keepalived.data";

    [Test]
    public async Task It_tells_who_holds_which_address_and_leaves_nothing_behind()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        await lab.StartClusterAsync();

        var json = await lab.Primary.RunAsync("nginx-sync", "cluster", "status", "--output", "json");

        Assert.That(json.ExitCode, Is.Zero, json.ToString());
        using var document = JsonDocument.Parse(json.Out);
        var addresses = document.RootElement.GetProperty("addresses").EnumerateArray().ToList();
        Assert.That(addresses.Select(address => $"{address.GetProperty("instance")} {address.GetProperty("address")} {string.Join(' ', address.GetProperty("holders").EnumerateArray())}"), Is.EqualTo(
            [$"VI_1 {ClusterNodes.First} one ({lab.Peers[0].Address})", $"VI_2 {ClusterNodes.Second} two ({lab.Peers[1].Address})"]));
        var text = (await lab.Primary.RunAsync("nginx-sync", "cluster", "status")).OutIfSuccessful;
        Assert.That(text, Does.Match($@"(?m)^one \({lab.Peers[0].Address}\) +running +1 +VI_1 master, VI_2 backup$"));
        Assert.That(text, Does.Match($@"(?m)^two \({lab.Peers[1].Address}\) +running +1 +VI_1 backup, VI_2 master$"));
        Assert.That(text, Does.EndWith("\n3 machines looked at: every virtual address has one holder.\n"));
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "cluster", "status", "-q")).OutIfSuccessful, Is.Empty);
        foreach (var peer in lab.Peers.Take(2)) Assert.That(peer.Exists(Dump), Is.False, "it holds passwords");
    }

    [Test]
    public async Task Two_holders_or_none_are_said_first_and_end_with_2()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await lab.StartClusterAsync();
        var (one, two) = (lab.Peers[0], lab.Peers[1]);

        // Nobody takes the address away, and the other one hears nothing more of it.
        await one.ShAsync("kill -9 $(pidof keepalived)");
        await two.HoldsAsync(ClusterNodes.First);
        var several = await lab.Primary.RunAsync("nginx-sync", "cluster", "status");

        Assert.That(several.ExitCode, Is.EqualTo(2), several.ToString());
        Assert.That(several.Out, Does.StartWith($"!! TWO MACHINES HOLD {ClusterNodes.First} (VI_1): one ({one.Address}), two ({two.Address})\n"));
        Assert.That(several.Out, Does.Contain($"one ({one.Address}): keepalived does not run there, and it has {ClusterNodes.First} all the same"));

        await one.ShAsync($"ip addr del {ClusterNodes.First}/32 dev eth0");
        var impaired = await lab.Primary.RunAsync("nginx-sync", "cluster", "status", "-q");
        Assert.That((impaired.ExitCode, impaired.Out), Is.EqualTo((1, $"one ({one.Address}): keepalived does not run there, so it cannot take over\n")));

        await two.ShAsync("kill $(cat /run/keepalived.pid)");
        await two.HoldsAsync(ClusterNodes.First, isHeld: false);
        var none = await lab.Primary.RunAsync("nginx-sync", "cluster", "status");
        Assert.That(none.ExitCode, Is.EqualTo(2), none.ToString());
        Assert.That(none.Out, Does.StartWith($"!! NO MACHINE HOLDS {ClusterNodes.First} (VI_1)\n!! NO MACHINE HOLDS {ClusterNodes.Second} (VI_2)\n"));
    }

    [Test]
    public async Task Without_a_definition_what_keepalived_has_read_counts_and_a_dump_of_an_administrator_stays()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Pushes("/etc/nginx/conf.d");
        var none = await lab.Primary.RunAsync("nginx-sync", "cluster", "status");
        Assert.That(none.ExitCode, Is.EqualTo(2), none.ToString());
        Assert.That(none.Out, Does.StartWith("No virtual address is known"));

        peer.Write("/etc/keepalived/own.conf", $"vrrp_instance OWN {{\n interface eth0\n virtual_router_id 7\n virtual_ipaddress {{\n  {ClusterNodes.First}\n }}\n}}\n");
        peer.Write("/etc/keepalived/keepalived.conf", "include own.conf\n");
        peer.Write(Dump, "an administrator's\n");
        await peer.ShAsync("start-services");
        await peer.HoldsAsync(ClusterNodes.First);
        // What it has read counts, and not what its file says now.
        peer.Delete("/etc/keepalived/own.conf");

        var status = await lab.Primary.RunAsync("nginx-sync", "cluster", "status");

        Assert.That(status.ExitCode, Is.Zero, status.ToString());
        Assert.That(status.Out, Does.Match($@"(?m)^OWN +{ClusterNodes.First} +{peer.Address}$").And.Match($@"(?m)^{peer.Address} +running +1 +OWN$"));
        Assert.That(peer.ReadText(Dump), Is.EqualTo("an administrator's\n"));
    }

    [Test]
    public async Task A_node_that_is_not_reached_makes_it_incomplete()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await lab.StartClusterAsync();
        await lab.Peers[1].ShAsync("kill $(cat /run/sshd.pid)");

        var status = await lab.Primary.RunAsync("nginx-sync", "cluster", "status");

        Assert.That(status.ExitCode, Is.EqualTo(2), status.ToString());
        Assert.That(status.Out, Does.StartWith($"!! NO MACHINE THAT WAS REACHED HOLDS {ClusterNodes.Second} (VI_2)\n").And.Contain("Connection refused"));
    }
}
