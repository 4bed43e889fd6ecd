using System.Globalization;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>
/// One file's difference in the unified format (POSIX.1-2024, diff, "Diff -u Output Format"; GNU diffutils' manual,
/// "Detailed Unified"). The remote side is the old one: applied to the node's files, it makes them the local ones, and a
/// line with "+" is one that a push would bring. Pure.
/// </summary>
public static class UnifiedDiff
{
    /// <summary>Whether every line is shown as it is, so that patch(1) can apply the result.</summary>
    public static bool IsExact(ContentDiff diff) =>
        diff.Hunks.All(hunk => hunk.Lines.All(line => ShownText.IsPlain(line.Text)));

    /// <param name="entry">With hunks in its <see cref="ComparedEntry.Diff"/>.</param>
    /// <param name="newSide">What the header calls the side of the lines with "+".</param>
    /// <param name="oldSide">The same of those with "-".</param>
    /// <returns>The headers and hunks, a line each, what cannot be shown as <c>\xHH</c>. Empty without hunks, as diff
    /// prints nothing for an empty file that is new.</returns>
    public static IEnumerable<string> Lines(ComparedEntry entry, string newSide = "local", string oldSide = "remote")
    {
        if (entry.Diff is not { Hunks: { IsEmpty: false } hunks }) yield break;
        yield return $"--- {ShownText.HeaderName($"{oldSide}:{entry.Path}")}\t{Time(entry.Remote)}";
        yield return $"+++ {ShownText.HeaderName($"{newSide}:{entry.Path}")}\t{Time(entry.Local)}";
        foreach (var hunk in hunks)
        {
            yield return $"@@ -{Range(hunk.RemoteStart, hunk.RemoteCount)} +{Range(hunk.LocalStart, hunk.LocalCount)} @@";
            foreach (var line in hunk.Lines)
            {
                yield return Mark(line.Kind) + ShownText.Line(line.Text);
                if (!line.EndsWithNewline) yield return @"\ No newline at end of file";
            }
        }
    }

    private static string Mark(DiffLineKind kind) => kind switch
    {
        DiffLineKind.Removed => "-",
        DiffLineKind.Added => "+",
        _ => " ",
    };

    private static string Range(int start, int count) =>
        count == 1 ? Number(start) : $"{Number(start)},{Number(count)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // As GNU diff prints it. A file that is not there has the time 0, by which patch and git know that it is to be
    // created or removed.
    private static string Time(Entry? entry)
    {
        var modified = entry is { Kind: EntryKind.File } ? Math.Max(entry.Modified, 1) : 0;
        var whole = (long)decimal.Floor(modified);
        var time = DateTimeOffset.FromUnixTimeSeconds(whole);
        var nanoseconds = (long)((modified - whole) * 1_000_000_000);
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss}.{nanoseconds:D9} +0000");
    }
}
