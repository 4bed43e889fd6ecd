using System.Text.RegularExpressions;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Tests.Reports;

/// <summary>What a comparison prints with --output json is what docs/schema.json describes, in both directions.</summary>
public class SchemaTests
{
    [Test]
    public void The_document_is_as_the_schema_says()
    {
        Assert.That(DocumentSchema.ProblemsOf(Written()), Is.Empty);
        Assert.That(DocumentSchema.IsOne(Written()));
    }

    [Test]
    public void The_document_is_the_one_that_was_looked_at() => Assert.That(
        Written(), Is.EqualTo(File.ReadAllText(Repository.File("tests/ConfSync.Tests/Reports/everything.json"))));

    [Test]
    public void The_check_finds_what_is_wrong()
    {
        var text = Written();
        foreach (var (from, to) in new[]
        {
            ("\"version\": 1", "\"version\": 2"), ("\"nginx\": \"pending\"", "\"nginx\": \"maybe\""), ("\"entries\"", "\"entrys\""),
            ("\"mode\": \"0644\"", "\"mode\": \"644\""), ("\"newline\": false", "\"newline\": 0"),
        })
        {
            Assert.That(text, Does.Contain(from));
            Assert.That(DocumentSchema.ProblemsOf(text.Replace(from, to, StringComparison.Ordinal), "comparison"), Is.Not.Empty, from);
        }
    }

    [Test]
    public void The_page_shows_every_node_and_nothing_of_it_is_markup()
    {
        var page = CompareHtml.Write(Documents.Head(DocumentKind.Comparison, RunResult.Incomplete, 2), Everything());
        Assert.That(Regex.Matches(page, "<tr><th scope=\"row\">"), Has.Count.EqualTo(5));
        Assert.That(page, Does.Contain("&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("onload").And.Not.Contain("src="));
        Assert.That(page, Does.Contain("&lt;b&gt; cannot").And.Contain("not compared").And.Contain("only there"));
    }

    private static string Written() => CompareJson.Write(Documents.Head(DocumentKind.Comparison, RunResult.Incomplete, 2), Everything());

    /// <summary>One of everything.</summary>
    private static Comparison Everything()
    {
        var file = UnifiedDiffTests.Entry("/etc/x/</pre><script>alert(1)</script>", "a\nb", "a\n<i>c</i>\n");
        var secret = new ComparedEntry(
            SampleTrees.File("/etc/x/k", "one") with { Digest = new string('a', 64) }, null, ContentDiff.Without(ContentDiffKind.Secret))
        {
            Secrecy = Secrecy.Name,
        };
        return new Comparison(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1.5), 7, [
            new NodeComparison(SampleNodes.Of("one"), [
                file with { Local = file.Local! with { Digest = new string('b', 64) }, Remote = file.Remote! with { Digest = null } },
                secret, new ComparedEntry(SampleTrees.Link("/etc/x/l", "\e[2J"), SampleTrees.Directory("/etc/x/l")),
                new ComparedEntry(null, SampleTrees.Directory("/etc/x/m"))], NginxState.Pending, null, "a push was cut off", TimeSpan.Zero),
            new NodeComparison(SampleNodes.Of("two"), [], NginxState.Unknown, new LookFailure.Said("<b> cannot\nbe reached", PeerFailure.Connect, TransportFailure.Refused), null, TimeSpan.Zero),
            new NodeComparison(SampleNodes.Of("three"), [], NginxState.NotRunning, null, null, TimeSpan.Zero),
            new NodeComparison(
                SampleNodes.Of("four"), [new ComparedEntry(null, SampleTrees.File("/etc/x/now") with { Digest = new string('c', 64) }, ContentDiff.Without(ContentDiffKind.Changed))],
                NginxState.ProbablyCurrent, null, null, TimeSpan.Zero)])
        {
            Unmatched = [new NamedPattern("REDACT", "*.\e")],
            Earlier = new UnfinishedPush(DateTimeOffset.UnixEpoch, "root@primary", "/etc/nginx-sync.conf", [EveryRecord.Node]),
        };
    }

}
