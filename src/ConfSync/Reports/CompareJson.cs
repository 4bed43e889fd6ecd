using System.Collections.Immutable;
using System.Text.Json;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>A comparison as a JSON document; docs/compare.md explains it. Pure.</summary>
internal static class CompareJson
{
    public static string Write(DocumentHead head, Comparison comparison) => JsonText.Document(head, writer => Write(writer, comparison));

    /// <summary>What stands behind the head.</summary>
    public static void Write(Utf8JsonWriter writer, Comparison comparison)
    {
        writer.WriteNumber("paths", comparison.Paths);
        writer.Write(
            "counts", new JsonCounts(
                comparison.Nodes.Length, comparison.Nodes.Count(node => node.Drifted), comparison.Nodes.Count(node => node.IsPending),
                comparison.Nodes.Count(node => node.IsDown), comparison.Nodes.Count(node => !node.IsWhole)),
            JsonPartsContext.Default.JsonCounts);
        writer.WriteAll("nodes", comparison.Nodes.Select(NodeOf), JsonPartsContext.Default.JsonNodeResult);
        if (!comparison.Astray.IsEmpty) writer.WriteAll("astray", comparison.Astray.Select(RunJson.Of), JsonPartsContext.Default.JsonHeldAddress);
        if (comparison.Earlier is { } earlier) writer.Write("earlier", RunJson.Of(new EarlierEnd(earlier, EarlierState.Pending, [])), JsonPartsContext.Default.JsonEarlier);
        if (!comparison.Unmatched.IsEmpty) writer.WriteUnmatched(comparison.Unmatched);
    }

    private static JsonNodeResult NodeOf(NodeComparison node) => new(
        node.Node.ToString(),
        node.Failure is not null ? "error" : node.Drifted ? "drifted" : "same",
        Names.Of(node.Nginx), node.Failure is { } failure ? JsonText.Lines(CompareText.Of(failure)) : CompareText.Shortfall(node), JsonText.Shown(node.Unfinished), node.Took.TotalSeconds,
        [.. node.Entries.Select(EntryOf)])
    {
        MessageCode = JsonText.MessageCode(node.Failure),
        Services = JsonNodes.Of(node.Others),
    };

    private static JsonEntry EntryOf(ComparedEntry entry) => new(
        PosixText.Printable(entry.Path), Names.Of(entry.State), Names.Of(entry.Differences), SideOf(entry, entry.Local),
        SideOf(entry, entry.Remote), entry.Diff is null ? null : DiffOf(entry.Diff));

    private static JsonSide? SideOf(ComparedEntry compared, Entry? entry) => entry is null ? null : new(
        Names.Of(entry.Kind), entry.Kind == EntryKind.Link ? null : CompareText.Mode(entry),
        PosixText.Printable(entry.Owner.ToString()), PosixText.Printable(entry.Group.ToString()),
        entry.Kind == EntryKind.File ? entry.Size : null,
        compared.Secrecy != Secrecy.None ? entry.Digest?[..8] : entry.Digest, JsonText.Shown(entry.Target),
        DateTimeOffset.FromUnixTimeMilliseconds((long)(entry.Modified * 1000)));

    private static JsonDiff DiffOf(ContentDiff diff) => new(
        Names.Of(diff.Kind),
        diff.Kind != ContentDiffKind.Text ? null : [.. diff.Hunks.Select(hunk => new JsonHunk(
            hunk.RemoteStart, hunk.RemoteCount, hunk.LocalStart, hunk.LocalCount,
            [.. hunk.Lines.Select(line => new JsonLine(Names.Of(line.Kind), line.Text, line.EndsWithNewline))]))]);
}

internal sealed record JsonCounts(int Nodes, int Drifted, int Pending, int NotRunning, int Errors);

internal sealed record JsonNodeResult(
    string Node, string State, string Nginx, string? Error, string? Unfinished, double Seconds, ImmutableArray<JsonEntry> Entries)
{
    public string? MessageCode { get; init; }

    public ImmutableArray<JsonServiceState>? Services { get; init; }
}

internal sealed record JsonEntry(
    string Path, string State, ImmutableArray<string> Differences, JsonSide? Local, JsonSide? Remote, JsonDiff? Diff);

internal sealed record JsonSide(
    string Kind, string? Mode, string Owner, string Group, long? Size, string? Sha256, string? Target, DateTimeOffset Modified);

internal sealed record JsonDiff(string Kind, ImmutableArray<JsonHunk>? Hunks);

internal sealed record JsonHunk(
    int RemoteStart, int RemoteCount, int LocalStart, int LocalCount, ImmutableArray<JsonLine> Lines);

internal sealed record JsonLine(string Kind, string Text, bool Newline);
