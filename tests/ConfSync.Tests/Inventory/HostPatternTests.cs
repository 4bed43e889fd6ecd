using System.Collections.Immutable;
using ConfSync.Inventory;

namespace ConfSync.Tests.Inventory;

/// <summary>Patterns mean what they mean to Ansible.</summary>
public sealed class HostPatternTests
{
    private static readonly HostGroups Groups = new(
        ["web3", "web1", "web2", "db1", "cache.example.org", "2001:db8::1"],
        new Dictionary<string, ImmutableArray<string>>
        {
            ["web"] = ["web3", "web1", "web2"],
            ["db"] = ["db1"],
            ["prod"] = ["web1", "db1"],
            ["empty"] = [],
        }.ToImmutableDictionary());

    [TestCase("all", "web3 web1 web2 db1 cache.example.org 2001:db8::1")]
    [TestCase("*", "web3 web1 web2 db1 cache.example.org 2001:db8::1")]
    [TestCase("web", "web3 web1 web2", Description = "in the order of the inventory")]
    [TestCase("web2", "web2")]
    [TestCase("db:web", "db1 web3 web1 web2", Description = "in the order of the pattern")]
    [TestCase("db,web1", "db1 web1")]
    [TestCase("web:prod", "web3 web1 web2 db1", Description = "each host once")]
    [TestCase("web:!web1", "web3 web2")]
    [TestCase("!web1:web", "web3 web2", Description = "wherever it stands")]
    [TestCase("web:&prod", "web1")]
    [TestCase("web:db:&prod:!web1", "db1")]
    [TestCase("!web", "db1 cache.example.org 2001:db8::1", Description = "of all")]
    [TestCase("&prod", "web1 db1")]
    [TestCase("web?", "web3 web1 web2")]
    [TestCase("w[aeiou]b1", "web1", Description = "characters")]
    [TestCase("w[!a-d]b1", "web1")]
    [TestCase("*.example.org", "cache.example.org")]
    [TestCase("~web[13]", "web3 web1")]
    [TestCase("~(web|db)1", "web1 db1")]
    [TestCase("web[0]", "web3")]
    [TestCase("web[-1]", "web2")]
    [TestCase("web[-2]", "web1")]
    [TestCase("web[0:1]", "web3 web1", Description = "the last one as well")]
    [TestCase("web[1:]", "web1 web2")]
    [TestCase("web[1:9]", "web1 web2")]
    [TestCase("web[7]", "")]
    [TestCase("empty", "")]
    [TestCase("2001:db8::1", "2001:db8::1")]
    public void Hosts_are_selected(string pattern, string hosts)
    {
        var found = HostPattern.Of(pattern, Groups);

        Assert.That(string.Join(' ', found.Hosts), Is.EqualTo(hosts));
        Assert.That(found.Unknown, Is.Empty);
    }

    [TestCase("wbe", "wbe")]
    [TestCase("web:!web9:&prdo", "&prdo !web9")]
    [TestCase("WEB", "WEB", Description = "case counts")]
    [TestCase("mail*", "mail*")]
    [TestCase("~(web", "~(web", Description = "no regular expression")]
    [TestCase(",", ",")]
    [TestCase("we", "we", Description = "no part of a name")]
    public void What_the_inventory_does_not_have_is_told(string pattern, string unknown) =>
        Assert.That(string.Join(' ', HostPattern.Of(pattern, Groups).Unknown), Is.EqualTo(unknown));
}
