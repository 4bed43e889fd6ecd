using ConfSync.Configuration;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

public sealed class PostSyncTests
{
    private const string Keepalived = "CONFPATHS='/etc/keepalived/keepalived.conf /etc/nginx'\n";

    [Test]
    public void The_documented_example_works() =>
        Assert.That(
            Rules("POSTSYNC=\"/etc/keepalived/keepalived.conf|'s/192\\.168\\.2\\.1/192.168.2.2/'\""),
            Is.EqualTo([@"/etc/keepalived/keepalived.conf|s/192\.168\.2\.1/192.168.2.2/"]));

    // Written between double quotes in the file.
    [TestCase("/etc/nginx/a|s/x/y/", "/etc/nginx/a|s/x/y/")]
    [TestCase("/etc/nginx/a|'s/x/y z/'", "/etc/nginx/a|s/x/y z/")]
    [TestCase("/etc/nginx/a|\\\"s/x/it's/\\\"", "/etc/nginx/a|s/x/it's/")]
    [TestCase("/etc/nginx/a|'s/x/\\\"y\\\"/'", "/etc/nginx/a|s/x/\"y\"/")]
    [TestCase("/etc/nginx/a|'s/x/it'\\\\''s/'", "/etc/nginx/a|s/x/it's/")]
    [TestCase("'/etc/nginx/a|s/x/y z/'", "/etc/nginx/a|s/x/y z/")]
    [TestCase("'/etc/nginx/my file'|'s/x/y/'", "/etc/nginx/my file|s/x/y/")]
    [TestCase("/etc/nginx/my\\ file|p", "/etc/nginx/my file|p")]
    [TestCase("/etc//nginx/./a|p", "/etc/nginx/a|p")]
    [TestCase("/etc/nginx/a|s|x|y|g", "/etc/nginx/a|s|x|y|g")]
    [TestCase("/etc/nginx/a|'s/x$/y/'", "/etc/nginx/a|s/x$/y/")]
    public void An_item_is_a_file_and_an_expression(string value, string rule) =>
        Assert.That(Rules($"POSTSYNC=\"{value}\""), Is.EqualTo([rule]));

    [TestCase("/etc/nginx/a|s/x/y z/", "/etc/nginx/a|s/x/y z/")]
    [TestCase("/etc/nginx/a|s/it's/it is/ ", "/etc/nginx/a|s/it's/it is/")]
    [TestCase("/etc/nginx/a|s/listen 80/listen 81/ /etc/nginx/b|s/c d/e /", "/etc/nginx/a|s/listen 80/listen 81/", "/etc/nginx/b|s/c d/e /")]
    [TestCase("/etc/nginx/a|/x y/d\n'/etc/nginx/b c'|s/d e/f/", "/etc/nginx/a|/x y/d", "/etc/nginx/b c|s/d e/f/")]
    [TestCase("/etc/nginx/a|s/x/y/ '/etc/nginx/b|s/d e/f/'", "/etc/nginx/a|s/x/y/", "/etc/nginx/b|s/d e/f/")]
    [TestCase("/etc/nginx/a|s/x/ /etc/y/", "/etc/nginx/a|s/x/ /etc/y/")]
    [TestCase("/etc/nginx/a|s/x/y/\ns/z/w/", "/etc/nginx/a|s/x/y/\ns/z/w/")]
    public void An_expression_without_quotes_goes_on_until_an_item_begins(string value, params string[] rules) =>
        Assert.That(Rules($"POSTSYNC=\"{value}\""), Is.EqualTo(rules));

    [TestCase("web1:/etc/nginx/a|s/x/y/", "web1", "s/x/y/")]
    [TestCase("'web1:/etc/nginx/a|s/x/y z/'", "web1", "s/x/y z/")]
    [TestCase("/etc/nginx/b|p web*:/etc/nginx/a|s/x y/z/", "web*", "s/x y/z/")]
    [TestCase("root@web2:22:/etc/nginx/a|s/x/y/", "root@web2:22", "s/x/y/")]
    [TestCase("web1,!web1,root@web2:22:/etc/nginx/a|p", "web1,!web1,root@web2:22", "p")]
    public void A_rule_may_be_for_some_nodes(string value, string node, string expression)
    {
        var rule = Config($"NODES='web1 root@web2:22'\n{Keepalived}POSTSYNC=\"{value}\"").PostSync[^1];

        Assert.That((rule.File, rule.For, rule.Expression), Is.EqualTo(("/etc/nginx/a", node, expression)));
    }

    [Test]
    public void A_rule_for_a_node_that_is_none_is_an_error_and_what_looks_like_one_in_an_expression_is_not()
    {
        Assert.That(
            ProblemsOf($"NODES=web1\n{Keepalived}POSTSYNC='wbe1:/etc/nginx/a|s/x/y/'"),
            Is.EqualTo(["3: POSTSYNC: \"wbe1\" is no node of NODES"]));
        Assert.That(
            Rules("NODES=web1\nPOSTSYNC='/etc/nginx/a|s/x/ see:/etc/y|z/'"), Is.EqualTo(["/etc/nginx/a|s/x/ see:/etc/y|z/"]));
    }

    [Test]
    public void Items_stand_on_lines_of_their_own_and_know_them()
    {
        var rules = Config($"""
            {Keepalived}
            POSTSYNC="
                /etc/nginx/a|'s/x/y/'   /etc/nginx/b|'s/x
            y/z/'
                /etc/nginx/a|s/z/w/
            "
            """).PostSync;

        Assert.That(rules, Is.EqualTo([
            new PostSyncRule("/etc/nginx/a", "s/x/y/", 4),
            new PostSyncRule("/etc/nginx/b", "s/x\ny/z/", 4),
            new PostSyncRule("/etc/nginx/a", "s/z/w/", 6)]));
    }

    [TestCase("/etc/nginx/a", "2: POSTSYNC: \"/etc/nginx/a\" is not file|sed-expression: write /path/of/file|'s/this/that/'")]
    [TestCase("/etc/nginx/a|", "2: POSTSYNC: \"/etc/nginx/a\" has no expression after the |")]
    [TestCase("/etc/nginx/a|''", "2: POSTSYNC: \"/etc/nginx/a\" has no expression after the |")]
    [TestCase("'/etc/nginx/a|'", "2: POSTSYNC: \"/etc/nginx/a\" has no expression after the |")]
    [TestCase("/etc/nginx/a|'s/x/y z/", "2: POSTSYNC: \"/etc/nginx/a\" has a ' that is never closed")]
    [TestCase("'/etc/nginx/a", "2: POSTSYNC: \"/etc/nginx/a\" has a ' that is never closed")]
    [TestCase("/etc/nginx/a|'s/x/y/' z", "2: POSTSYNC: \"z\" is not file|sed-expression: write /path/of/file|'s/this/that/'")]
    [TestCase("a|s/x/y/", "2: POSTSYNC: \"a\" is not an absolute path: begin it with /")]
    [TestCase("\n/etc/haproxy/x|s/x/y/", "3: POSTSYNC: \"/etc/haproxy/x\" is not pushed: add it to CONFPATHS")]
    [TestCase("/etc/nginx-2/x|s/x/y/", "2: POSTSYNC: \"/etc/nginx-2/x\" is not pushed: add it to CONFPATHS")]
    public void What_is_no_item_is_refused(string value, string problem) =>
        Assert.That(ProblemsOf($"{Keepalived}POSTSYNC=\"{value}\""), Is.EqualTo([problem]));

    private static string[] Rules(string text) =>
        [.. Config(Keepalived + text).PostSync.Select(rule => $"{rule.File}|{rule.Expression}")];
}
