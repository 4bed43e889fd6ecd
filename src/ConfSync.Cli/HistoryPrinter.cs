using ConfSync.Changes;
using ConfSync.Platform;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli;

/// <summary>What nodes keep, for people: newest first.</summary>
/// <param name="all">Every path that a generation changed, not the first few.</param>
internal sealed class HistoryPrinter(Output output, bool all)
{
    private const int First = 3;

    /// <summary>How many changes of each generation are of interest.</summary>
    public int Changes => all ? int.MaxValue : First;

    public void Print(NodeHistory history)
    {
        if (history.Failure is { } failure)
        {
            output.Error($"nginx-sync: {history.Node} could not be asked:\n{Texts.ShownLines(failure, "    ")}");
            return;
        }
        output.Star($"Generations on {history.Node}, the last one first:");
        if (history.Unfinished is { } unfinished)
        {
            output.Error($"nginx-sync: {history.Node}: {Texts.Shown(unfinished)}");
        }
        if (history.Generations.IsEmpty) output.Line("    none: no push has changed anything there, or none is kept any more");
        // The same state may have been there more than once: now it is the last one.
        var served = history.Generations.LastOrDefault(generation =>
            generation.Digest.Length > 0 && generation.Digest == history.ServedDigest);
        foreach (var generation in history.Generations.Reverse()) Print(generation, generation == served);
        output.Line("");
    }

    private void Print(Generation generation, bool isServed)
    {
        var time = generation.Time is { } confirmed ? LocalTime.Format(confirmed) : "at a time that was not recorded";
        var who = generation.Who.Length > 0 ? Texts.Shown(generation.Who) : "somebody";
        var what = generation.Count switch
        {
            null or 0 => "what it changed was not recorded",
            1 => "1 path",
            var count => $"{count} paths",
        };
        var back = generation.RolledBackTo is { } to ? $", back to {to}" : "";
        output.Line($"{generation.Number,5}  {time}  {who}  {what}{back}{(isServed ? ", served now" : "")}");
        if (generation.Count is not { } changed) return;
        foreach (var change in generation.Changes) output.Line($"         {ChangeText.Of(change)}");
        if (changed > generation.Changes.Length) output.Line($"         and {changed - generation.Changes.Length} more (-r names them)");
    }
}
