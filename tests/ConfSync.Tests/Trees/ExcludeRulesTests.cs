using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Trees;

public class ExcludeRulesTests
{
    private const string ConfPath = "/etc/nginx";

    [TestCase("x.bak", "sub/x.bak x.bak")]
    [TestCase("*.bak", ".bak .hidden.bak sub/x.bak x.bak")]
    [TestCase("*", ".bak .hidden.bak a.b back\\slash sub sub/dir sub/dir/in sub/x.bak x.bak")]
    [TestCase("*.*", ".bak .hidden.bak a.b sub/x.bak x.bak")]
    [TestCase("dir", "sub/dir sub/dir/in")]
    [TestCase("dir/", "sub/dir sub/dir/in")]
    [TestCase("x.bak/", "")]
    [TestCase("sub/x.bak", "sub/x.bak")]
    [TestCase("dir/in", "sub/dir/in")]
    [TestCase("/x.bak", "x.bak")]
    [TestCase("/dir", "")]
    [TestCase("/sub/*.bak", "sub/x.bak")]
    [TestCase("sub/**", "sub/dir sub/dir/in sub/x.bak")]
    [TestCase("/**/x.bak", "sub/x.bak")]
    [TestCase("**/x.bak", "sub/x.bak x.bak")]
    [TestCase("X.BAK", "")]
    [TestCase("back*", "back\\slash")]
    [TestCase("slash", "")]
    [TestCase("/etc/nginx/x.bak", "x.bak")]
    [TestCase("/etc/nginx/sub/*.bak", "sub/x.bak")]
    [TestCase("/etc/nginx/sub/", "sub sub/dir sub/dir/in sub/x.bak")]
    [TestCase("/etc", "")]
    [TestCase("nginx", "")]
    [TestCase("/nginx", "")]
    [TestCase("?.bak", "sub/x.bak x.bak")]
    [TestCase("[a-c].?", "a.b")]
    [TestCase("[!a]*", ".bak .hidden.bak back\\slash sub sub/dir sub/dir/in sub/x.bak x.bak")]
    [TestCase("[^a]*.bak", ".hidden.bak sub/x.bak x.bak")]
    [TestCase("*[[:punct:]]b", "a.b")]
    [TestCase("back?slash", "back\\slash")]
    [TestCase("back\\slash", "back\\slash")]
    [TestCase("back\\\\slas?", "back\\slash")]
    [TestCase("back\\slas?", "")]
    [TestCase("sub?x.bak", "")]
    [TestCase("s**k", "sub/x.bak")]
    [TestCase("sub/***", "sub sub/dir sub/dir/in sub/x.bak")]
    [TestCase("sub/d?r/", "sub/dir sub/dir/in")]
    [TestCase("/etc/nginx/?.bak", "x.bak")]
    [TestCase("/etc/nginx/s[a-z]b/**", "sub/dir sub/dir/in sub/x.bak")]
    public void A_pattern_excludes(string pattern, string expected)
    {
        var whole = Of(
            Directory(ConfPath), File($"{ConfPath}/.bak"), File($"{ConfPath}/.hidden.bak"), File($"{ConfPath}/a.b"),
            File($"{ConfPath}/back\\slash"), Directory($"{ConfPath}/sub"), Directory($"{ConfPath}/sub/dir"),
            File($"{ConfPath}/sub/dir/in"), File($"{ConfPath}/sub/x.bak"), File($"{ConfPath}/x.bak"));

        var (kept, excluded) = new ExcludeRules([pattern]).Divide(whole, [ConfPath]);

        Assert.That(
            string.Join(" ", excluded.Entries.Select(entry => entry.Path[(ConfPath.Length + 1)..])), Is.EqualTo(expected));
        Assert.That(kept.Entries.Concat(excluded.Entries), Is.EquivalentTo(whole.Entries));
    }

    [TestCase("nginx.conf", true)]
    [TestCase("/nginx.conf", true)]
    [TestCase("*.conf", true)]
    [TestCase("/etc/nginx/nginx.conf", true)]
    [TestCase("/etc/nginx/*.conf", true)]
    [TestCase("nginx.conf/", false)]
    [TestCase("nginx/nginx.conf", false)]
    [TestCase("/etc/nginx", false)]
    public void A_file_of_CONFPATHS_is_matched_by_its_name(string pattern, bool isExcluded)
    {
        var file = File("/etc/nginx/nginx.conf");

        Assert.That(
            new ExcludeRules([pattern]).Divide(Of(file), [file.Path]).Excluded.Entries.Contains(file),
            Is.EqualTo(isExcluded));
    }

    [TestCase("/etc/nginx")]
    [TestCase("/etc/nginx/")]
    public void A_directory_of_CONFPATHS_is_excluded_by_its_full_path_only(string pattern)
    {
        var whole = Of(Directory(ConfPath), File($"{ConfPath}/x"));

        Assert.That(new ExcludeRules([pattern]).Divide(whole, [ConfPath]).Included.Entries, Is.Empty);
    }

    [Test]
    public void A_path_of_its_own_is_not_lost_to_the_path_above_it()
    {
        var whole = Of(Directory("/c"), Directory("/c/sites"), File("/c/sites/x"), Directory("/c/sites/mine"),
            File("/c/sites/mine/y"));

        var (kept, _) = new ExcludeRules(["sites"]).Divide(whole, ["/c", "/c/sites/mine"]);

        Assert.That(
            string.Join(" ", kept.Entries.Select(entry => entry.Path)), Is.EqualTo("/c /c/sites/mine /c/sites/mine/y"));
    }

    [Test]
    public void A_path_that_only_begins_alike_is_another_path()
    {
        var whole = Of(Directory("/c/d"), Directory("/c/d-2"), File("/c/d-2/x"));

        Assert.That(new ExcludeRules(["*"]).Divide(whole, ["/c/d"]).Excluded.Entries, Is.Empty);
    }

    [Test]
    public void No_byte_is_seen_in_the_halves_of_two_others()
    {
        // d5 is 64 35 in hexadecimal, C is 43.
        var whole = Of(Directory("/c/d"), File("/c/d/d5"));

        Assert.That(new ExcludeRules(["*C*"]).Divide(whole, ["/c/d"]).Excluded.Entries, Is.Empty);
    }

    [TestCase("- x", "filter rules")]
    [TestCase("+ x", "filter rules")]
    [TestCase("!x", "filter rules")]
    [TestCase("", "''")]
    [TestCase("/", "''")]
    [TestCase("a//b", "''")]
    [TestCase("./a", "'.'")]
    [TestCase("../a?", "'..'")]
    [TestCase("a*/\\./b", "'.'")]
    [TestCase("[ab", @"its [ has no closing ]: for the character itself write \[")]
    [TestCase("[]", "no closing ]")]
    [TestCase("[!]a", "no closing ]")]
    [TestCase("[[:digit:]", "no closing ]")]
    [TestCase("*\\", "at its end")]
    [TestCase("[[:digits:]]", "no class [:digits:]")]
    public void What_could_never_match_is_refused_by_name(string pattern, string why)
    {
        Assert.That(
            () => new ExcludeRules(["fine", pattern]),
            Throws.TypeOf<FormatException>().With.Message.StartsWith($"pattern '{PosixText.Printable(pattern)}': ").And.Message.Contains(why));
    }

    [Test]
    public void A_name_of_any_length_is_matched_in_a_moment()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 100)) + "b";
        var whole = Of(Directory("/c"), File("/c/" + new string('a', 250)), File("/c/" + new string('a', 250) + "b"));

        var time = Stopwatch.StartNew();
        var excluded = new ExcludeRules([pattern, $"x**{pattern}"]).Divide(whole, ["/c"]).Excluded;

        Assert.That(excluded.Entries, Has.Length.EqualTo(1));
        Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Names_that_every_find_understands_alike_can_be_left_to_it()
    {
        var rules = new ExcludeRules(["*.bak", "dir/", "sub/name", "/top", "**", "/top/", "a?", "[ab]", "[ab]/", "a\\", "\\*"]);

        Assert.That(string.Join(" ", rules.PrunableNames), Is.EqualTo("*.bak **"));
        Assert.That(string.Join(" ", rules.PrunableDirectoryNames), Is.EqualTo("dir"));
    }

    [Test]
    public void Sixteen_peers_with_ten_thousand_files_are_divided_in_a_moment()
    {
        var whole = new Snapshot(Enumerable.Range(0, 10_000).Select(i => File($"{ConfPath}/sites/d{i % 100}/f{i}.conf")));
        var rules = new ExcludeRules(["default.conf", "*.bak", "local/", "/sites/d1/*.conf", "d2/**"]);

        var time = Stopwatch.StartNew();
        Parallel.For(0, 16, _ => Assert.That(rules.Divide(whole, [ConfPath]).Excluded.Entries, Has.Length.EqualTo(100)));

        TestContext.Out.WriteLine($"{time.ElapsedMilliseconds} ms");
        Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [TestCase("/a/cache/deep/er", EntryKind.Directory, ExpectedResult = true)]
    [TestCase("/a/cache", EntryKind.Directory, ExpectedResult = true)]
    [TestCase("/a/cache", EntryKind.File, ExpectedResult = false)]
    [TestCase("/a/b/named", EntryKind.File, ExpectedResult = true)]
    [TestCase("/a/top/x", EntryKind.File, ExpectedResult = true)]
    [TestCase("/a/other", EntryKind.Directory, ExpectedResult = false)]
    [TestCase("/a", EntryKind.Directory, ExpectedResult = false)]
    [TestCase("/elsewhere/named", EntryKind.File, ExpectedResult = true)]
    public bool A_path_of_which_nothing_else_is_known_is_protected_as_it_would_be_in_a_tree(string path, EntryKind kind) =>
        new ExcludeRules(["cache/", "named", "/a/top"]).Protects(path, kind, ["/a", "/elsewhere/named"]);
}
