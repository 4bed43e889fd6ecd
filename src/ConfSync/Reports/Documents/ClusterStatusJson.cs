using System.Text.Json;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>A status as a JSON document. Pure.</summary>
internal static class ClusterStatusJson
{
    public static string Write(DocumentHead head, Comparison status) => JsonText.Document(head, writer => Write(writer, status));

    /// <summary>What stands behind the head.</summary>
    public static void Write(Utf8JsonWriter writer, Comparison status)
    {
        writer.WriteNumber("paths", status.Paths);
        writer.Write(
            "counts", new JsonStatusCounts(
                status.Nodes.Length, status.Nodes.Count(node => node.Drifted), status.Nodes.Count(node => node.IsPending),
                status.Nodes.Count(node => node.IsDown), status.Nodes.Count(node => node.Unfinished is not null),
                status.Nodes.Count(node => node.Failure is not null)),
            JsonPartsContext.Default.JsonStatusCounts);
        writer.WriteAll(
            "nodes", status.Nodes.Select(NodeOf), JsonPartsContext.Default.JsonNodeStatus);
        if (status.Earlier is { } earlier) writer.Write("earlier", RunJson.Of(new EarlierEnd(earlier, EarlierState.Pending, [])), JsonPartsContext.Default.JsonEarlier);
    }

    private static JsonNodeStatus NodeOf(NodeComparison node) => new(
        node.Node.ToString(), node.Service is not null, node.Failure is not null ? "error" : node.Drifted ? "drifted" : "same",
        node.Failure is null ? node.Entries.Length : null, Names.Of(node.Nginx), ServedOf(node.Service), node.Service?.Version,
        JsonText.Utc(node.Service?.RunsSince), node.Service?.ClockDifference.TotalSeconds, node.Service?.ClockPrecision.TotalSeconds,
        JsonText.Shown(node.Unfinished), node.Failure is { } failure ? JsonText.Lines(CompareText.Of(failure)) : null, node.Took.TotalSeconds)
    {
        MessageCode = JsonText.MessageCode(node.Failure),
        Services = JsonNodes.Of(node.Others),
    };

    private static JsonServed? ServedOf(ServiceStatus? service) => service?.Served is not { } served ? null : new(
        served.Number, served.Run?.Id, JsonText.Shown(served.Run?.Message), JsonText.Utc(served.Time), service.ServedFor?.TotalSeconds);
}
