using System.Text;

namespace ConfSync.Bytes;

/// <summary>Percent-encoding of names (RFC 3986, 2.1), so that sh reads any name as one word.</summary>
internal static class Wire
{
    public static string Encode(string text)
    {
        if (text.All(IsPlain)) return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in PosixText.Encode(text))
        {
            if (IsPlain((char)b)) encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", null));
        }
        return encoded.ToString();
    }

    /// <exception cref="FormatException"><see cref="Encode"/> never makes this text.</exception>
    public static string Decode(string encoded)
    {
        if (encoded.All(IsPlain)) return encoded;
        var bytes = new List<byte>(encoded.Length);
        var rest = encoded.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = rest[0] == '%' ? 3 : 1;
            if (rest.Length < length || (length == 1 && !IsPlain(rest[0])))
            {
                throw new FormatException($"not percent-encoded: {PosixText.Printable(encoded)}");
            }
            bytes.Add(length == 1 ? (byte)rest[0] : Convert.FromHexString(rest[1..3])[0]);
            rest = rest[length..];
        }
        return PosixText.Decode([.. bytes]);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-' or '+' or ',' or ':' or '@';
}
