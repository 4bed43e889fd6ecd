using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>What the tests of clusters say to nodes, and ask them.</summary>
internal static class ClusterNodes
{
    public const string Definition = "/etc/nginx-sync.d/cluster.conf";

    /// <summary>The first address prefers the first peer and the second one the second.</summary>
    public const string First = "10.99.200.1", Second = "10.99.200.2";

    /// <summary>Makes the first two peers a cluster, and returns when each has its address.</summary>
    /// <param name="settings">Further lines of the configuration file.</param>
    public static async Task StartClusterAsync(this Lab lab, params string[] settings)
    {
        lab.Pushes("/etc/nginx/conf.d /etc/keepalived", ["EXPECT_RUNNING=nginx", .. settings]);
        lab.Primary.Write("/etc/keepalived/here", "# keeps the directory\n");
        lab.Primary.Write(Definition, $"""
            MEMBERS="one={lab.Peers[0].Address}/eth0 two={lab.Peers[1].Address}/eth0"
            VIRTUAL="VI_1={First}:51:one,two VI_2={Second}:61:two,one"

            """);
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers.Take(2)) await peer.ShAsync("start-services");
        await lab.Peers[0].HoldsAsync(First);
        await lab.Peers[1].HoldsAsync(Second);
        // At a common start one machine may have both for a moment.
        await lab.Peers[0].HoldsAsync(Second, isHeld: false);
        await lab.Peers[1].HoldsAsync(First, isHeld: false);
        // From now on it is known what keepalived has read.
        await lab.Primary.PushedAsync();
    }

    /// <summary>Returns when the node has the address, or has it no more.</summary>
    public static Task HoldsAsync(this Node node, string address, bool isHeld = true) => Eventually.TrueAsync(
        async () => await node.HasAsync(address) == isHeld, $"{node.Name} {(isHeld ? "has" : "does not have")} {address}");

    public static async Task<bool> HasAsync(this Node node, string address) =>
        (await node.RunAsync("ip", "-o", "addr")).OutIfSuccessful.Contains($" {address}/", StringComparison.Ordinal);
}
