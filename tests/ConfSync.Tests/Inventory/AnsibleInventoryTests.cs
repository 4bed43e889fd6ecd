using ConfSync.Inventory;

namespace ConfSync.Tests.Inventory;

/// <summary>The JSON of an inventory, as ansible-inventory and as other programs print it.</summary>
public sealed class AnsibleInventoryTests
{
    // As ansible-inventory 2.14 prints it.
    private const string Printed = """
        {   "_meta": {"hostvars": {
                "web1": {"ansible_host": "192.0.2.11", "ansible_port": 2222, "ansible_user": "deploy", "colour": "green", "workers": 4, "tls": true, "list": [1], "made": "{{ colour }}"},
                "web2": {"ansible_host": "2001:db8::2"},
                "odd": {"ansible_host": "{{ lookup('x') }}"}
            }},
            "all": {"children": ["ungrouped", "sites"]},
            "sites": {"children": ["web", "db"]},
            "web": {"hosts": ["web2", "web1"]},
            "db": {"hosts": ["db1"]},
            "ungrouped": {"hosts": ["odd"]}
        }
        """;

    [Test]
    public void Groups_hold_the_hosts_of_their_children()
    {
        var groups = AnsibleInventory.Parse(Printed).Groups;

        Assert.That(groups.Hosts, Is.EqualTo(["odd", "web2", "web1", "db1"]));
        Assert.That(groups.Groups.Keys, Is.EquivalentTo((string[])["sites", "web", "db", "ungrouped"]));
        Assert.That(groups.Groups["sites"], Is.EqualTo(["web2", "web1", "db1"]));
    }

    [TestCase("web1", "deploy@192.0.2.11:2222")]
    [TestCase("web2", "[2001:db8::2]")]
    [TestCase("db1", "db1")]
    public void A_host_is_a_node_with_its_own_name(string host, string address)
    {
        Assert.That(AnsibleInventory.Parse(Printed).TryNode(host, out var node, out _), Is.True);

        Assert.That(node!.Name, Is.EqualTo(host));
        Assert.That(node.Address, Is.EqualTo(SampleNodes.Of(address).Address));
        Assert.That(node.Address.Text, Is.EqualTo(address));
    }

    [Test]
    public void A_host_whose_address_ansible_would_have_to_fill_in_is_refused()
    {
        Assert.That(AnsibleInventory.Parse(Printed).TryNode("odd", out _, out var problem), Is.False);

        Assert.That(problem, Does.Contain("is a template, which ansible-inventory does not fill in"));
    }

    [TestCase("-oProxyCommand=x")]
    [TestCase("a b")]
    [TestCase("$(reboot)")]
    public void An_address_that_is_none_is_refused(string address)
    {
        var inventory = AnsibleInventory.Parse("""{"_meta": {"hostvars": {"web1": {"ansible_host": "ADDRESS"}}}, "web": ["web1"]}""".Replace("ADDRESS", address, StringComparison.Ordinal));

        Assert.That(inventory.TryNode("web1", out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain("a host cannot"));
    }

    [Test]
    public void Variables_are_texts_and_those_to_be_filled_in_are_none()
    {
        var values = AnsibleInventory.Parse(Printed).ValuesOf("web1");

        Assert.That(values.Where(value => !value.Key.StartsWith("ansible_", StringComparison.Ordinal)).OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={value.Value}"),
            Is.EqualTo(["colour=green", "tls=true", "workers=4"]));
    }

    /// <summary>Programs other than ansible-inventory leave the variables at the groups.</summary>
    [Test]
    public void Variables_of_a_deeper_group_count_and_the_hosts_own_most()
    {
        var inventory = AnsibleInventory.Parse("""
            {   "web": {"hosts": ["web1", "web2"], "vars": {"a": "web", "b": "web", "c": "web"}},
                "sites": {"children": ["web"], "vars": {"a": "sites", "d": "sites"}},
                "all": {"vars": {"a": "all", "e": "all"}},
                "list": ["web1"],
                "_meta": {"hostvars": {"web1": {"c": "own", "b": null}}}
            }
            """);

        Assert.That(inventory.ValuesOf("web1").OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={value.Value}"),
            Is.EqualTo(["a=web", "c=own", "d=sites", "e=all"]));
        Assert.That(inventory.Groups.Groups["list"], Is.EqualTo(["web1"]));
    }

    [Test]
    public void A_group_below_itself_is_taken_once() => Assert.That(
        AnsibleInventory.Parse("""{"a": {"children": ["b"], "hosts": ["one"]}, "b": {"children": ["a"], "hosts": ["two"]}}""").Groups.Groups["b"], Is.EqualTo(["one", "two"]));

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{\"web\": 7}")]
    [TestCase("{\"web\": {\"hosts\": \"web1\"}}")]
    [TestCase("{\"_meta\": {\"hostvars\": [1]}}")]
    public void What_is_no_inventory_is_refused(string json) => Assert.That(() => AnsibleInventory.Parse(json), Throws.InstanceOf<FormatException>());

    [Test]
    public void Nothing_is_an_inventory_without_hosts() => Assert.That(AnsibleInventory.Parse("{}").Groups.Hosts, Is.Empty);
}
