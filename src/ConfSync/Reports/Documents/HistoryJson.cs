using System.Collections.Immutable;
using System.Text.Json;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What nodes keep, as a JSON document. Pure.</summary>
internal static class HistoryJson
{
    public static string Write(DocumentHead head, IReadOnlyList<NodeHistory> histories, ImmutableArray<RecordedRun> recorded) =>
        JsonText.Document(head, writer => Write(writer, histories, recorded));

    /// <param name="recorded">The runs that the primary remembers, the oldest one first.</param>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<NodeHistory> histories, ImmutableArray<RecordedRun> recorded)
    {
        writer.WriteAll("runs", Runs(histories, recorded), JsonPartsContext.Default.JsonRecordedRun);
        writer.WriteAll("nodes", histories.Select(Of), JsonPartsContext.Default.JsonHistory);
    }

    // What the primary remembers, and what only nodes know: runs of another primary, and those that were too many to remember.
    private static IEnumerable<JsonRecordedRun> Runs(IReadOnlyList<NodeHistory> histories, ImmutableArray<RecordedRun> recorded)
    {
        var known = KnownRun.Of([.. histories.Where(history => history is { Failure: null, SameAs: null })], recorded)
            .Where(run => run is { Record: not null, Remembered: null })
            .Select(run => new RecordedRun(run.Record!, run.Who, [.. run.Made.Select(made => new RecordedNode(made.History.Node.ToString(), NodeOutcome.Updated)).Distinct()]));
        // Of runs that began in the same second, the one that was recorded last comes first.
        return Enumerable.Reverse(recorded).Concat(known).OrderByDescending(run => run.Run.Began ?? DateTimeOffset.MinValue).Select(Of);
    }

    private static JsonRecordedRun Of(RecordedRun recorded) => new(
        JsonNodes.Of(recorded.Run), PosixText.Printable(recorded.Who),
        [.. recorded.Nodes.Select(node => new JsonRecordedNode(PosixText.Printable(node.Node), RunNames.Of(node.Outcome)))]);

    private static JsonHistory Of(NodeHistory history)
    {
        var node = history.Node;
        return new JsonHistory(
            node.ToString(), PosixText.Printable(node.Address.Host), JsonText.Shown(node.Address.User), node.Address.Port, JsonText.Lines(history.Failure?.Words), JsonText.Shown(history.Unfinished),
            history.SameAs?.ToString(), [.. history.Generations.Reverse().Select(generation => Of(generation, HistoryText.IsServed(history, generation)))])
        {
            MessageCode = JsonText.MessageCode(history.Failure),
        };
    }

    private static JsonGeneration Of(Generation generation, bool isServed) => new(
        generation.Number, generation.Time is { } time ? JsonText.Utc(time) : null, generation.Who.Length == 0 ? null : PosixText.Printable(generation.Who),
        generation.Run is { } run ? JsonNodes.Of(run) : null, generation.RolledBackTo, isServed, generation.Count,
        generation.Changes.IsEmpty ? null : JsonNodes.Of(generation.Changes));
}
