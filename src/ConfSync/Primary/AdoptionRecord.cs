using System.Collections.Immutable;

namespace ConfSync.Primary;

/// <summary>What this machine remembers of a node's configuration that it took over: it has had what these runs left.</summary>
/// <param name="Id">The ID of the run that took it over, or undid that.</param>
/// <param name="Runs">The IDs of the runs that had left it on the node; empty where the adoption was undone, because this machine
/// no longer descends from them then.</param>
internal sealed record AdoptionRecord(string Id, ImmutableArray<string> Runs)
{
    private const string Word = "adopted";

    /// <summary>One line without its end, in the record of runs (docs/protocol.md).</summary>
    public string Format() => string.Join(' ', Runs.Prepend(Id).Prepend(Word));

    /// <returns>The record; null if <see cref="Format"/> never makes this line.</returns>
    public static AdoptionRecord? Parse(string line) =>
        line.Split(' ') is [Word, var id, .. var runs] && runs.Prepend(id).All(IsId) ? new AdoptionRecord(id, [.. runs]) : null;

    /// <summary>The runs that count as had: of each adoption, those after it was last undone.</summary>
    /// <param name="records">In the order of the file.</param>
    public static IEnumerable<string> RunsOf(IEnumerable<AdoptionRecord> records) =>
        records.GroupBy(record => record.Id).SelectMany(same => same.Reverse().TakeWhile(record => !record.Runs.IsEmpty)).SelectMany(record => record.Runs).Distinct();

    /// <summary>The adoptions that were undone.</summary>
    /// <inheritdoc cref="RunsOf"/>
    public static IEnumerable<string> UndoneOf(IEnumerable<AdoptionRecord> records) =>
        records.GroupBy(record => record.Id).Where(same => same.Last().Runs.IsEmpty).Select(same => same.Key);

    private static bool IsId(string word) => word.Length == 16 && word.All(char.IsAsciiHexDigitLower);
}
