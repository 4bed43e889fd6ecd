using System.Text;

namespace ConfSync.Transport;

/// <summary>Finds out whether a private key needs a passphrase. ssh does not say so: it leaves such a key out, and the
/// result is "Permission denied".</summary>
internal static class PrivateKeys
{
    private const int MostBytes = 64 * 1024;
    private const string OpenSshBegin = "-----BEGIN OPENSSH PRIVATE KEY-----";

    private static readonly string[] UsualNames = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk", "id_xmss", "id_dsa"];

    // PROTOCOL.key of OpenSSH: a magic with its NUL, then the length of the cipher's name in four bytes, and the name.
    private static readonly byte[] NoCipher = [.. "openssh-key-v1\0\0\0\0\x04none"u8];

    /// <summary>The first key that ssh would use and that needs a passphrase; null for none.</summary>
    /// <param name="named">The key of SSHKEY; null where ssh selects among the user's own.</param>
    public static string? Locked(string? named, string home) =>
        (named is null ? UsualNames.Select(name => $"{home}/.ssh/{name}") : [named]).FirstOrDefault(IsLocked);

    private static bool IsLocked(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes) return false;
            using var reader = new StreamReader(file, Encoding.ASCII);
            return IsLockedText(reader.ReadToEnd());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    internal static bool IsLockedText(string text)
    {
        var begin = text.IndexOf(OpenSshBegin, StringComparison.Ordinal);
        if (begin < 0)
        {
            // The formats of RFC 1421 and PKCS#8.
            return text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) ||
                text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        }
        var body = string.Concat(text[(begin + OpenSshBegin.Length)..].Split('-')[0].Where(c => !char.IsWhiteSpace(c)));
        var bytes = new byte[body.Length];
        return Convert.TryFromBase64String(body, bytes, out var count) && !bytes.AsSpan(0, count).StartsWith(NoCipher);
    }
}
