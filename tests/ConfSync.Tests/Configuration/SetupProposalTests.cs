using System.Collections.Immutable;
using System.Net;
using ConfSync.Configuration;
using ConfSync.Inventory;

namespace ConfSync.Tests.Configuration;

/// <summary>The definition of a new cluster.</summary>
public sealed class SetupProposalTests
{
    private static readonly ImmutableArray<ProposedMember> Three = [Member("web1", 11), Member("web2", 12), Member("web3", 13)];

    [Test]
    public void Each_address_prefers_another_member_unless_one_is_named()
    {
        var proposed = SetupProposal.Of("cluster.conf", Three, ["192.0.2.100", "192.0.2.101,192.0.2.102/24", "192.0.2.103=web3,web1"], null, preempt: true);

        Assert.That(proposed.Problems, Is.Empty);
        Assert.That(proposed.Text, Does.Contain("""
            VIRTUAL="VI_1=192.0.2.100:51:web1,web2,web3
                     VI_2=192.0.2.101,192.0.2.102/24:61:web2,web3,web1
                     VI_3=192.0.2.103:71:web3,web1,web2"
            TRACK="nginx=http://127.0.0.1/"
            """));
        Assert.That(proposed.Cluster!.Preempt, Is.True);
    }

    [Test]
    public void What_the_user_says_of_checks_and_of_coming_back_is_in_it()
    {
        var proposed = SetupProposal.Of("cluster.conf", Three, ["192.0.2.100"], "haproxy=http://127.0.0.1:8000/", preempt: false);

        Assert.That(proposed.Cluster!.Preempt, Is.False);
        Assert.That(proposed.Cluster.Track, Is.EqualTo([new TrackedService("haproxy", "http://127.0.0.1:8000/")]));
        Assert.That(proposed.Text, Is.EqualTo(ClusterText.Of(proposed.Cluster)));
    }

    [TestCase("192.0.2.300", "is no IP address")]
    [TestCase("192.0.2.12", "is web2's own address")]
    [TestCase("192.0.2.100=web4", "web4 is not in MEMBERS")]
    [TestCase("2001:db8::1", "web1 has no address of that family in MEMBERS")]
    [TestCase("192.0.2.100\" AUTH=\"x", "")]
    public void What_is_wrong_is_said(string wanted, string problem)
    {
        var proposed = SetupProposal.Of("cluster.conf", Three, [wanted], null, preempt: true);

        Assert.That(proposed.Cluster, Is.Null);
        Assert.That(string.Join('\n', proposed.Problems), Does.Contain(problem).And.Not.Empty);
    }

    [TestCase("10.0.0.11", "10.0.0.11/eth1")]
    [TestCase("web1", "192.0.2.11/eth0")]
    [TestCase(null, "192.0.2.11/eth0")]
    public void The_likeliest_address_is_the_one_by_which_a_machine_is_reached(string? host, string expected)
    {
        var setup = new MachineSetup("web1", KeepalivedPresence.Stopped, HasProgram: true, "eth0",
            [Link("lo", "127.0.0.1"), Link("eth1", "10.0.0.11"), Link("eth0", "192.0.2.100"), Link("eth0", "192.0.2.11"), Link("eth0", "fe80::1")]);

        var found = setup.Likeliest(host, new HashSet<IPAddress> { IPAddress.Parse("192.0.2.100") })!;

        Assert.That($"{found.Address}/{found.Link}", Is.EqualTo(expected));
    }

    private static MachineLink Link(string name, string address) => new(name, IPAddress.Parse(address), 24);

    private static ProposedMember Member(string name, int host) => new(name, IPAddress.Parse($"192.0.2.{host}"), "eth0");
}
