using System.Collections.Immutable;
using System.Net;
using ConfSync.Inventory;

namespace ConfSync.Tests.Inventory;

/// <summary>Which addresses move, and who holds them.</summary>
public sealed class HeldAddressTests
{
    private static readonly ClusterDefinition Cluster = new(
        "/etc/nginx-sync.d/cluster.conf",
        [new ClusterMember("web1", [IPAddress.Parse("10.0.0.1")], "eth0"), new ClusterMember("web2", [IPAddress.Parse("10.0.0.2")], "eth0")],
        [new VirtualInstance("VI_1", [new VirtualAddress(IPAddress.Parse("10.0.0.100"), null)], 51, ["web1", "web2"], "")],
        [], Preempt: true, null, "");

    [Test]
    public void Those_of_the_definition_come_first_and_then_those_that_machines_name()
    {
        var held = HeldAddress.Of(Cluster,
        [
            Machine("10.0.0.1 10.0.0.100 10.0.0.101", ("VI_1", "10.0.0.100"), ("VI_2", "10.0.0.101")), null,
            Machine("10.0.0.3 10.0.0.101", ("other", "10.0.0.101 10.0.0.102")),
        ]);

        Assert.That(held.Select(Told), Is.EqualTo(["VI_1 10.0.0.100: 0", "VI_2 10.0.0.101: 0 2", "other 10.0.0.102:"]));
        Assert.That(HeldAddress.CountsOf(held, 3), Is.EqualTo([2, 0, 1]));
    }

    [Test]
    public void Without_a_definition_those_that_machines_name_are_all() =>
        Assert.That(HeldAddress.Of(null, [Machine("10.0.0.1"), Machine("10.0.0.9", ("VI_1", "10.0.0.9"))]).Select(Told), Is.EqualTo(["VI_1 10.0.0.9: 1"]));

    private static string Told(HeldAddress held) => $"{held.Instance} {held.Address}:{string.Concat(held.Holders.Select(index => $" {index}"))}";

    private static MachineRoles Machine(string addresses, params (string Name, string Addresses)[] instances) => new(
        KeepalivedPresence.Running, [.. Parsed(addresses)],
        [.. instances.Select(instance => new ConfiguredInstance(instance.Name, Parsed(instance.Addresses), null))]);

    private static ImmutableArray<IPAddress> Parsed(string addresses) => [.. addresses.Split(' ').Select(IPAddress.Parse)];
}
