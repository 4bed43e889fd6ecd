using System.Text;
using System.Text.RegularExpressions;

namespace ConfSync.Runs;

/// <summary>Finds private keys and passwords in the content of a file, whatever its name. They may stand anywhere in it,
/// with anything before them on the line: a byte order mark, an indent, the quote of a YAML or JSON file. Pure.</summary>
internal static partial class KeyMaterial
{
    /// <summary>Whether the content holds a private key.</summary>
    public static bool HoldsPrivateKey(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty) return false;
        var text = Encoding.Latin1.GetString(content);
        // UTF-16 has a NUL beside each character of a header.
        if (content.Contains((byte)0)) text = text.Replace("\0", "", StringComparison.Ordinal);
        return PrivateKey().IsMatch(text) || (JsonKeyType().IsMatch(text) && JsonPrivatePart().IsMatch(text)) ||
            EncodedPem().EnumerateMatches(text) is var encoded && AnyIsPrivate(encoded, text);
    }

    /// <summary>Whether the content holds lines of htpasswd(1), htdigest(1) or shadow(5).</summary>
    public static bool HoldsPasswords(ReadOnlySpan<byte> content) => Passwords().IsMatch(Encoding.Latin1.GetString(content));

    // Certificates come in base64 as often as keys do, so the decoded header decides.
    private static bool AnyIsPrivate(Regex.ValueMatchEnumerator encoded, string text)
    {
        foreach (var match in encoded)
        {
            var start = text.AsSpan(match.Index, match.Length / 4 * 4);
            var decoded = new byte[start.Length];
            if (Convert.TryFromBase64Chars(start, decoded, out var count) &&
                PrivateKey().IsMatch(Encoding.Latin1.GetString(decoded.AsSpan(0, count)))) return true;
        }
        return false;
    }

    // PEM with any label (RFC 7468; also OpenSSH, OpenPGP, and SSH2 with four dashes and a blank: RFC 4716), SSH version 1,
    // PuTTY, age, WireGuard.
    [GeneratedRegex(
        """
        --[ \t]*BEGIN\b[^\r\n]{0,80}\bPRIVATE[ _-]?KEY | SSH\ PRIVATE\ KEY\ FILE\ FORMAT | PuTTY-User-Key-File
        | AGE-SECRET-KEY- | AGE-PLUGIN-[A-Z0-9-]+1 | (^|[\r\n])[ \t]*(PrivateKey|PresharedKey)[ \t]*=[ \t]*[A-Za-z0-9+/]{42,}
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex PrivateKey();

    // RFC 7517 defines "kty". In RFC 7518, "d" and the primes are private, and "k" is a symmetric key.
    [GeneratedRegex("""["']kty["']\s*:""")]
    private static partial Regex JsonKeyType();

    [GeneratedRegex("""["'](d|p|q|dp|dq|qi|k)["']\s*:\s*["']""")]
    private static partial Regex JsonPrivatePart();

    // "-----BEGIN " in base64, as a Kubernetes secret has it, and what follows.
    [GeneratedRegex("LS0tLS1CRUdJTi[A-Za-z0-9+/]{2,80}")]
    private static partial Regex EncodedPem();

    [GeneratedRegex(
        @"(^|[\r\n])[^:\s]+:(\$[a-z0-9][a-z0-9-]*\$|\{(SSHA|SHA|PLAIN|CRYPT|MD5|SMD5)[0-9]*\}|[^:\r\n]*:[0-9a-f]{32}[ \t]*(\r|\n|$))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Passwords();
}
