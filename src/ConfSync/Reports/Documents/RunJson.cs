using System.Text.Json;
using ConfSync.Bytes;
using ConfSync.Events;

namespace ConfSync.Reports;

/// <summary>A push, a roll-back or <c>settle</c> as a JSON document. Pure.</summary>
internal static class RunJson
{
    public static string Write(DocumentHead head, RunBody body) => JsonText.Document(head, writer => Write(writer, body));

    /// <summary>What stands behind the head.</summary>
    public static void Write(Utf8JsonWriter writer, RunBody body)
    {
        writer.WriteBoolean("dryRun", body.Nature.IsDryRun);
        writer.WriteBoolean("allOrNone", body.Nature.IsAllOrNone);
        if (body.Run is { } run) writer.Write("run", JsonNodes.Of(run), JsonPartsContext.Default.JsonRun);
        if (body.Earlier is { } earlier) writer.Write("earlier", Of(earlier), JsonPartsContext.Default.JsonEarlier);
        writer.WriteStartObject("counts");
        writer.WriteNumber("nodes", body.Reports.Length);
        foreach (var outcome in body.Reports.GroupBy(RunNames.Of).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            writer.WriteNumber(outcome.Key, outcome.Count());
        }
        writer.WriteEndObject();
        writer.WriteAll("nodes", body.Reports.Select(report => Of(report, body)), JsonPartsContext.Default.JsonOutcome);
        if (!body.Unmatched.IsEmpty) writer.WriteUnmatched(body.Unmatched);
        if (!body.Astray.IsEmpty) writer.WriteAll("astray", body.Astray.Select(Of), JsonPartsContext.Default.JsonHeldAddress);
    }

    public static JsonHeldAddress Of(AddressHolders address) =>
        new(address.Instance, address.Address.ToString(), [.. address.Holders.Select(AddressText.NameOf)]);

    public static JsonOutcome Of(NodeReport report, RunBody body) =>
        JsonNodes.Of(report, body.Generations.TryGetValue(report.Node, out var generation) ? generation : null, body.Nature.IsRollback);

    public static JsonEarlier Of(EarlierEnd earlier) => new(
        RunNames.Of(earlier.State), JsonText.Utc(earlier.Push.Time), PosixText.Printable(earlier.Push.Who), PosixText.Printable(earlier.Push.ConfigPath),
        [.. earlier.Push.Nodes.Select(node => node.ToString())],
        earlier.Reports.IsEmpty ? null : [.. earlier.Reports.Select(report => JsonNodes.Of(report))]);
}
