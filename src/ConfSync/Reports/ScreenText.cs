using System.Globalization;
using System.Text;

namespace ConfSync.Reports;

/// <summary>Text in columns of a terminal, on which a character takes none, one or two of them. Pure.</summary>
internal static class ScreenText
{
    private const string Tab = "    ";

    // Where Unicode's East_Asian_Width (UAX #11) is W or F, and emoji, which terminals show as wide.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x4DBF), (0x4E00, 0xA4CF), (0xA960, 0xA97C), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The text, cut or filled to <paramref name="width"/> columns; a tab is four spaces.</summary>
    public static string Fit(string text, int width)
    {
        var shown = new StringBuilder(width);
        var used = 0;
        // Where to cut if there is more than fits, to leave a column for the ellipsis.
        var (cut, usedByCut) = (0, 0);
        foreach (var rune in text.Replace("\t", Tab, StringComparison.Ordinal).EnumerateRunes())
        {
            used += WidthOf(rune);
            if (used > width) return shown.Remove(cut, shown.Length - cut).Append('…').Append(' ', width - usedByCut - 1).ToString();
            shown.Append(rune);
            if (used < width) (cut, usedByCut) = (shown.Length, used);
        }
        return shown.Append(' ', width - used).ToString();
    }

    private static int WidthOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => Wide.Any(range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1,
    };
}
