using System.Collections.Immutable;
using System.Net;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>When a push looks again whether an address has one holder.</summary>
public sealed class HoldersBeforeTests
{
    private static readonly ImmutableArray<Node> Nodes = [.. new[] { "web1", "web2", "web3" }.Select(SampleNodes.Of)];

    private static readonly SyncConfig Config = new("/etc/nginx-sync.conf") { Nodes = Nodes, Order = NodeOrder.Roles };

    private static readonly SyncConfig Defined = Config with
    {
        PerNode = new NodeDirectory("/etc/nginx-sync.d")
        {
            Cluster = new ClusterDefinition(
                "/etc/nginx-sync.d/cluster.conf",
                [new ClusterMember("web1", [IPAddress.Parse("10.0.0.1")], "eth0"), new ClusterMember("web2", [IPAddress.Parse("10.0.0.2")], "eth0")],
                [new VirtualInstance("VI_1", [new VirtualAddress(IPAddress.Parse("10.0.0.100"), null)], 51, ["web1", "web2"], "")], [], Preempt: true, null, ""),
        },
    };

    private static readonly MachineRoles Holder = Machine(true), Backup = Machine(false), Stopped = Machine(false) with { Keepalived = KeepalivedPresence.Stopped };

    [Test]
    public void Several_holders_are_always_looked_at_again()
    {
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes, [Holder, null, Stopped with { Addresses = Holder.Addresses }]), Is.True);
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes, [Backup, Holder, Backup]), Is.False);
    }

    [Test]
    public void That_none_has_it_says_something_only_where_all_have_told_and_keepalived_runs_somewhere()
    {
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes, [Backup, Backup, Stopped]), Is.True);
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes, [Backup, Backup, null]), Is.False, "this one may have it");
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes, [Backup, Backup, Backup with { Addresses = [] }]), Is.False, "this one does not tell");
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes[..2], [Backup, Backup]), Is.False, "the third one was not asked");
        Assert.That(HoldersBefore.IsSuspect(Config, Nodes, [Stopped, Stopped, Stopped]), Is.False, "nothing is set up yet");
    }

    [Test]
    public void With_a_definition_its_members_are_all()
    {
        Assert.That(HoldersBefore.IsSuspect(Defined, Nodes[..2], [Backup, Backup]), Is.True);
        Assert.That(HoldersBefore.IsSuspect(Defined, Nodes[1..], [Backup, Backup]), Is.False, "web1 was not asked");
    }

    private static MachineRoles Machine(bool holds)
    {
        var address = IPAddress.Parse("10.0.0.100");
        return new MachineRoles(KeepalivedPresence.Running, holds ? [IPAddress.Loopback, address] : [IPAddress.Loopback], [new ConfiguredInstance("VI_1", [address], null)]);
    }
}
