using ConfSync.Configuration;
using ConfSync.Inventory;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

/// <summary>cluster.conf, and what is made from it. The real keepalived judges the files.</summary>
public sealed class ClusterTests
{
    private const string Pair =
        """
        MEMBERS="web1=127.0.0.1/lo web2=192.0.2.12/lo"
        VIRTUAL="VI_1=192.0.2.100:51:web1,web2
                 VI_2=192.0.2.101:61:web2,web1"
        """;

    // What a file of keepalived holds is checked by keepalived itself, which is a part of the lab.
    private const string Keepalived = "/usr/sbin/keepalived";

    // keepalived looks whether it is there, and takes no loopback.
    private static string Interface => Directory.EnumerateDirectories("/sys/class/net").Select(path => Path.GetFileName(path)).First(name => name != "lo");

    [Test]
    public void Members_get_distinct_priorities_and_each_other_as_peers()
    {
        var cluster = ReadCluster(Pair);

        var first = KeepalivedFiles.ConfigurationOf(cluster, cluster.Members[0]);
        var second = KeepalivedFiles.ConfigurationOf(cluster, cluster.Members[1]);

        Assert.That(Numbers(first, "priority"), Is.EqualTo(["101", "100"]));
        Assert.That(Numbers(second, "priority"), Is.EqualTo(["100", "101"]));
        Assert.That(Numbers(first, "virtual_router_id"), Is.EqualTo(["51", "61"]));
        Assert.That(first, Does.Contain("router_id web1").And.Contain("unicast_src_ip 127.0.0.1").And.Not.Contain("nopreempt").And.Not.Contain("state MASTER"));
        Assert.That(second, Does.Contain("unicast_peer {\n        127.0.0.1\n    }"));
    }

    [Test]
    public void A_file_knows_whether_it_was_edited()
    {
        var cluster = ReadCluster(Pair);
        var text = KeepalivedFiles.ConfigurationOf(cluster, cluster.Members[0]);

        Assert.That(KeepalivedFiles.IsEdited(text), Is.False);
        Assert.That(KeepalivedFiles.IsEdited(text.Replace("priority 101", "priority 90", StringComparison.Ordinal)), Is.True);
        Assert.That(KeepalivedFiles.IsEdited("global_defs {\n}\n"), Is.Null);
    }

    [TestCase("")]
    [TestCase("PREEMPT=no AUTH=s3cret")]
    [TestCase("TRACK='nginx haproxy=http://127.0.0.1:8000/health'")]
    [TestCase("TRACK=' ' EXTRA_GLOBAL_DEFS='vrrp_garp_master_refresh 60' EXTRA_VI_1='garp_master_delay 2\ndebug 0' EXTRA='vrrp_sync_group G {\n  group {\n    VI_1\n    VI_2\n  }\n}'")]
    public async Task Keepalived_takes_every_file_without_a_word(string more)
    {
        var cluster = ReadCluster($"{Pair}\n{more}");
        foreach (var member in cluster.Members) await EnsureTakenAsync(KeepalivedFiles.ConfigurationOf(cluster, member));
    }

    [Test]
    public async Task Keepalived_takes_the_file_of_a_cluster_with_both_families()
    {
        var cluster = ReadCluster(
            """
            MEMBERS="web1=127.0.0.1,::1/lo web2=192.0.2.12,2001:db8::12/lo"
            VIRTUAL="VI_4=192.0.2.100,192.0.2.101/24:51:web1,web2 VI_6=2001:db8::100,[2001:db8::101]/64:51:web2,web1"
            """);

        Assert.That(cluster.Instances[1].Addresses.Select(address => address.ToString()), Is.EqualTo(["2001:db8::100", "2001:db8::101/64"]));
        await EnsureTakenAsync(KeepalivedFiles.ConfigurationOf(cluster, cluster.Members[0]));
    }

    [TestCase("VIRTUAL=VI_1=192.0.2.100:51:web1,web2", "MEMBERS is not set: write MEMBERS=\"web1=192.0.2.11/eth0 web2=192.0.2.12/eth0\"")]
    [TestCase("MEMBERS='web1=192.0.2.11/eth0 web2=192.0.2.300/eth0' VIRTUAL=VI_1=192.0.2.100:51:web1,web2", "1: MEMBERS: \"192.0.2.300\" is no IP address")]
    [TestCase("MEMBERS='web1=192.0.2.11'", "1: MEMBERS: \"web1=192.0.2.11\" is not NAME=ADDRESS/INTERFACE, such as web1=192.0.2.11/eth0")]
    [TestCase("{two}\nVIRTUAL=VI_1=192.0.2.100:256:web1,web2", "2: VIRTUAL: VI_1: the ID 256 is not a number from 1 to 255")]
    [TestCase("{two}\nVIRTUAL=VI_1=192.0.2.100:51:web1,web3", "2: VIRTUAL: VI_1: web3 is not in MEMBERS")]
    [TestCase("{two}\nVIRTUAL='VI_1=192.0.2.100:51:web1,web2 VI_2=192.0.2.101:51:web1,web2'", "2: VIRTUAL: VI_2 has the ID 51 of VI_1: keepalived would end")]
    [TestCase("{two}\nVIRTUAL='VI_1=192.0.2.100:51:web1,web2 VI_2=192.0.2.100:61:web1,web2'", "2: VIRTUAL: 192.0.2.100 is in VI_1 as well")]
    [TestCase("{two}\nVIRTUAL=VI_1=192.0.2.12:51:web1,web2", "2: VIRTUAL: 192.0.2.12 is web2's own address: an address that moves must be nobody's own")]
    [TestCase("{two}\nVIRTUAL=VI_1=2001:db8::1:51:web1,web2", "2: VIRTUAL: VI_1: web1 has no address of that family in MEMBERS")]
    [TestCase("{two}\nVIRTUAL=VI_1=192.0.2.100:51:web1,web2\nAUTH=ninechars", "3: AUTH: a password of VRRP has one to 8 letters, digits and . _ -: keepalived cuts what is longer")]
    [TestCase("{two}\nVIRTUAL=VI_1=192.0.2.100:51:web1,web2\nTRACK=haproxy", "3: TRACK: haproxy: say what to request: haproxy=http://127.0.0.1:PORT/")]
    [TestCase("{two}\nVIRTUAL=VI_1=192.0.2.100:51:web1,web2\nVIRTUEL=x", "3: VIRTUEL is no variable of a cluster: there are MEMBERS, VIRTUAL, TRACK, PREEMPT, AUTH, EXTRA_GLOBAL_DEFS, EXTRA and EXTRA_INSTANCE")]
    public void A_mistake_is_named_with_its_line(string text, string problem)
    {
        var (cluster, problems) = new ClusterReader(FileName, Assignments(text.Replace("{two}", "MEMBERS='web1=192.0.2.11/eth0 web2=192.0.2.12/eth0'", StringComparison.Ordinal))).Read();

        Assert.That(cluster, Is.Null);
        Assert.That(problems.Select(found => found.ToString()[(FileName.Length + 1)..].TrimStart()), Does.Contain(problem));
    }

    private static ClusterDefinition ReadCluster(string text)
    {
        var (cluster, problems) = new ClusterReader(FileName, Assignments(text)).Read();
        Assert.That(problems, Is.Empty);
        return cluster!;
    }

    private static string[] Numbers(string text, string keyword) =>
        [.. text.Split('\n').Select(line => line.Trim().Split(' ')).Where(words => words[0] == keyword).Select(words => words[1])];

    // The exit status says nothing, as a file that keepalived ends with may have another problem. No line is good.
    private static async Task EnsureTakenAsync(string text)
    {
        if (!File.Exists(Keepalived)) Assert.Ignore("There is no keepalived here.");
        var directory = Directory.CreateTempSubdirectory("nginx-sync-keepalived-");
        try
        {
            var (file, check) = ($"{directory.FullName}/keepalived.conf", $"{directory.FullName}/check");
            await File.WriteAllTextAsync(check, KeepalivedFiles.Check);
            File.SetUnixFileMode(check, (UnixFileMode)0b111_101_101);
            await File.WriteAllTextAsync(file, text.Replace(KeepalivedFiles.CheckPath, check, StringComparison.Ordinal)
                .Replace("interface lo\n", $"interface {Interface}\n", StringComparison.Ordinal));
            var (status, output, error) = await Programs.RunAsync(Keepalived, ["-t", "-f", file], []);
            Assert.That((status, output + error), Is.EqualTo((0, "")), text);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
