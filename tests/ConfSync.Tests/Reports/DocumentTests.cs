using System.Text.Json.Nodes;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

/// <summary>What --output json prints of a push, a roll-back, settle and history is what docs/schema.json describes, in both
/// directions.</summary>
public sealed class DocumentTests
{
    [Test]
    public void Every_document_is_as_the_schema_says()
    {
        foreach (var document in Documents.All())
        {
            Assert.That(DocumentSchema.ProblemsOf(document), Is.Empty, document);
            Assert.That(DocumentSchema.IsOne(document), document);
        }
    }

    [Test]
    public void Every_event_is_a_line_as_the_schema_says()
    {
        foreach (var line in Lines())
        {
            Assert.That(DocumentSchema.ProblemsOf(line, "event"), Is.Empty, line);
            Assert.That(line.IndexOf('\n', StringComparison.Ordinal), Is.EqualTo(line.Length - 1));
            Assert.That(line, Does.StartWith("{\"time\":\"1970-01-01T00:00:00.000Z\",\"event\":\""));
        }
        Assert.That(DocumentSchema.ProblemsOf(Lines()[^1].Replace("\"document\":", "\"documents\":", StringComparison.Ordinal), "event"), Is.Not.Empty);
    }

    [TestCase("\"version\": 1", "\"version\": 2")]
    [TestCase("\"outcome\": \"updated\"", "\"outcome\": \"fine\"")]
    [TestCase("\"holds\"", "\"hold\"")]
    [TestCase("\"started\": \"1970-01-01T00:00:00.000Z\"", "\"started\": \"now\"")]
    [TestCase("\"result\": \"ok\"", "\"result\": \"okay\"")]
    [TestCase("\"code\": \"recovered\"", "\"code\": \"covered\"")]
    [TestCase("\"mode\": \"0700\"", "\"mode\": \"700\"")]
    [TestCase("\"would-update\": 1", "\"would-do\": 1")]
    public void The_check_finds_what_is_wrong(string from, string to)
    {
        var document = RunJson.Write(Documents.Head(), Documents.Body);
        Assert.That(document, Does.Contain(from));
        Assert.That(DocumentSchema.ProblemsOf(document.Replace(from, to, StringComparison.Ordinal)), Is.Not.Empty);
    }

    [Test]
    public void Every_word_of_a_value_is_in_the_schema_and_no_other()
    {
        Assert.That(Words("error", "step"), Is.EquivalentTo(Of<PrimaryStep>()));
        Assert.That(Words("error", "code"), Is.EquivalentTo(OfRecords<RunError>()));
        Assert.That(Words("error", "fault"), Is.EquivalentTo(OfRecords<PrimaryFault>()));
        Assert.That(Words("refusal", "code"), Is.EquivalentTo(OfRecords<Refusal>()));
        Assert.That(Of("step"), Is.EquivalentTo(Of<PushStep>()));
        Assert.That(Words("failure", "code"), Is.EquivalentTo(Of<PeerFailure>()));
        Assert.That(Words("failure", "state"), Is.EquivalentTo(Of<PeerState>()));
        Assert.That(Words("node", "holds"), Is.EquivalentTo(Of<Holding>()));
        Assert.That(Words("node", "reload"), Is.EquivalentTo(Of<ReloadOutcome>().Append("not-needed")));
        Assert.That(Words("node", "notes", "items", "properties", "code"), Is.EquivalentTo(OfRecords<NodeNote>()));
        Assert.That(Words("node", "undo", "properties", "code"), Is.EquivalentTo(OfRecords<UndoReason>()));
        Assert.That(Words("change", "kind"), Is.EquivalentTo(Of<ChangeKind>()));
        Assert.That(Words("earlier", "state"), Is.EquivalentTo(Of<EarlierState>()));
        Assert.That(Words("head", "result"), Is.EquivalentTo(Of<RunResult>()));
        Assert.That(Words("finding", "code"), Is.EquivalentTo(OfRecords<Finding>()));
        Assert.That(Words("finding", "check"), Is.EquivalentTo(Of<DoctorCheck>()));
        Assert.That(Words("machineRoles", "keepalived"), Is.EquivalentTo(Of<KeepalivedPresence>()));
        Assert.That(Words("machineRoles", "instances", "items", "properties", "state"), Is.EquivalentTo(Of<VrrpState>()));
        Assert.That(Words("move", "action"), Is.EquivalentTo(Of<MoveVerb>()));
        Assert.That(Of("severity"), Is.EquivalentTo(Of<Severity>()));
        Assert.That(Words("event", "event"), Is.EquivalentTo(OfRecords<RunEvent>().Concat(["warning", "finished"])));
        Assert.That(
            Of("outcome"), Is.EquivalentTo(Documents.Body.Reports.Select(RunNames.Of).Distinct().Append("not-told")), "the last one only in a history");
    }

    [Test]
    public void Every_member_of_the_schema_is_used()
    {
        var text = string.Concat(Documents.All()) + string.Concat(Lines()).Replace("\":", "\": ", StringComparison.Ordinal) + File.ReadAllText(Repository.File("tests/ConfSync.Tests/Reports/everything.json"));
        var names = DocumentSchema.Root["$defs"]!.AsObject().SelectMany(part => MembersOf(part.Value!)).Distinct().ToList();
        Assert.That(names, Has.Count.GreaterThan(80));
        Assert.That(names.Where(name => !text.Contains($"\"{name}\":", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>A short secret can be found from its digest, and nobody asked for contents.</summary>
    [Test]
    public void No_content_and_no_digest_of_one_is_told()
    {
        var text = RunJson.Write(Documents.Head(), Documents.Body);
        Assert.That(text, Does.Contain("/etc/nginx/both"));
        Assert.That(text, Does.Not.Contain("digest of"));
    }

    [Test]
    public void A_node_is_told_by_its_parts()
    {
        var text = RunJson.Write(Documents.Head(), Documents.Body with { Reports = [new NodeReport.LeftAlone(Documents.Address("deploy@[2001:db8::1]:2222"))] });
        var node = JsonNode.Parse(text)!["nodes"]![0]!;
        Assert.That((string?)node["node"], Is.EqualTo("deploy@[2001:db8::1]:2222"));
        Assert.That(((string?)node["user"], (string?)node["host"], (int?)node["port"]), Is.EqualTo(("deploy", "2001:db8::1", 2222)));
    }

    [Test]
    public void What_came_from_elsewhere_is_made_safe()
    {
        var note = new NodeNote.Warning("\e[2Jbad\uDCFF\nline");
        var text = RunJson.Write(Documents.Head(), Documents.Body with { Reports = [new NodeReport.LeftAlone(EveryRecord.Node) { Notes = [note] }] });
        Assert.That((string?)JsonNode.Parse(text)!["nodes"]![0]!["notes"]![0]!["words"], Is.EqualTo(@"\x1b[2Jbad\xff" + "\nline"));
    }

    private static IEnumerable<string> Of<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(RunNames.Of);

    private static IEnumerable<string> Of(string part) => DocumentSchema.Root["$defs"]![part]!["enum"]!.AsArray().Select(word => (string)word!);

    private static IEnumerable<string> OfRecords<T>() => EveryRecord.Of<T>().Select(record => RunNames.OfRecord(record!));

    private static List<string> Lines()
    {
        var (time, body) = (DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(2)), Documents.Body);
        return
        [
            EventJson.Warning(time, new ConfigurationProblem("/etc/x.conf", 7, "words", IsWarning: true)),
            .. EveryRecord.Of<RunEvent>().Select(said => EventJson.Line(time, said, body)),
            EventJson.Finished(time, Documents.Head(), writer => RunJson.Write(writer, body)),
        ];
    }

    private static IEnumerable<string> Words(string part, params string[] members)
    {
        var at = DocumentSchema.Root["$defs"]![part]!["properties"]!;
        foreach (var member in members) at = at[member]!;
        return at["enum"]!.AsArray().Select(word => (string)word!);
    }

    private static IEnumerable<string> MembersOf(JsonNode schema) => schema switch
    {
        JsonObject parts => (parts["properties"] as JsonObject ?? []).SelectMany(member => MembersOf(member.Value!).Prepend(member.Key))
            .Concat(parts["items"] is { } items ? MembersOf(items) : []),
        _ => [],
    };
}
