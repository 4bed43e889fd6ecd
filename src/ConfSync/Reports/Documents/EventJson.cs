using System.Text.Json;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Reports;

/// <summary>What a run says while it goes on, for programs: a JSON object a line (jsonlines.org), as <c>$defs/event</c> of
/// docs/schema.json describes it. Pure.</summary>
internal static class EventJson
{
    /// <param name="body">What the run is, as far as it is known with this event.</param>
    /// <returns>The line, ended by a newline.</returns>
    public static string Line(DateTimeOffset time, RunEvent said, RunBody body) =>
        Line(time, RunNames.OfRecord(said), writer => Write(writer, said, body));

    /// <summary>The configuration file is warned of something.</summary>
    public static string Warning(DateTimeOffset time, ConfigurationProblem problem) =>
        Line(time, "warning", writer => writer.Write("problem", JsonText.Of(problem), JsonPartsContext.Default.JsonProblem));

    /// <summary>The last line, with the document.</summary>
    public static string Finished(DateTimeOffset time, DocumentHead head, Action<Utf8JsonWriter> body) => Line(time, "finished", writer =>
    {
        writer.WritePropertyName("document");
        JsonText.Document(writer, head, body);
    });

    private static string Line(DateTimeOffset time, string name, Action<Utf8JsonWriter> write) => JsonText.Text(isIndented: false, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("time", JsonText.Utc(time));
        writer.WriteString("event", name);
        write(writer);
        writer.WriteEndObject();
    }) + "\n";

    private static void Write(Utf8JsonWriter writer, RunEvent said, RunBody body)
    {
        switch (said)
        {
            case RunEvent.EarlierPending or RunEvent.EarlierFinished or RunEvent.GoingOnWithoutEarlier:
                writer.Write("earlier", RunJson.Of(body.Earlier!), JsonPartsContext.Default.JsonEarlier);
                break;
            case RunEvent.FinishingEarlier { Nodes: var nodes, Dropped: var dropped }:
                writer.Write("earlier", RunJson.Of(body.Earlier!), JsonPartsContext.Default.JsonEarlier);
                Write(writer, "nodes", nodes);
                Write(writer, "dropped", dropped);
                break;
            case RunEvent.Began:
                writer.WriteBoolean("dryRun", body.Nature.IsDryRun);
                writer.WriteBoolean("allOrNone", body.Nature.IsAllOrNone);
                if (body.Run is { } run) writer.Write("run", JsonNodes.Of(run), JsonPartsContext.Default.JsonRun);
                Write(writer, "nodes", body.Nodes);
                break;
            case RunEvent.PrimaryTested { Test: var test }:
                writer.WriteString("words", PosixText.PrintableLines(test.Words));
                writer.WriteNumber("outside", test.Outside.Count);
                break;
            case RunEvent.PrimaryRescanned { Moved: var words }:
                writer.WriteString("words", PosixText.PrintableLines(words));
                break;
            case RunEvent.BeganAgain { Path: var path }:
                writer.WriteString("path", PosixText.Printable(path));
                break;
            case RunEvent.PatternsUnmatched { Patterns: var patterns }:
                writer.WriteUnmatched(patterns);
                break;
            case RunEvent.OrderedByRoles { Nodes: var nodes }:
                writer.WriteAll("order", nodes.Select(role => new JsonNodeRole(role.Node.ToString(), role.Addresses)), JsonPartsContext.Default.JsonNodeRole);
                break;
            case RunEvent.GoingOnAstray { Addresses: var before }:
                writer.WriteAll("astray", before.Select(RunJson.Of), JsonPartsContext.Default.JsonHeldAddress);
                break;
            case RunEvent.AddressesAstray { Addresses: var astray }:
                writer.WriteAll("astray", astray.Select(RunJson.Of), JsonPartsContext.Default.JsonHeldAddress);
                break;
            case RunEvent.RecordNotUpdated { Words: var words }:
                writer.WriteString("words", PosixText.PrintableLines(words));
                break;
            case RunEvent.RunNotRecorded { Words: var words }:
                writer.WriteString("words", PosixText.PrintableLines(words));
                break;
            default:
                WriteOfNode(writer, said, body);
                break;
        }
    }

    private static void WriteOfNode(Utf8JsonWriter writer, RunEvent said, RunBody body)
    {
        switch (said)
        {
            case RunEvent.NodeGoesBack { Node: var node, Generation: var generation }:
                writer.WriteString("node", node.ToString());
                writer.WriteNumber("generation", generation);
                break;
            case RunEvent.NodeBegan { Node: var node, Step: var step }:
                writer.WriteString("node", node.ToString());
                writer.WriteString("step", RunNames.Of(step));
                break;
            case RunEvent.NodeRescanned { Node: var node, Moved: var words }:
                writer.WriteString("node", node.ToString());
                writer.WriteString("words", PosixText.PrintableLines(words));
                break;
            case RunEvent.NodeFinished { Report: var report }:
                writer.WriteString("node", report.Node.ToString());
                writer.Write("result", RunJson.Of(report, body), JsonPartsContext.Default.JsonOutcome);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<Node> nodes) =>
        writer.WriteAll(name, nodes.Select(node => node.ToString()));
}
