using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>A push that goes on only on the machine that holds the virtual address.</summary>
public sealed class IfHolderTests
{
    [Test]
    public async Task Only_the_machine_that_holds_the_address_pushes_and_the_others_end_with_0()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Pushes("/etc/nginx/conf.d");
        lab.Primary.WriteSite("new");
        var unknown = await lab.Primary.PushAsync("--if-holder");
        Assert.That(unknown.ExitCode, Is.EqualTo(1), unknown.ToString());
        Assert.That(unknown.Err, Is.EqualTo($"nginx-sync: no virtual address is known here: there is no {ClusterNodes.Definition}, and keepalived of this machine names none\n"));

        Share(lab.Primary, peer, 101);
        Share(peer, lab.Primary, 100);
        foreach (var node in (Node[])[lab.Primary, peer]) await node.ShAsync("start-services");
        await lab.Primary.HoldsAsync(ClusterNodes.First);
        await peer.HoldsAsync(ClusterNodes.First, isHeld: false);
        Assert.That((await lab.Primary.PushAsync("--if-holder=VI_1")).OutIfSuccessful, Does.Contain("it serves it."));

        lab.Primary.WriteSite("newer");
        await lab.Primary.ShAsync("kill $(cat /run/keepalived.pid)");
        await peer.HoldsAsync(ClusterNodes.First);
        var elsewhere = await lab.Primary.PushAsync("--if-holder");
        Assert.That(elsewhere.ToString(), Is.EqualTo(new Outcome(0, $"nginx-sync: this machine does not hold {ClusterNodes.First} (VI_1); {peer.Address} does. Nothing was done.\n", "").ToString()));
        lab.Pushes("/etc/nginx/conf.d", "PRIMARY_IS_HOLDER=yes", "ON_FINISH=\"touch /finished\"");
        var quiet = await lab.Primary.PushAsync("-q");
        Assert.That(quiet.ToString(), Is.EqualTo(new Outcome(0, "", "").ToString()));
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(lab.Primary.Exists("/finished"), Is.False, "nothing was to be told");

        var other = await lab.Primary.PushAsync("--if-holder=VI_9");
        Assert.That((other.ExitCode, other.Err), Is.EqualTo((1, "nginx-sync: there is no instance VI_9: there are VI_1\n")));
    }

    [Test]
    public async Task An_address_that_a_dead_keepalived_has_left_behind_does_not_count()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes("/etc/nginx/conf.d", "PRIMARY_IS_HOLDER=VI_1");
        lab.Primary.WriteSite("new");
        Share(lab.Primary, lab.Peers[0], 101);
        await lab.Primary.ShAsync("start-services");
        await lab.Primary.HoldsAsync(ClusterNodes.First);
        await lab.Primary.ShAsync("kill -9 $(pidof keepalived)");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.StartWith($"nginx-sync: this machine has {ClusterNodes.First} (VI_1) and its keepalived does not hold it"));
        Assert.That(lab.Peers[0].Exists("/etc/nginx/conf.d/site.conf"), Is.False);
    }

    private static void Share(Node node, Node other, int priority) => node.Write("/etc/keepalived/keepalived.conf", $$"""
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          priority {{priority}}
          unicast_src_ip {{node.Address}}
          unicast_peer {
            {{other.Address}}
          }
          virtual_ipaddress {
            {{ClusterNodes.First}}
          }
        }

        """);
}
