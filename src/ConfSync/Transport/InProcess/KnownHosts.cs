using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ConfSync.Transport;

/// <summary>A public key of a host.</summary>
/// <param name="Type">Its type, such as <c>ssh-rsa</c>.</param>
/// <param name="Key">The key in SSH's encoding, see RFC 4253, section 6.6.</param>
internal sealed record HostKey(string Type, ReadOnlyMemory<byte> Key);

/// <summary>Finds the keys by which a host may be recognised without ssh, in files of the format that sshd(8) describes. It
/// accepts less than ssh does, and never more: only a line that names the host itself, plain or hashed, without wildcards.
/// Pure.</summary>
internal static class KnownHosts
{
    private const string HashMagic = "|1|";

    /// <summary>The keys of a host.</summary>
    /// <param name="text">All files, one after the other.</param>
    /// <param name="host">The name or address to which the connection is made.</param>
    /// <param name="alias">The name under which the key is known, whatever the port; null for the host's.</param>
    /// <param name="leastRsaSize">The fewest bits of an RSA key.</param>
    /// <param name="obstacle">Why only ssh can decide about this host; null where it need not.</param>
    /// <returns>Empty where none is known or there is an obstacle.</returns>
    public static ImmutableArray<HostKey> Find(string text, string host, int port, string? alias, int leastRsaSize, out string? obstacle)
    {
        // ssh compares without regard to case, and knows an alias under its plain name.
        var plain = (alias ?? host).ToLowerInvariant();
        var name = alias is not null || port == 22 ? plain : FormattableString.Invariant($"[{plain}]:{port}");
        var lines = text.Split('\n').Select(Read).OfType<Line>().ToList();
        obstacle = null;
        // Which hosts such a line is for need not be decided here: ssh knows.
        if (lines.Exists(line => line.Marker == "@cert-authority" && (MayName(line.Names, name) || MayName(line.Names, plain)))) obstacle = "@cert-authority";
        else if (lines.Exists(line => line.Marker is not (null or "@revoked" or "@cert-authority"))) obstacle = "a marker in known_hosts";
        if (obstacle is not null) return [];
        var revoked = lines.Where(line => line.Marker == "@revoked").ToList();
        return
        [
            .. lines.Where(line => line.Marker is null && Names(line.Names, name)).Select(line => line.Key)
                .Where(key => !revoked.Exists(line => line.Key.Key.Span.SequenceEqual(key.Key.Span)))
                .Where(key => key.Type != "ssh-rsa" || RsaSize(key.Key.Span) >= leastRsaSize),
        ];
    }

    private static bool Names(string names, string name)
    {
        if (names.StartsWith(HashMagic, StringComparison.Ordinal)) return IsHashOf(names, name);
        var all = names.ToLowerInvariant().Split(',');
        // An exception may be for this host.
        return all.Contains(name) && !all.Any(other => other.StartsWith('!'));
    }

    private static bool MayName(string names, string name) =>
        names.ToLowerInvariant().Split(',').Any(pattern => !pattern.StartsWith('!') && NamePattern.Matches(pattern, name));

    private static bool IsHashOf(string names, string name) =>
        names[HashMagic.Length..].Split('|') is [var salt, var hash] && TryDecode(salt, out var salted) && TryDecode(hash, out var hashed) &&
        Hash(salted, name).AsSpan().SequenceEqual(hashed);

    [SuppressMessage("Security", "CA5350", Justification = "OpenSSH's format. It hides names from readers of the file, and proves nothing.")]
    private static byte[] Hash(byte[] salt, string name) => HMACSHA1.HashData(salt, Encoding.UTF8.GetBytes(name));

    private static Line? Read(string line)
    {
        var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (words is [] or [['#', ..], ..]) return null;
        var marker = words[0].StartsWith('@') ? words[0] : null;
        if (marker is not null) words = words[1..];
        return words is [var names, var type, var encoded, ..] && TryDecode(encoded, out var key) && TypeOf(key) == type
            ? new Line(marker, names, new HostKey(type, key))
            : null;
    }

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var buffer = new byte[text.Length];
        bytes = Convert.TryFromBase64String(text, buffer, out var count) ? buffer[..count] : null;
        return bytes is not null;
    }

    /// <summary>The type that is written in a key; null where it is none.</summary>
    internal static string? TypeOf(ReadOnlySpan<byte> key) => TryField(ref key, out var type) ? Encoding.ASCII.GetString(type) : null;

    // The fields are the type, the exponent and the modulus.
    private static int RsaSize(ReadOnlySpan<byte> key) =>
        TryField(ref key, out _) && TryField(ref key, out _) && TryField(ref key, out var modulus)
            ? 8 * modulus.TrimStart((byte)0).Length
            : 0;

    private static bool TryField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (rest.Length < 4) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 4) return false;
        field = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }

    private sealed record Line(string? Marker, string Names, HostKey Key);
}
