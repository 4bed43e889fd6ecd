using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>A <see cref="ScanIndex"/> as text: what it is, the machine, its clock, a line for each file, and the SHA-256 of all that.
/// Pure.</summary>
public static class ScanIndexText
{
    private const string Title = "nginx-sync index 1";
    private const int DigestLength = 64;

    public static byte[] Format(ScanIndex index)
    {
        var text = new StringBuilder(Title).Append('\n').Append(Wire.Encode(index.Machine)).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{index.Clock}\n");
        foreach (var (path, file) in index.Files)
        {
            var identity = file.Identity;
            text.Append(CultureInfo.InvariantCulture, $"{identity.Device} {identity.Inode} {identity.Changed} {file.Size} {file.Digest} {Wire.Encode(path)}\n");
        }
        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        return [.. bytes, .. Encoding.ASCII.GetBytes(Sum(bytes))];
    }

    /// <returns>Null where <see cref="Format"/> never makes these bytes.</returns>
    public static ScanIndex? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < DigestLength || Sum(bytes[..^DigestLength]) != Encoding.ASCII.GetString(bytes[^DigestLength..])) return null;
        var lines = Encoding.ASCII.GetString(bytes[..^DigestLength]).Split('\n');
        if (lines is not [Title, var machine, var clock, .. var rest, ""]) return null;
        try
        {
            var files = new Dictionary<string, HashedFile>(rest.Length, StringComparer.Ordinal);
            foreach (var line in rest)
            {
                if (line.Split(' ') is not [var device, var inode, var changed, var size, var digest, var path]) return null;
                files.Add(Wire.Decode(path), new HashedFile(Identity.Parse(device, inode, changed), Number(size), string.Intern(digest)));
            }
            return new ScanIndex(Wire.Decode(machine), Number(clock), files);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            // Another version has written it.
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
