using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Inventory;

namespace ConfSync.Tests.Configuration;

/// <summary>keepalived's files read into a definition.</summary>
public sealed class ClusterImportTests
{
    private const string Two = "MEMBERS=\"peer1=10.99.3.11/eth0\n         peer2=10.99.3.12/eth0\"\n";
    private const string Three = "MEMBERS=\"peer1=10.99.3.11/eth0\n         peer2=10.99.3.12/eth0\n         peer3=10.99.3.13/eth0\"\n";
    private const string Pid = "looks for a process and requests nothing", Weight = "with a weight, a failure moves the addresses seconds later";

    private static IEnumerable<TestCaseData> Published()
    {
        yield return Case("active, passive", PublishedClusters.OfNginxPlus([101], [100]), $"{Two}VIRTUAL=\"VI_1=10.99.3.100:51:peer1,peer2\"\n", Pid, Weight);
        yield return Case("active, active", PublishedClusters.OfNginxPlus([101, 98], [100, 99]),
            $"{Two}VIRTUAL=\"VI_1=10.99.3.100:51:peer1,peer2\n         VI_2=10.99.3.101:61:peer2,peer1\"\n", Pid);
        // As it was published, two members have the priority 100.
        yield return Case("three active", PublishedClusters.OfNginxPlus([102, 90, 81], [100, 99, 80], [100, 91, 82]),
            $"{Three}VIRTUAL=\"VI_1=10.99.3.100:51:peer1,peer3,peer2\n         VI_2=10.99.3.101:61:peer2,peer3,peer1\n         VI_3=10.99.3.102:71:peer3,peer1,peer2\"\n",
            "VI_1 has the priority 200 on peer3 and on peer2: the higher address decides. The definition prefers peer3");
        yield return Case("with HAProxy", PublishedClusters.WithStoppingCheck, $"{Two}VIRTUAL=\"VI_1=10.99.3.100:62:peer1,peer2\"\nTRACK=\"nginx=http://127.0.0.1/\"\nPREEMPT=no\nAUTH='1111'\n",
            "peer1:/etc/keepalived/keepalived.conf:4: \"/etc/keepalived/check_nginx.sh\" stops keepalived, which is not there any more when nginx is back",
            "peer1:/etc/keepalived/keepalived.conf:15: keepalived ignores nopreempt in an instance with state MASTER",
            "peer2:/etc/keepalived/keepalived.conf:15: nopreempt, and check_nginx has a weight: where it fails, the addresses stay with their holder",
            "router_id is \"nginx\" on several members", Pid, Weight);
        yield return Case("by multicast", PublishedClusters.WithMulticast(101, "1111"), $"{Two}VIRTUAL=\"VI_1=10.99.3.100:51:peer1,peer2\"\n",
            "peer2:/etc/keepalived/keepalived.conf:1: VI_1 sends multicast, since it has no unicast_peer", "VI_1 has no check");
        yield return Case("by multicast, for HAProxy", PublishedClusters.WithMulticast(200, "pass1234"), "TRACK=\" \"\nAUTH='pass1234'\n", "VI_1 has no check");
        yield return Case("one file for all", PublishedClusters.WithOneFile,
            $"{Three}VIRTUAL=\"VI_1=10.99.3.100:51:peer1,peer2,peer3\"\nTRACK=\"nginx-sync-test=http://127.0.0.1:8080/health\"\n".Replace("nginx-sync-test", "chk", StringComparison.Ordinal));

        static TestCaseData Case(string name, ImmutableArray<KeepalivedSource> members, string text, params string[] problems) =>
            new TestCaseData(members, text, problems).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Published))]
    public void A_published_cluster_is_read_and_its_mistakes_are_named(ImmutableArray<KeepalivedSource> members, string text, string[] problems)
    {
        var imported = ImportedCluster.Of("/etc/nginx-sync.d/cluster.conf", members);

        Assert.That(imported.Cluster, Is.Not.Null, string.Join('\n', imported.Problems));
        Assert.That(imported.Text, Does.Contain(text));
        foreach (var problem in problems) Assert.That(string.Join('\n', imported.Problems), Does.Contain(problem));
        if (problems.Length == 0) Assert.That(imported.Problems, Is.Empty);
    }

    [TestCaseSource(nameof(Published))]
    public void What_is_made_from_it_has_the_same_order_addresses_and_IDs(ImmutableArray<KeepalivedSource> members, string text, string[] problems)
    {
        _ = (text, problems);
        var once = ImportedCluster.Of("cluster.conf", members);
        var again = ImportedCluster.Of("cluster.conf", [.. once.Cluster!.Members.Select((member, index) => PublishedClusters.Source(index, KeepalivedFiles.ConfigurationOf(once.Cluster, member)))]);

        Assert.That(Facts(again.Cluster!), Is.EqualTo(Facts(once.Cluster!)));
        Assert.That(again.Text, Is.EqualTo(once.Text));
        foreach (var (member, instance) in members.SelectMany(member => once.Cluster!.Instances, (member, instance) => (member, instance)))
        {
            var made = KeepalivedFiles.ConfigurationOf(once.Cluster!, once.Cluster!.Members.Single(one => one.Name == member.Name));
            Assert.That(made, Does.Contain($"vrrp_instance {instance.Name} {{").And.Contain($"virtual_router_id {instance.RouterId}\n").And.Contain($"{instance.Addresses[0]}\n"));
        }

        static IEnumerable<string> Facts(ClusterDefinition cluster) =>
        [
            .. cluster.Members.Select(member => $"{member.Name} {string.Join(' ', member.Addresses)} {member.Interface}"),
            .. cluster.Instances.Select(instance => $"{instance.Name} {string.Join(' ', instance.Addresses)} {instance.RouterId} {string.Join(' ', instance.Members)}"),
        ];
    }

    [Test]
    public void What_a_definition_has_no_variable_for_is_passed_through()
    {
        var imported = ImportedCluster.Of("cluster.conf", PublishedClusters.OfNginxPlus([101], [100]));

        Assert.That(imported.Cluster!.ExtraBlocks, Is.EqualTo("vrrp_script chk_manual_failover {\n    script \"/usr/lib/keepalived/nginx-ha-manual-failover\"\n    interval 10\n    weight 50\n}"));
        Assert.That(imported.Cluster.Instances[0].Extra, Is.EqualTo("accept\ngarp_master_refresh 5\nnotify \"/usr/lib/keepalived/nginx-ha-notify\"\ntrack_script {\n    chk_manual_failover\n}"));
        Assert.That(KeepalivedFiles.ConfigurationOf(imported.Cluster, imported.Cluster.Members[0]), Does.Contain("\nvrrp_script chk_manual_failover {\n").And.Contain("    track_script {\n        chk_manual_failover\n    }\n"));
    }

    private const string Plain = """
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          priority 100
          unicast_src_ip 10.99.3.SELF
          unicast_peer {
            10.99.3.PEER
          }
          virtual_ipaddress {
            10.99.3.100
          }
        }
        """;

    // Of the second member, except where both have it.
    [TestCase("priority 100", "priority 100", "peer1:/etc/keepalived/keepalived.conf:1: VI_1 has the priority 100 on peer2 and on peer1: the higher address decides. The definition prefers peer2")]
    [TestCase("  priority 100", "  state MASTER\n  priority 90", "state MASTER on peer1 too: both take the addresses at their start", true)]
    [TestCase("virtual_router_id 51", "virtual_router_id 52", "VI_1 has the router ID 51, and 52 on peer2: they do not hear each other, and both hold the addresses")]
    [TestCase("  virtual_router_id 51\n", "", "peer2:/etc/keepalived/keepalived.conf:1: VI_1 has no virtual_router_id: keepalived would end")]
    [TestCase("virtual_router_id 51", "virtual_router_id 256", "peer2:/etc/keepalived/keepalived.conf:3: \"256\" is no router ID from 1 to 255: keepalived would end")]
    [TestCase("  interface eth0\n", "", "VI_1 has no interface: keepalived would end")]
    [TestCase("priority 100", "priority 300", "peer2:/etc/keepalived/keepalived.conf:4: \"300\" is no priority from 1 to 255: keepalived takes 100")]
    [TestCase("priority 100", "priority 90\n  advert_int 2", "peer2:/etc/keepalived/keepalived.conf:5: advert_int is \"2\", and 1 in the definition")]
    [TestCase("priority 100", "priority 90\n  authentication {\n    auth_type PASS\n    auth_pass 1234\n  }", "VI_1 has another password than on peer1: they discard what the other one sends")]
    [TestCase("priority 100", "priority 90\n  authentication {\n    auth_type PASS\n    auth_pass 123456789\n  }", "peer2:/etc/keepalived/keepalived.conf:7: the password has more than 8 characters: keepalived cuts it")]
    [TestCase("10.99.3.100", "10.99.3.100\n    10.99.3.101", "VI_1 has other addresses than on peer2: they discard what the other one sends")]
    [TestCase("10.99.3.100", "10.99.3.100 dev eth1 label eth1:0", "\"dev eth1 label eth1:0\" behind 10.99.3.100 is not in the definition")]
    [TestCase("10.99.3.100", "10.99.3.300", "\"10.99.3.300\" is no IP address: keepalived drops the instance")]
    [TestCase("10.99.3.100", "10.99.3.12", "10.99.3.12 is peer2's own address", true)]
    [TestCase("unicast_src_ip 10.99.3.12", "unicast_src_ip 10.99.3.99", "unicast_src_ip 10.99.3.99 is no address of this machine: the instance would be in the state fault")]
    [TestCase("    10.99.3.11\n", "    10.99.3.12\n", "VI_1 does not have peer1 (10.99.3.11) in unicast_peer: that member does not hear it, and takes the addresses too")]
    [TestCase("    10.99.3.11\n", "    10.99.3.11\n    10.99.3.13\n", "10.99.3.13 is in unicast_peer of VI_1, and no file of that member was read")]
    [TestCase("VI_1", "VI_X", "VI_1 is called VI_X on peer2")]
    [TestCase("vrrp_instance VI_1", "global_defs {\n  reload_check_config /tmp/log\n}\nvrrp_instance VI_1", "peer2:/etc/keepalived/keepalived.conf:2: reload_check_config has a reload refused for any remark")]
    [TestCase("  priority 100", "  priority 90\n  track_script {\n    none\n  }", "there is no vrrp_script \"none\": keepalived checks nothing here")]
    [TestCase("vrrp_instance VI_1", "include gone.conf\nvrrp_instance VI_1", "peer2:/etc/keepalived/keepalived.conf:1: \"gone.conf\" is included, and is not there or was not read")]
    [TestCase("vrrp_instance VI_1 {", "vrrp_instance VI_1 {{", "a { is never closed")]
    [TestCase("priority 100", "priority 90 }\n}", "there is a } too many")]
    [TestCase("priority 100", "priority \"90", "a \" is never closed: keepalived would crash")]
    public void A_mistake_is_named_with_file_and_line(string old, string with, string problem, bool onBoth = false)
    {
        var texts = Enumerable.Range(0, 2).Select(member => Plain.Replace("SELF", $"{11 + member}", StringComparison.Ordinal).Replace("PEER", $"{12 - member}", StringComparison.Ordinal)).ToList();
        var first = onBoth ? texts[0].Replace(old, with, StringComparison.Ordinal) : texts[0];
        Assert.That(texts[1], Does.Contain(old));

        var imported = ImportedCluster.Of("cluster.conf", [PublishedClusters.Source(0, first), PublishedClusters.Source(1, texts[1].Replace(old, with, StringComparison.Ordinal))]);

        Assert.That(string.Join('\n', imported.Problems), Does.Contain(problem));
    }

    [Test]
    public void A_definition_that_lacks_an_address_says_where()
    {
        var members = PublishedClusters.WithMulticast(101, "1111").Select(member => member with { Addresses = [] }).ToList();

        var imported = ImportedCluster.Of("cluster.conf", members);

        Assert.That(imported.Cluster, Is.Null);
        Assert.That(imported.Text, Does.Contain("MEMBERS=\"peer1=ADDRESS/eth0\n"));
        Assert.That(string.Join('\n', imported.Problems), Does.Contain("cluster.conf:2: MEMBERS: \"ADDRESS\" is no IP address"));
    }
}
