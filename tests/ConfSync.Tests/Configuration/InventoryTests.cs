using ConfSync.Configuration;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

/// <summary>NODES that name a group of an inventory, which a program of this machine prints.</summary>
public sealed class InventoryTests
{
    private const string Json = """
        {"_meta": {"hostvars": {"web1": {"ansible_host": "192.0.2.11", "colour": "green"}, "web2": {"ansible_host": "192.0.2.12"}}},
         "web": {"hosts": ["web1", "web2"]}, "db": {"hosts": ["db 1"]}}
        """;

    private DirectoryInfo directory = null!;

    [SetUp]
    public void Make() => directory = Directory.CreateTempSubdirectory("nginx-sync-inventory");

    [TearDown]
    public void Remove() => directory.Delete(recursive: true);

    [Test]
    public void The_hosts_of_a_group_are_nodes_with_their_values()
    {
        var result = ReadWith("NODES=\"192.0.2.1 @ansible:web\"\n", Script($"cat <<'END'\n{Json}\nEND"));

        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Config!.Nodes.Select(node => $"{node} {node.Address.Text}"), Is.EqualTo(["192.0.2.1 192.0.2.1", "web1 192.0.2.11", "web2 192.0.2.12"]));
        Assert.That(result.Config.PerNode.ValueOf(result.Config.Nodes[1], "colour"), Is.EqualTo("green"));
        Assert.That(result.Config.PerNode.ValueOf(result.Config.Nodes[2], "colour"), Is.Null);
        Assert.That(result.Config.PerNode.ValueOf(result.Config.Nodes[2], NodeDirectory.NodeValue), Is.EqualTo("192.0.2.12"));
        Assert.That(result.Config.Groups.Groups.Keys, Is.EquivalentTo((string[])["web", "db"]));
    }

    [Test]
    public void A_node_of_two_patterns_is_one()
    {
        var result = ReadWith("NODES=\"@ansible:web2 @ansible:web\"\n", Script($"cat <<'END'\n{Json}\nEND"));

        Assert.That(result.Config!.Nodes.Select(node => node.Name), Is.EqualTo(["web2", "web1"]));
    }

    [TestCase("@ansible:wbe", "2: NODES: \"@ansible:wbe\": the inventory has no group and no host \"wbe\": did you mean web?")]
    [TestCase("@ansible:web:!web*", "2: NODES: \"@ansible:web:!web*\": this leaves no host of the inventory")]
    [TestCase("@ansible:db", "2: NODES: host \"db 1\" of the inventory: a host cannot hold a space")]
    [TestCase("192.0.2.12 @ansible:web", "2: NODES: \"web2\" stands there twice: remove one of them")]
    public void What_is_wrong_is_told_with_its_line(string nodes, string problem)
    {
        var result = ReadWith($"NODES=\"{nodes}\"\n", Script($"cat <<'END'\n{Json}\nEND"));

        Assert.That(ProblemsOf(result), Is.EqualTo([problem]));
    }

    [Test]
    public void A_program_that_fails_is_quoted_and_none_is_named_with_where_it_was_looked_for()
    {
        var failing = ReadWith("NODES=@ansible:web\n", Script("echo '[WARNING]: odd' >&2\necho 'ERROR! no such plugin' >&2\nexit 4"));
        var missing = ReadWith("NODES=@ansible:web\n", "no-such-inventory --list");
        var other = ReadWith("NODES=@ansible:web\n", Script("echo hello"));

        Assert.That(failing.Problems.Single().Message, Does.EndWith("/inventory ended with status 4: ERROR! no such plugin"));
        Assert.That(failing.Problems.Single(), Has.Property("Line").EqualTo(3).And.Property("Area").EqualTo(ConfigurationArea.Inventory));
        Assert.That(missing.Problems.Single().Message, Does.StartWith(
            "INVENTORY: there is no program no-such-inventory in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin, /bin: install it (Debian: ansible-core)"));
        Assert.That(other.Problems.Single().Message, Does.Contain("prints is no inventory: it is not the JSON of an inventory"));
    }

    [Test]
    public void A_program_that_does_not_end_is_ended()
    {
        var result = ReadWith("STEP_TIMEOUT=5\nNODES=@ansible:web\n", Script("sleep 600"), limit: TimeSpan.FromSeconds(1));

        Assert.That(result.Problems.Single().Message, Does.EndWith("did not end within 1 s (STEP_TIMEOUT)"));
    }

    [Test]
    public void Its_arguments_are_no_shells_and_its_encoding_is_UTF_8()
    {
        var program = Script("printf '%s\\n' \"$LC_ALL\" \"$@\" >\"${0%/*}/seen\"\necho '{\"web\": [\"web1\"]}'");

        var result = ReadWith("NODES=@ansible:web\n", $"{program} '$(id)' --list");

        Assert.That(result.Config!.Nodes.Single().Name, Is.EqualTo("web1"));
        Assert.That(File.ReadAllText($"{directory}/seen"), Is.EqualTo("C.UTF-8\n$(id)\n--list\n"));
    }

    [Test]
    public void No_program_runs_where_NODES_names_no_group_or_nobody_is_to_be_asked()
    {
        var program = Script("touch \"${0%/*}/ran\"\necho '{}'");

        Assert.That(ReadWith("NODES=web1\n", program).Problems, Is.Empty);
        Assert.That(Read($"{Minimum}NODES=\"web1 @ansible:web\"\nINVENTORY={program}\n").Config!.Nodes, Is.EqualTo([SampleNodes.Of("web1")]));
        Assert.That(File.Exists($"{directory}/ran"), Is.False);
    }

    private static ConfigurationResult ReadWith(string lines, string inventory, TimeSpan? limit = null) => ConfigurationFile.Parse(
        FileName, $"{Minimum}{lines}INVENTORY=\"{inventory.Replace("$", @"\$", StringComparison.Ordinal)}\"\n", Environment,
        (command, most) => InventoryCommand.Run(command, limit ?? most));

    private string Script(string lines)
    {
        var path = $"{directory}/inventory";
        File.WriteAllText(path, $"#!/bin/sh\n{lines}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
