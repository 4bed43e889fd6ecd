using System.Collections.Immutable;
using System.Net;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Transport;

namespace ConfSync.Tests.Reports;

/// <summary>How it is said which machine holds which address.</summary>
public sealed class RolesTextTests
{
    [Test]
    public void What_is_wrong_comes_first_and_the_loudest_of_it_at_the_top() => Assert.That(string.Join('\n', RolesText.Lines(Roles(), quiet: false)), Is.EqualTo("""
        !! TWO MACHINES HOLD 10.0.0.100 (VI_1): one (this primary), two (web2)
        !! NO MACHINE THAT WAS REACHED HOLDS 10.0.0.101 (VI_2)
        one (this primary): keepalived says that it is master of VI_2, and 10.0.0.101 is not there: restart keepalived there, or fail over
        two (web2): keepalived does not run there, and it has 10.0.0.100 all the same: start keepalived there, or remove the address with ip addr del
        web3: could not be asked (NS-2016):
            no \x1b route
        web4: VI_1 is in the state fault, so it cannot take over
        five: it is in cluster.conf and not in NODES, and was not looked at

        INSTANCE  ADDRESS     HELD BY
        VI_1      10.0.0.100  one (this primary), two (web2)
        VI_2      10.0.0.101  -

        MACHINE             KEEPALIVED  HOLDS  INSTANCES
        one (this primary)  running     1      VI_1 master, VI_2 master
        two (web2)          stopped     1      -
        web3                -           -      -
        web4                running     0      VI_1 fault

        3 machines looked at: 1 virtual address without a holder, 1 virtual address with several holders; not all machines could be asked.
        """));

    [Test]
    public void Where_all_is_well_it_says_so_and_nothing_quietly()
    {
        Assert.That(RolesText.Lines(Well(), quiet: false).Last(), Is.EqualTo("1 machine looked at: every virtual address has one holder."));
        Assert.That(RolesText.Lines(Well(), quiet: true), Is.Empty);
        Assert.That((Well().IsComplete, Well().EachIsHeldOnce, Well().EachIsReady), Is.EqualTo((true, true, true)));
    }

    [Test]
    public void Where_nothing_names_an_address_that_is_said()
    {
        var none = Well() with { Addresses = [] };
        Assert.That(none.EachIsHeldOnce, Is.False);
        Assert.That(RolesText.Lines(none, quiet: true).Single(), Does.StartWith("No virtual address is known"));
        Assert.That(RolesText.Total(none), Is.EqualTo("1 machine looked at: no virtual address is known."));
    }

    [Test]
    public void The_document_is_as_the_schema_says()
    {
        Assert.That(DocumentSchema.ProblemsOf(Document(), "cluster"), Is.Empty);
        Assert.That(DocumentSchema.IsOne(Document()));
        Assert.That(DocumentSchema.ProblemsOf(Document().Replace("\"fault\"", "\"lost\"", StringComparison.Ordinal), "cluster"), Is.Not.Empty);
    }

    internal static string Document() => RolesJson.Write(Documents.Head(DocumentKind.Cluster, RunResult.Incomplete, 2), Roles());

    private static ClusterRoles Well()
    {
        var machine = Machine(SampleNodes.Of("web1"), null, Said("10.0.0.1 10.0.0.100", ("VI_1", "10.0.0.100", VrrpState.Master)));
        return new ClusterRoles(DateTimeOffset.UnixEpoch, TimeSpan.Zero, [machine], HeldAddress.Of(null, [machine.Roles]), []);
    }

    private static ClusterRoles Roles()
    {
        ImmutableArray<MachineInCluster> machines =
        [
            Machine(null, "one", Said("10.0.0.1 10.0.0.100", ("VI_1", "10.0.0.100", VrrpState.Master), ("VI_2", "10.0.0.101", VrrpState.Master))),
            Machine(SampleNodes.Of("web2"), "two", Said("10.0.0.2 10.0.0.100") with { Keepalived = KeepalivedPresence.Stopped }),
            Machine(SampleNodes.Of("web3"), null, null) with { Failure = new LookFailure.Said("no \e route", PeerFailure.Connect, TransportFailure.NoRoute) },
            Machine(SampleNodes.Of("web4"), null, Said("10.0.0.4", ("VI_1", "10.0.0.100", VrrpState.Fault))),
        ];
        return new ClusterRoles(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1.5), machines, HeldAddress.Of(null, [.. machines.Select(machine => machine.Roles)]), ["five"]);
    }

    private static MachineInCluster Machine(Node? node, string? member, MachineRoles? said) => new(node, member, said, null, TimeSpan.Zero);

    private static MachineRoles Said(string addresses, params (string Name, string Address, VrrpState State)[] instances) => new(
        KeepalivedPresence.Running, [.. addresses.Split(' ').Select(IPAddress.Parse)],
        [.. instances.Select(instance => new ConfiguredInstance(instance.Name, [IPAddress.Parse(instance.Address)], instance.State))]);
}
