using System.Globalization;
using System.Text;

namespace ConfSync.Bytes;

/// <summary>
/// Converts between bytes and text, because file names, link targets and account names are bytes to POSIX and text to C#.
/// In the text, a byte that is not part of valid UTF-8 is a lone low surrogate U+DC80…U+DCFF, as in Python's
/// "surrogateescape" (PEP 383). So every legal name reaches the peer unchanged.
/// </summary>
public static class PosixText
{
    private const char EscapeBase = '\uDC00';

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text for these bytes. Any bytes are allowed.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return Encoding.ASCII.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var b in bytes[..consumed]) text.Append((char)(EscapeBase + b));
            }
            bytes = bytes[consumed..];
        }
        return text.ToString();
    }

    /// <summary>Whether all bytes that <see cref="Decode"/> made this text from were valid UTF-8.</summary>
    public static bool IsUtf8(string text)
    {
        for (int i = 0, length; i < text.Length; i += length)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune)) return false;
            length = rune.Utf16SequenceLength;
        }
        return true;
    }

    /// <summary>The bytes that <see cref="Decode"/> made this text from.</summary>
    /// <exception cref="EncoderFallbackException">The text holds a surrogate that stands for no byte.</exception>
    public static byte[] Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uDC80', '\uDCFF')) return Strict.GetBytes(text);
        using var bytes = new MemoryStream(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.WriteByte((byte)(text[i] - EscapeBase));
            }
            else
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.Write(Strict.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
        }
        return bytes.ToArray();
    }

    /// <summary>
    /// The text as it may safely be shown on a terminal or in a page. Characters that are not seen as themselves
    /// (<see cref="IsSeen"/>) and bytes that are not UTF-8 become <c>\xHH</c>, and a backslash becomes <c>\\</c>. The
    /// result is reversible, is one line, and holds no escape sequence.
    /// </summary>
    public static string Printable(string text) => Escaped(text, rune => rune.Value != '\\' && IsSeen(rune));

    /// <summary>Several lines, each as <see cref="Printable"/> makes it, with <paramref name="indent"/> before
    /// it.</summary>
    public static string PrintableLines(string text, string indent = "") =>
        string.Join('\n', text.Split('\n').Select(line => indent + Printable(line.TrimEnd('\r'))));

    /// <summary>The text in which a backslash is <c>\\</c>, and every other character for which <paramref name="stays"/> is
    /// false is <c>\xHH</c>, byte by byte.</summary>
    public static string Escaped(string text, Func<Rune, bool> stays)
    {
        if (!HasAny(text, rune => !stays(rune))) return text;
        var shown = new StringBuilder(text.Length + 8);
        for (int i = 0, length; i < text.Length; i += length)
        {
            length = 1;
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                shown.Append($"\\x{(text[i] is >= '\uDC80' and <= '\uDCFF' ? text[i] - EscapeBase : '?'):x2}");
                continue;
            }
            length = rune.Utf16SequenceLength;
            if (stays(rune)) shown.Append(text, i, length);
            else if (rune.Value == '\\') shown.Append(@"\\");
            else foreach (var b in Encoding.UTF8.GetBytes(rune.ToString())) shown.Append($"\\x{b:x2}");
        }
        return shown.ToString();
    }

    /// <summary>Whether <paramref name="isSuch"/> is true for any character. A byte that is not UTF-8 counts as such a
    /// character.</summary>
    public static bool HasAny(string text, Func<Rune, bool> isSuch)
    {
        for (int i = 0, length; i < text.Length; i += length)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune) || isSuch(rune)) return true;
            length = rune.Utf16SequenceLength;
        }
        return false;
    }

    /// <summary>
    /// Whether a character is visible as itself. Control characters and line separators end a line or drive a terminal.
    /// Bidirectional controls, joiners and tags make one text read as another. Unassigned characters are drawn differently
    /// everywhere, and ignorable ones (UAX #44, Default_Ignorable_Code_Point) are not drawn at all.
    /// </summary>
    public static bool IsSeen(Rune rune) => rune.IsAscii ? rune.Value is >= 0x20 and < 0x7F : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
            UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => !Ignorable.Any(range => rune.Value >= range.First && rune.Value <= range.Last),
    };

    // Ignorable characters of other categories than those above: joiners, variation selectors, fillers, the blank of
    // braille.
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
    ];
}
