using ConfSync.Inventory;

namespace ConfSync.Tests.Inventory;

public sealed class NodeAddressTests
{
    [TestCase("192.0.2.11", null, "192.0.2.11", null)]
    [TestCase("peer.example.com", null, "peer.example.com", null)]
    [TestCase("my_alias-2", null, "my_alias-2", null)]
    [TestCase("web#1", null, "web#1", null)]
    [TestCase("bücher.example", null, "bücher.example", null)]
    [TestCase("root@peer", "root", "peer", null)]
    [TestCase("peer:2222", null, "peer", 2222)]
    [TestCase("deploy@peer:65535", "deploy", "peer", 65535)]
    [TestCase("ada@example.com@peer", "ada@example.com", "peer", null)]
    [TestCase("CORP\\ada@peer", "CORP\\ada", "peer", null)]
    [TestCase("::1", null, "::1", null)]
    [TestCase("[::1]", null, "::1", null)]
    [TestCase("[::1]:22", null, "::1", 22)]
    [TestCase("root@[2001:db8::1]:22", "root", "2001:db8::1", 22)]
    [TestCase("fe80::1%eth0", null, "fe80::1%eth0", null)]
    [TestCase("[fe80::1%eth0.5]:22", null, "fe80::1%eth0.5", 22)]
    [TestCase("2001:db8:1:2:3:4:5:6", null, "2001:db8:1:2:3:4:5:6", null)]
    [TestCase("2001:db8:0:1::22", null, "2001:db8:0:1::22", null)]
    [TestCase("2001:db8::a:beef", null, "2001:db8::a:beef", null)]
    [TestCase("::ffff:192.0.2.1", null, "::ffff:192.0.2.1", null)]
    public void A_node_has_a_host_and_perhaps_a_user_and_a_port(string text, string? user, string host, int? port)
    {
        Assert.That(NodeAddress.TryParse(text, out var node, out var problem), Is.True, problem);
        Assert.That((node!.User, node.Host, node.Port), Is.EqualTo((user, host, port)));
    }

    [TestCase("-oProxyCommand=reboot", "a host cannot begin with -: ssh would take it for an option")]
    [TestCase("root@-oProxyCommand=reboot", "a host cannot begin with -: ssh would take it for an option")]
    [TestCase("-l@peer", "a user cannot begin with -: ssh would take it for an option")]
    [TestCase("", "the host is missing")]
    [TestCase("root@", "the host is missing")]
    [TestCase("@peer", "the user is missing before the @")]
    [TestCase(":22", "the host is missing")]
    [TestCase("peer:", "a port is a number from 1 to 65535")]
    [TestCase("peer:0", "a port is a number from 1 to 65535")]
    [TestCase("peer:65536", "a port is a number from 1 to 65535")]
    [TestCase("peer:+22", "a port is a number from 1 to 65535")]
    [TestCase("peer:22x", "a port is a number from 1 to 65535")]
    [TestCase("ssh://peer", "a port is a number from 1 to 65535")]
    [TestCase("::1:22", "this can be read in two ways: write [::1]:22 or [::1:22]")]
    [TestCase("2001:db8:1:2:3:4:5:6:22", "this is no IPv6 address; one with a port is written [::1]:22")]
    [TestCase("peer:22:22", "this is no IPv6 address; one with a port is written [::1]:22")]
    [TestCase("[::1", "the [ is never closed")]
    [TestCase("[peer]:22", "brackets are for an IPv6 address, as in [::1]:22")]
    [TestCase("[::1]22", "after ] only a port can follow, as in [::1]:22")]
    [TestCase("[::1]:", "a port is a number from 1 to 65535")]
    [TestCase("fe80::1%", "this is no IPv6 address; one with a port is written [::1]:22")]
    [TestCase("fe80::1%$(reboot)", "this is no IPv6 address; one with a port is written [::1]:22")]
    [TestCase("#", "a # in quotes begins no comment: write it behind the closing quote, or on a line of its own")]
    [TestCase("192.0.2.256", "this is no IPv4 address")]
    [TestCase("a b", "a host cannot hold a space")]
    [TestCase("a\tb", "a host cannot hold the character \\x09")]
    [TestCase("a\u001bb", "a host cannot hold the character \\x1b")]
    [TestCase("a\u00a0b", "a host cannot hold the character \u00a0")]
    [TestCase("“peer”", "a host cannot hold the character “")]
    [TestCase("peer,peer2", "a host cannot hold the character ,: separate hosts with blanks")]
    [TestCase("a/b", "a host cannot hold the character /")]
    [TestCase("a$b", "a host cannot hold the character $")]
    [TestCase("a;b", "a host cannot hold the character ;")]
    [TestCase("a`b", "a host cannot hold the character `")]
    [TestCase("a|b@peer", "a user cannot hold the character |")]
    [TestCase("a b@peer", "a user cannot hold a space")]
    [TestCase("root:secret@peer", "a user cannot hold the character :")]
    [TestCase("ada\\@peer", "a user cannot end with \\\\")]
    public void What_is_no_node_is_refused(string text, string expected)
    {
        Assert.That(NodeAddress.TryParse(text, out var node, out var problem), Is.False);
        Assert.That(problem, Is.EqualTo(expected));
        Assert.That(node, Is.Null);
    }

    // A lone surrogate cannot be written into an attribute.
    [Test]
    public void A_byte_that_is_not_text_is_refused() =>
        What_is_no_node_is_refused("a\uDC80b", "a host cannot hold the character \\x80");

    [TestCase("peer", "PEER", true)]
    [TestCase("[::1]", "::1", true)]
    [TestCase("root@peer:22", "root@Peer:22", true)]
    [TestCase("peer", "root@peer", false)]
    [TestCase("root@peer", "Root@peer", false)]
    [TestCase("peer", "peer:22", false)]
    [TestCase("peer:22", "peer:23", false)]
    public void Nodes_are_equal_when_they_name_the_same_login(string one, string other, bool equal)
    {
        var (first, second) = (SampleNodes.Of(one), SampleNodes.Of(other));
        Assert.That(first.Equals(second), Is.EqualTo(equal));
        if (equal) Assert.That(first.GetHashCode(), Is.EqualTo(second.GetHashCode()));
    }

    [Test]
    public void A_node_is_called_what_it_was_written_as() =>
        Assert.That(SampleNodes.Of("root@[2001:DB8::1]:22").ToString(), Is.EqualTo("root@[2001:DB8::1]:22"));
}
