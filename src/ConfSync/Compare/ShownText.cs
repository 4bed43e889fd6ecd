using System.Globalization;
using System.Text;
using ConfSync.Snapshots;

namespace ConfSync.Compare;

/// <summary>Lines of other people's files as they may be shown on a terminal. Pure.</summary>
internal static class ShownText
{
    /// <summary>Whether a line can be shown as it is: no control character but a tab and the carriage return that ends it,
    /// nothing that makes a line read as what it is not.</summary>
    public static bool IsPlain(string line)
    {
        var body = line.EndsWith('\r') ? line.AsSpan(..^1) : line;
        foreach (var c in body)
        {
            if (NeedsEscape(c)) return false;
        }
        return true;
    }

    /// <summary>The line with every character that cannot be shown as <c>\xHH</c>, its bytes. A backslash and a tab stay
    /// what they are: configuration is full of both.</summary>
    public static string Line(string line)
    {
        if (IsPlain(line)) return line;
        var shown = new StringBuilder(line.Length + 8);
        foreach (var c in line)
        {
            if (NeedsEscape(c)) shown.Append(PosixText.Printable(c.ToString()));
            else shown.Append(c);
        }
        return shown.ToString();
    }

    /// <summary>A name in the header of a diff: as it is, or in C's quotes with octal bytes, as GNU diff writes it and
    /// GNU patch and git read it, where it holds what would end it, a control character, or no valid UTF-8.</summary>
    public static string HeaderName(string name)
    {
        if (!name.Any(c => c is '"' or '\\' || char.IsControl(c) || char.IsSurrogate(c) || NeedsEscape(c))) return name;
        var quoted = new StringBuilder("\"");
        foreach (var b in PosixText.Encode(name))
        {
            if (b is (byte)'"' or (byte)'\\') quoted.Append('\\').Append((char)b);
            else if (b is >= 0x20 and < 0x7F) quoted.Append((char)b);
            else quoted.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }
        return quoted.Append('"').ToString();
    }

    // U+2028/2029 and the bidirectional controls, as in PosixText.Printable.
    private static bool NeedsEscape(char c) =>
        (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' ||
        char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
