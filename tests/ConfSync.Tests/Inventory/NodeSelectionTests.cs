using System.Collections.Immutable;
using ConfSync.Inventory;

namespace ConfSync.Tests.Inventory;

public sealed class NodeSelectionTests
{
    private static readonly ImmutableArray<Node> All =
        [.. new[] { "web1", "deploy@web2:2222", "Web10", "db1", "[2001:db8::1]:22", "ops@db1" }.Select(SampleNodes.Of)];

    [TestCase("", "web1 deploy@web2:2222 Web10 db1 [2001:db8::1]:22 ops@db1")]
    [TestCase("web1", "web1")]
    [TestCase("db1,web1", "web1 db1", Description = "in the order of NODES")]
    [TestCase("db1 web1", "web1 db1")]
    [TestCase("web2", "deploy@web2:2222", Description = "the host alone")]
    [TestCase("deploy@web2:2222", "deploy@web2:2222")]
    [TestCase("WEB10", "Web10")]
    [TestCase("web?", "web1 deploy@web2:2222")]
    [TestCase("web*", "web1 deploy@web2:2222 Web10")]
    [TestCase("web[1-2]", "web1 deploy@web2:2222")]
    [TestCase("web[!1]", "deploy@web2:2222")]
    [TestCase("WEB[1]*", "web1 Web10")]
    [TestCase("*@*", "deploy@web2:2222 ops@db1")]
    [TestCase("[2001:db8::1]:22", "[2001:db8::1]:22")]
    [TestCase("2001:db8::1", "[2001:db8::1]:22")]
    [TestCase("!web1", "deploy@web2:2222 Web10 db1 [2001:db8::1]:22 ops@db1")]
    [TestCase("web*,!web10", "web1 deploy@web2:2222")]
    [TestCase("!web10 web*", "web1 deploy@web2:2222")]
    [TestCase("*,!*", "")]
    [TestCase("db1", "db1", Description = "what NODES writes comes before hosts")]
    [TestCase("db?", "db1 ops@db1")]
    public void Items_name_nodes_of_NODES(string words, string nodes)
    {
        var selection = NodeSelection.Of(All, words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That(string.Join(' ', selection.Nodes), Is.EqualTo(nodes));
        Assert.That(selection.Unknown, Is.Empty);
    }

    [TestCase("web3", "web3")]
    [TestCase("web1,", "")]
    [TestCase("!web3", "!web3")]
    [TestCase("mail*", "mail*")]
    [TestCase("web1,nope,!neither", "nope !neither")]
    [TestCase("web", "web", Description = "no part of a name")]
    public void Items_that_no_node_has_are_told(string word, string unknown) =>
        Assert.That(string.Join(' ', NodeSelection.Of(All, [word]).Unknown), Is.EqualTo(unknown));
}
