using System.Text.Json;
using System.Text.RegularExpressions;
using ConfSync.Changes;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Tests.Reports;

/// <summary>What --output json prints is what docs/compare.schema.json describes, in both directions.</summary>
public class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Repository.File("docs/compare.schema.json"))).RootElement;

    [Test]
    public void The_document_is_as_the_schema_says()
    {
        var problems = new List<string>();
        Check(JsonDocument.Parse(CompareJson.Write(Everything())).RootElement, Schema, "$", problems);
        Assert.That(problems, Is.Empty);
    }

    [Test]
    public void The_document_is_the_one_that_was_looked_at() => Assert.That(
        CompareJson.Write(Everything()), Is.EqualTo(File.ReadAllText(Repository.File("tests/ConfSync.Tests/Reports/everything.json"))));

    [Test]
    public void The_check_finds_what_is_wrong()
    {
        var text = CompareJson.Write(Everything());
        foreach (var (from, to) in new[]
        {
            ("\"version\": 1", "\"version\": 2"), ("\"nginx\": \"pending\"", "\"nginx\": \"maybe\""), ("\"entries\"", "\"entrys\""),
            ("\"mode\": \"0644\"", "\"mode\": \"644\""), ("\"newline\": false", "\"newline\": 0"),
        })
        {
            Assert.That(text, Does.Contain(from));
            var problems = new List<string>();
            Check(JsonDocument.Parse(text.Replace(from, to, StringComparison.Ordinal)).RootElement, Schema, "$", problems);
            Assert.That(problems, Is.Not.Empty, from);
        }
    }

    [Test]
    public void Every_member_of_the_schema_is_used()
    {
        var text = CompareJson.Write(Everything());
        var names = Regex.Matches(File.ReadAllText(Repository.File("docs/compare.schema.json")), "\"(\\w+)\": \\{ ?\"(type|enum|const|\\$ref)\"")
            .Select(match => match.Groups[1].Value).Except(["items"]).ToList();
        Assert.That(names, Has.Count.GreaterThan(30));
        Assert.That(names.Where(name => !text.Contains($"\"{name}\":", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_page_shows_every_node_and_nothing_of_it_is_markup()
    {
        var page = CompareHtml.Write(Everything());
        Assert.That(Regex.Matches(page, "<tr><th scope=\"row\">"), Has.Count.EqualTo(5));
        Assert.That(page, Does.Contain("&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("onload").And.Not.Contain("src="));
        Assert.That(page, Does.Contain("&lt;b&gt; cannot").And.Contain("not compared").And.Contain("only there"));
    }

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
            new NodeComparison(SampleNodes.Of("two"), [], NginxState.Unknown, new LookFailure.Said("<b> cannot\nbe reached"), null, TimeSpan.Zero),
            new NodeComparison(SampleNodes.Of("three"), [], NginxState.NotRunning, null, null, TimeSpan.Zero),
            new NodeComparison(
                SampleNodes.Of("four"), [new ComparedEntry(null, SampleTrees.File("/etc/x/now") with { Digest = new string('c', 64) }, ContentDiff.Without(ContentDiffKind.Changed))],
                NginxState.ProbablyCurrent, null, null, TimeSpan.Zero)])
        {
            Unmatched = [new NamedPattern("REDACT", "*.\e")],
        };
    }

    // As much of JSON Schema 2020-12 as the schema uses; a keyword that it does not know is a problem.
    private static void Check(JsonElement value, JsonElement schema, string at, List<string> problems)
    {
        foreach (var rule in schema.EnumerateObject())
        {
            var holds = rule.Name switch
            {
                "$schema" or "$defs" or "title" or "description" => true,
                "$ref" => CheckAll([(value, Schema.GetProperty("$defs").GetProperty(rule.Value.GetString()!["#/$defs/".Length..]), at)]),
                "type" => TypeOf(value).Contains(rule.Value.GetString()!),
                "const" => JsonElement.DeepEquals(value, rule.Value),
                "enum" => rule.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(value, one)),
                "minimum" => value.GetDouble() >= rule.Value.GetDouble(),
                "pattern" => Regex.IsMatch(value.GetString()!, rule.Value.GetString()!),
                "format" => rule.Value.GetString() == "date-time" && value.TryGetDateTimeOffset(out _),
                "items" => CheckAll(value.EnumerateArray().Select((item, i) => (item, rule.Value, $"{at}[{i}]"))),
                "required" => rule.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "additionalProperties" => value.EnumerateObject().All(member =>
                    schema.GetProperty("properties").TryGetProperty(member.Name, out _)),
                "properties" => CheckAll(rule.Value.EnumerateObject().Where(member => value.TryGetProperty(member.Name, out _))
                    .Select(member => (value.GetProperty(member.Name), member.Value, $"{at}.{member.Name}"))),
                _ => false,
            };
            if (!holds) problems.Add($"{at}: {rule.Name}");
        }

        bool CheckAll(IEnumerable<(JsonElement Value, JsonElement Schema, string At)> parts)
        {
            foreach (var part in parts) Check(part.Value, part.Schema, part.At, problems);
            return true;
        }
    }

    private static string[] TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ["object"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.String => ["string"],
        JsonValueKind.Number => value.TryGetInt64(out _) ? ["integer", "number"] : ["number"],
        JsonValueKind.True or JsonValueKind.False => ["boolean"],
        _ => [],
    };
}
