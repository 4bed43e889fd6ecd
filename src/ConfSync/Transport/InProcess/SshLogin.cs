using System.Collections.Immutable;
using System.Net.Sockets;
using Renci.SshNet;

namespace ConfSync.Transport;

/// <summary>All that one login in this process needs. It holds what the user's OpenSSH configuration says.</summary>
/// <param name="Host">The name or address to connect to.</param>
/// <param name="Family">The kind of addresses to try; <see cref="AddressFamily.Unspecified"/> for all.</param>
/// <param name="Timeout">How long each step of the login may take.</param>
/// <param name="Algorithms">What is offered to the server.</param>
/// <param name="HostKeys">The public keys of which the server must prove to have one, in SSH's encoding.</param>
/// <param name="Identities">The user's keys, in the order in which they are offered.</param>
/// <param name="Environment">The variables for the command, which the server may ignore.</param>
/// <param name="ShowsBanner">The server's banner counts as error text, as in ssh.</param>
internal sealed record SshLogin(
    string Host, int Port, string User, AddressFamily Family, TimeSpan Timeout, SshAlgorithms Algorithms,
    ImmutableArray<ReadOnlyMemory<byte>> HostKeys, ImmutableArray<IPrivateKeySource> Identities,
    ImmutableArray<KeyValuePair<string, string>> Environment, bool ShowsBanner)
{
    /// <summary>Whether the server's key is one of those that are known.</summary>
    /// <param name="key">The key in SSH's encoding.</param>
    public bool Trusts(ReadOnlyMemory<byte> key) => HostKeys.Any(known => known.Span.SequenceEqual(key.Span));
}

/// <summary>The names of the algorithms that are offered, the preferred ones first.</summary>
internal sealed record SshAlgorithms(
    ImmutableArray<string> KeyExchanges, ImmutableArray<string> HostKeys, ImmutableArray<string> Ciphers, ImmutableArray<string> Macs)
{
    // The library has more. What is missing here is weak, or is not checked as strictly as OpenSSH does it: group1, SHA-1,
    // CBC, and Diffie-Hellman with groups that the server chooses.
    private static readonly ImmutableArray<string> KnownKeyExchanges =
    [
        "mlkem768x25519-sha256", "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com",
        "curve25519-sha256", "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
    ];

    private static readonly ImmutableArray<string> KnownCiphers =
    [
        "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr",
    ];

    private static readonly ImmutableArray<string> KnownMacs =
        ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

    private static readonly ImmutableArray<string> KnownHostKeys =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"];

    /// <summary>Some list is empty, so that no server could be talked to.</summary>
    public bool IsIncomplete => KeyExchanges.IsEmpty || HostKeys.IsEmpty || Ciphers.IsEmpty || Macs.IsEmpty;

    /// <summary>What is offered of the user's own lists.</summary>
    /// <param name="keyTypes">The types of the server's keys that are known, such as <c>ssh-rsa</c>.</param>
    public static SshAlgorithms Of(
        IEnumerable<string> keyExchanges, IEnumerable<string> hostKeys, IEnumerable<string> ciphers, IEnumerable<string> macs,
        IReadOnlyCollection<string> keyTypes) => new(
            [.. keyExchanges.Where(name => KnownKeyExchanges.Contains(name))],
            [.. hostKeys.Where(name => KnownHostKeys.Contains(name) && keyTypes.Contains(KeyTypeOf(name)))],
            [.. ciphers.Where(name => KnownCiphers.Contains(name))],
            [.. macs.Where(name => KnownMacs.Contains(name))]);

    // An RSA key signs with several algorithms, whose names are not the name of its type.
    private static string KeyTypeOf(string algorithm) =>
        algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;
}
