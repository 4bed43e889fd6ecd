using System.Collections.Immutable;
using ConfSync.Platform;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace ConfSync.Transport;

/// <summary>The user's keys in the order in which ssh offers them: certificates, then the keys of the agent, then those in
/// files. A key that needs a passphrase is left to the agent. RSA keys sign with SHA-2 only.</summary>
internal static class Identities
{
    private const int LargestFile = 256 * 1024;
    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Loads the keys.</summary>
    /// <param name="files">The files with private keys, absolute paths. Those that are missing do not count.</param>
    /// <param name="certificates">Files with certificates that do not stand beside their key.</param>
    /// <param name="agent">Null for none.</param>
    /// <param name="onlyThose">Only keys of the agent that have a file are offered.</param>
    /// <param name="algorithms">What may be signed with.</param>
    /// <param name="obstacle">Why ssh has to select the keys; null where it need not.</param>
    public static ImmutableArray<IPrivateKeySource> Load(
        IReadOnlyList<string> files, IReadOnlyList<string> certificates, SshAgent? agent, bool onlyThose,
        IReadOnlyList<string> algorithms, out string? obstacle)
    {
        obstacle = null;
        if (files.FirstOrDefault(IsReadByOthers) is { } open)
        {
            obstacle = $"others can read {open}";
            return [];
        }
        var inAgent = agent?.Keys() ?? [];
        var publicKeys = files.Select(file => PublicKeyOf($"{file}.pub")).OfType<byte[]>().ToList();
        var selected = inAgent.Where(key => publicKeys.Exists(other => key.Key.Span.SequenceEqual(other))).ToList();
        var others = onlyThose ? [] : inAgent.Except(selected).ToList();
        List<IPrivateKeySource> signedWithCertificate = [], plain = [];
        foreach (var file in files)
        {
            foreach (var certificate in certificates.Prepend($"{file}-cert.pub"))
            {
                if (LoadFile(file, certificate) is { Certificate: not null } certified) Add(signedWithCertificate, certified.HostKeyAlgorithms, algorithms);
            }
            if (LoadFile(file, null) is { } key && !inAgent.Any(other => IsSame(other, key))) Add(plain, key.HostKeyAlgorithms, algorithms);
        }
        var held = selected.Concat(others).Select(key => FromAgent(agent!, key, algorithms)).OfType<IPrivateKeySource>();
        return [.. signedWithCertificate, .. held, .. plain];
    }

    private static bool IsSame(AgentKey other, PrivateKeyFile key) =>
        key.HostKeyAlgorithms.Any(algorithm => other.Key.Span.SequenceEqual(algorithm.Data));

    // ssh refuses such a key, and says so.
    private static bool IsReadByOthers(string file) =>
        Posix.OwnerAndModeAt(file) is { } found && found.Owner == Posix.EffectiveUserId && (found.Mode & OfOthers) != 0;

    private static PrivateKeyFile? LoadFile(string file, string? certificate)
    {
        if (!File.Exists(file) || (certificate is not null && !File.Exists(certificate))) return null;
        try
        {
            using var key = new MemoryStream(Read(file));
            if (certificate is null) return new PrivateKeyFile(key);
            using var signed = new MemoryStream(Read(certificate));
            return new PrivateKeyFile(key, null, signed);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It has a passphrase, is in a security key, is damaged, or the certificate is another key's. The library
            // throws whatever its parsers throw. ssh is asked where no other key leads to a login.
            return null;
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = File.OpenRead(file);
        if (stream.Length > LargestFile) throw new IOException("it is no key");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[]? PublicKeyOf(string file)
    {
        try
        {
            return File.Exists(file) && File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var encoded, ..]
                ? Convert.FromBase64String(encoded.Trim())
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    // The library would offer an RSA key with SHA-1 first. With one algorithm it also saves a round trip.
    private static void Add(List<IPrivateKeySource> to, IReadOnlyCollection<HostAlgorithm> signers, IReadOnlyList<string> algorithms)
    {
        var best = signers.Where(signer => IsAllowed(signer.Name, algorithms)).OrderByDescending(signer => signer.Name, StringComparer.Ordinal).FirstOrDefault();
        if (best is not null) to.Add(new Identity(best));
    }

    private static Identity? FromAgent(SshAgent agent, AgentKey key, IReadOnlyList<string> algorithms)
    {
        // A key in a security key waits for its owner's finger, and ssh says so.
        if (key.Type.StartsWith("sk-", StringComparison.Ordinal)) return null;
        var name = key.Type.StartsWith("ssh-rsa", StringComparison.Ordinal) ? $"rsa-sha2-512{key.Type["ssh-rsa".Length..]}" : key.Type;
        return IsAllowed(name, algorithms) ? new Identity(new AgentAlgorithm(agent, key, name)) : null;
    }

    private static bool IsAllowed(string name, IReadOnlyList<string> algorithms) =>
        algorithms.Contains(name) && !name.StartsWith("ssh-rsa", StringComparison.Ordinal) && !name.StartsWith("ssh-dss", StringComparison.Ordinal);

    private sealed class Identity(HostAlgorithm algorithm) : IPrivateKeySource
    {
        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = [algorithm];
    }

    private sealed class AgentAlgorithm(SshAgent agent, AgentKey key, string name) : HostAlgorithm(name)
    {
        public override byte[] Data => key.Key.ToArray();

        public override byte[] Sign(byte[] data)
        {
            try
            {
                return agent.Sign(key, data, Name);
            }
            catch (IOException exception)
            {
                throw new SshAuthenticationException($"sign_and_send_pubkey: signing failed: {exception.Message}", exception);
            }
        }

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException();
    }
}
