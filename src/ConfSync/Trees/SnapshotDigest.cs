using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>The digest of a whole Snapshot. A peer records the digest of the last Snapshot that nginx was seen to
/// serve.</summary>
public static class SnapshotDigest
{
    private const int ScopeDigits = 16;

    /// <summary>The digest of CONFPATHS and EXCLUDE. Two Snapshots of different scopes cannot be compared, because each
    /// leaves out what the other may include.</summary>
    public static string ScopeOf(IEnumerable<string> confPaths, IEnumerable<string> exclude)
    {
        var words = confPaths.Order(StringComparer.Ordinal).Append("").Concat(exclude.Distinct().Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(PosixText.Encode(string.Join('\0', words))))[..ScopeDigits];
    }

    /// <summary>The digest of a Snapshot with its scope: HEX<c>:</c>SCOPE.</summary>
    public static string Of(Snapshot snapshot, string scope) => $"{Of(snapshot)}:{scope}";

    /// <summary>Whether a digest has this scope, so that it can be compared with other digests of the scope. A digest of an
    /// earlier version has none.</summary>
    public static bool IsOf(string digest, string scope) => digest.EndsWith(":" + scope, StringComparison.Ordinal);

    /// <summary>Whether the text is a digest with a scope, or one of an earlier version without.</summary>
    public static bool IsOne(string text) => text.Split(':') is [{ Length: 64 } state, .. var scope] && IsHex(state) &&
        (scope is [] || (scope is [{ Length: ScopeDigits } one] && IsHex(one)));

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);

    /// <summary>SHA-256, in hexadecimal, over everything in which two Snapshots can differ: not times, and not account
    /// numbers where there are names.</summary>
    public static string Of(Snapshot snapshot)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in snapshot.Entries)
        {
            var mode = entry.Kind == EntryKind.Link ? 0 : entry.Mode;
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{entry.Kind}\0{mode}\0{entry.Owner}\0{entry.Group}\0{entry.Digest}\0");
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            hash.AppendData(PosixText.Encode($"{entry.Target}\0{entry.Path}\0"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
