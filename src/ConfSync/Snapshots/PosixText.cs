using System.Text;

namespace ConfSync.Snapshots;

/// <summary>
/// File names, link targets and account names are bytes to POSIX and text to C#. They are held as strings in which a
/// byte that is not part of valid UTF-8 stands as a lone low surrogate U+DC80…U+DCFF, as Python's "surrogateescape"
/// does it (PEP 383), so that every legal name survives the way from disk to peer unchanged.
/// </summary>
public static class PosixText
{
    private const char EscapeBase = '\uDC00';

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text for these bytes, whatever they are.</summary>
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
    /// The text as a person may safely see it on a terminal: control characters and bytes that are not UTF-8 become
    /// <c>\xHH</c>, a backslash <c>\\</c>. Reversible, one line, no escape sequence gets through.
    /// </summary>
    public static string Printable(string text)
    {
        if (!text.Any(NeedsEscape)) return text;
        var shown = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                shown.Append(text[i]).Append(text[++i]);
            }
            else if (!NeedsEscape(text[i]))
            {
                shown.Append(text[i]);
            }
            else if (text[i] == '\\')
            {
                shown.Append(@"\\");
            }
            else if (text[i] is >= '\uDC80' and <= '\uDCFF')
            {
                shown.Append($"\\x{text[i] - EscapeBase:x2}");
            }
            else
            {
                foreach (var b in Encoding.UTF8.GetBytes(text[i].ToString())) shown.Append($"\\x{b:x2}");
            }
        }
        return shown.ToString();
    }

    // U+2028/2029 and the bidirectional controls can make a line read as what it is not.
    private static bool NeedsEscape(char c) =>
        c == '\\' || char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ||
        char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
}
