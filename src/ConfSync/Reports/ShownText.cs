using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Reports;

/// <summary>Lines of other people's files as they may be shown on a terminal. Pure.</summary>
internal static class ShownText
{
    /// <summary>Whether a line can be shown as it is: nothing in it but characters that are seen as themselves, tabs, and the
    /// carriage return that ends it.</summary>
    public static bool IsPlain(string line) =>
        !PosixText.HasAny(line.EndsWith('\r') ? line[..^1] : line, rune => !Stays(rune));

    /// <summary>The line with every character that cannot be shown as <c>\xHH</c>, its bytes. A backslash and a tab stay
    /// what they are: configuration is full of both.</summary>
    public static string Line(string line)
    {
        if (IsPlain(line)) return line;
        return PosixText.Escaped(line, Stays);
    }

    /// <summary>A name in the header of a diff: as it is, or in C's quotes with octal bytes, as GNU diff writes it and
    /// GNU patch and git read it, where it holds what would end it, a control character, or no valid UTF-8.</summary>
    public static string HeaderName(string name)
    {
        if (!PosixText.HasAny(name, rune => rune.Value is '"' or '\\' || !PosixText.IsSeen(rune))) return name;
        var quoted = new StringBuilder("\"");
        foreach (var b in PosixText.Encode(name))
        {
            if (b is (byte)'"' or (byte)'\\') quoted.Append('\\').Append((char)b);
            else if (b is >= 0x20 and < 0x7F) quoted.Append((char)b);
            else quoted.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }
        return quoted.Append('"').ToString();
    }

    private static bool Stays(Rune rune) => rune.Value is '\\' or '\t' || PosixText.IsSeen(rune);
}
