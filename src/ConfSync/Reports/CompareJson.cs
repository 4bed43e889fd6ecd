using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>A comparison as a JSON document (RFC 8259): docs/compare.schema.json describes it, docs/compare.md explains
/// it. A field may be added within a version; what is there keeps its meaning. Pure.</summary>
public static class CompareJson
{
    public const int Version = 1;

    /// <summary>The document, indented, ended by a newline. Paths and words that are no valid UTF-8 stand as in
    /// <see cref="PosixText.Printable"/>; all but ASCII is escaped.</summary>
    public static string Write(Comparison comparison) =>
        JsonSerializer.Serialize(DocumentOf(comparison), CompareJsonContext.Default.CompareDocument) + "\n";

    private static CompareDocument DocumentOf(Comparison comparison) => new(
        "nginx-sync comparison", Version, comparison.Started, comparison.Took.TotalSeconds, comparison.Paths,
        new JsonCounts(
            comparison.Nodes.Length, comparison.Nodes.Count(node => node.Drifted),
            comparison.Nodes.Count(node => node.IsPending), comparison.Nodes.Count(node => node.IsDown), comparison.Nodes.Count(node => !node.IsWhole)),
        [.. comparison.Nodes.Select(NodeOf)],
        comparison.Unmatched.IsEmpty ? null : [.. comparison.Unmatched.Select(pattern => new JsonPattern(pattern.Variable, PosixText.Printable(pattern.Text)))]);

    private static JsonNodeResult NodeOf(NodeComparison node) => new(
        node.Node.ToString(),
        node.Failure is not null ? "error" : node.Drifted ? "drifted" : "same",
        Names.Of(node.Nginx), node.Failure is { } failure ? Text(CompareText.Of(failure)) : CompareText.Shortfall(node), Text(node.Unfinished), node.Took.TotalSeconds,
        [.. node.Entries.Select(EntryOf)]);

    private static JsonEntry EntryOf(ComparedEntry entry) => new(
        PosixText.Printable(entry.Path), Names.Of(entry.State), Names.Of(entry.Differences), SideOf(entry, entry.Local),
        SideOf(entry, entry.Remote), entry.Diff is null ? null : DiffOf(entry.Diff));

    private static JsonSide? SideOf(ComparedEntry compared, Entry? entry) => entry is null ? null : new(
        Names.Of(entry.Kind), entry.Kind == EntryKind.Link ? null : CompareText.Mode(entry),
        PosixText.Printable(entry.Owner.ToString()), PosixText.Printable(entry.Group.ToString()),
        entry.Kind == EntryKind.File ? entry.Size : null,
        compared.Secrecy != Secrecy.None ? entry.Digest?[..8] : entry.Digest, Text(entry.Target),
        DateTimeOffset.FromUnixTimeMilliseconds((long)(entry.Modified * 1000)));

    private static JsonDiff DiffOf(ContentDiff diff) => new(
        Names.Of(diff.Kind),
        diff.Kind != ContentDiffKind.Text ? null : [.. diff.Hunks.Select(hunk => new JsonHunk(
            hunk.RemoteStart, hunk.RemoteCount, hunk.LocalStart, hunk.LocalCount,
            [.. hunk.Lines.Select(line => new JsonLine(Names.Of(line.Kind), line.Text, line.EndsWithNewline))]))]);

    private static string? Text(string? text) => text is null ? null : PosixText.Printable(text);
}

/// <summary>The document's root; its members are as docs/compare.schema.json names them.</summary>
internal sealed record CompareDocument(
    string Document, int Version, DateTimeOffset Started, double Seconds, int Paths, JsonCounts Counts,
    ImmutableArray<JsonNodeResult> Nodes, ImmutableArray<JsonPattern>? Unmatched);

internal sealed record JsonPattern(string Variable, string Pattern);

internal sealed record JsonCounts(int Nodes, int Drifted, int Pending, int NotRunning, int Errors);

internal sealed record JsonNodeResult(
    string Node, string State, string Nginx, string? Error, string? Unfinished, double Seconds, ImmutableArray<JsonEntry> Entries);

internal sealed record JsonEntry(
    string Path, string State, ImmutableArray<string> Differences, JsonSide? Local, JsonSide? Remote, JsonDiff? Diff);

internal sealed record JsonSide(
    string Kind, string? Mode, string Owner, string Group, long? Size, string? Sha256, string? Target, DateTimeOffset Modified);

internal sealed record JsonDiff(string Kind, ImmutableArray<JsonHunk>? Hunks);

internal sealed record JsonHunk(
    int RemoteStart, int RemoteCount, int LocalStart, int LocalCount, ImmutableArray<JsonLine> Lines);

internal sealed record JsonLine(string Kind, string Text, bool Newline);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompareDocument))]
internal sealed partial class CompareJsonContext : JsonSerializerContext;
