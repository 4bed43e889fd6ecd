using System.Net;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>What the script tells of a machine's addresses, and what is read of it.</summary>
public sealed class RolesTests
{
    [Test]
    public void What_a_machine_says_is_read()
    {
        var roles = Read(
            new Answer("keepalived", ["77"], ""), new Answer("address", ["10.0.0.1"], ""), new Answer("address", ["fe80::1"], ""),
            Text("instances", "vrrp_instance VI_1 \n10.0.0.100\n10.0.0.101\nvrrp_instance \"VI-2\"\nFE80::100"),
            Text("states", "instance VI_1\nstate MASTER\nstate FAULT\ninstance VI-2\nstate unheard of\nstate BACKUP"));

        Assert.That(roles.Keepalived, Is.EqualTo(KeepalivedPresence.Running));
        Assert.That(roles.Addresses, Is.EquivalentTo(Addresses("10.0.0.1", "fe80::1")));
        Assert.That(roles.Instances.Select(instance => (instance.Name, instance.State)), Is.EqualTo([("VI_1", (VrrpState?)VrrpState.Master), ("VI-2", VrrpState.Backup)]));
        Assert.That(roles.Instances.Select(instance => instance.Addresses), Is.EqualTo([Addresses("10.0.0.100", "10.0.0.101"), Addresses("fe80::100")]));
        Assert.That(Read(new Answer("keepalived", ["-"], "")), Has.Property("Keepalived").EqualTo(KeepalivedPresence.Stopped).And.Property("AreAddressesKnown").False);
        Assert.That(Read(new Answer("keepalived", ["unknown"], "")).Keepalived, Is.EqualTo(KeepalivedPresence.Unknown));
    }

    [Test]
    public void Of_a_text_that_was_shortened_the_first_line_does_not_count() => Assert.That(
        Read(new Answer("keepalived", ["-"], ""), Text("instances", "[the first 20000 bytes are left out] \u2026.0.0.1\nvrrp_instance VI_9\n10.0.0.9")).Instances.Single().Name,
        Is.EqualTo("VI_9"));

    [TestCase("address", "10.0.0")]
    [TestCase("address", "0x7f.1.1.1")]
    [TestCase("address", "10.0.0.1\e[2J")]
    [TestCase("address", "fe80::1%eth0")]
    [TestCase("address", "")]
    [TestCase("keepalived", "1 2")]
    [TestCase("keepalived", "\e[2J")]
    [TestCase("instances", "vrrp_instance a\e[2J")]
    [TestCase("instances", "vrrp_instance $(reboot)")]
    [TestCase("instances", "auth_pass secret")]
    public void Words_of_another_form_are_refused(string kind, string word) => Assert.That(
        () => new RolesReader().Add(kind == "instances" ? Text(kind, word) : new Answer(kind, [word], "")), Throws.TypeOf<ProtocolException>());

    [Test]
    public void An_answer_without_keepalived_is_none() => Assert.That(() => new RolesReader().Roles, Throws.TypeOf<ProtocolException>());

    [Test]
    public void The_script_tells_the_addresses_of_this_machine([ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        var said = RealShell.Ask(shell, ConversationMode.Roles, "roles");
        Assert.That(said, Does.Contain("\nkeepalived ").And.Contain("\naddress 127.0.0.1\n").And.Contain("\ntext instances ").And.Contain("\nok roles\n"));
    }

    // A password is told of no configuration, wherever its braces and blanks are.
    [Test]
    public void Of_a_configuration_the_instances_and_their_addresses_are_told(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                global_defs { router_id 10.9.9.9 }
                vrrp_instance VI_1 {   # the first
                  unicast_peer {
                    10.0.0.3
                  }
                  authentication {
                    auth_type PASS
                    auth_pass 10.8{8.8 }
                  }
                  virtual_ipaddress {
                    10.0.0.100/24 dev eth0 label eth0:1
                    ! 10.0.0.101
                  }
                  virtual_ipaddress_excluded { fe80::100 }
                }
                vrrp_instance VI_2 {
                  virtual_ipaddress { ::5 }
                  track_script { 10.0.0.7 }
                }
                """);
            Assert.That(
                RealShell.Evaluate(shell, ConversationMode.Roles, $"instances_in <{file}").Replace(" \n", "\n", StringComparison.Ordinal),
                Is.EqualTo("vrrp_instance VI_1\n10.0.0.100\nfe80::100\nvrrp_instance VI_2\n::5\n"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void What_moves_addresses_is_read_with_its_number()
    {
        var states = "instance VI_1\nstate MASTER\nplaced vrrp.VI_1 60\nplaced vrrp-drained -99\nplaced vrrp.x 1000000\nplaced other 7\n";

        var roles = Read(new Answer("keepalived", ["7"], ""), Text("states", states), new Answer("address", ["127.0.0.1"], ""));

        Assert.That(roles.Placed.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}"), Is.EqualTo(["vrrp-drained -99", "vrrp.VI_1 60"]));
    }

    [Test]
    public void A_name_or_a_number_that_is_none_is_refused_and_nothing_is_written([ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        foreach (var words in (string[])["vrrp.VI_1 1000", "vrrp.VI_1 --1", "vrrp.VI_1 01", "vrrp.../x 1", "vrrp.%0Ax 1", "vrrp. 1", "other 1", "vrrp-drained x", "vrrp-drained"])
        {
            Assert.That(RealShell.Ask(shell, ConversationMode.Place, $"place {words}", "ping"), Does.Contain("fail protocol ").And.Not.Contain("ok "), words);
        }
    }

    private static Answer Text(string kind, string text) => new("text", [kind, $"{text.Length}"], text);

    private static IPAddress[] Addresses(params string[] texts) => [.. texts.Select(IPAddress.Parse)];

    private static MachineRoles Read(params Answer[] answers)
    {
        var reader = new RolesReader();
        foreach (var answer in answers) reader.Add(answer);
        return reader.Roles;
    }
}
