using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ConfSync.Snapshots;

/// <summary>One number for a whole state: what a peer remembers of the last state that it was seen to serve.</summary>
public static class SnapshotDigest
{
    /// <summary>SHA-256, in hexadecimal, over everything that makes two states different and nothing else: no times, no
    /// account numbers where there are names.</summary>
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
