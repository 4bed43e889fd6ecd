using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>A key that a host shows, which nobody has confirmed yet.</summary>
/// <param name="Line">As known_hosts has it.</param>
/// <param name="Fingerprint">As ssh shows it: <c>SHA256:…</c></param>
internal sealed record ShownHostKey(string Line, string Type, string Fingerprint);

/// <summary>Asks a host for its keys with ssh-keyscan(1). What it answers proves nothing: a person has to compare it.</summary>
internal static class HostKeyScan
{
    /// <param name="settings">Of ssh for this host.</param>
    /// <returns>Empty where the host shows none, or there is no ssh-keyscan.</returns>
    public static async Task<ImmutableArray<ShownHostKey>> ReadAsync(SshSettings settings, CancellationToken cancellation)
    {
        if (LocalProgram.Find("ssh-keyscan") is not { } program) return [];
        string[] arguments = ["-T", "10", "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "--", settings.HostName];
        if (!ProcessCommand.TryStart(program, arguments, out var started, out _)) return [];
        await using var disposed = started;
        await started.Input.DisposeAsync();
        using var reader = new StreamReader(started.Output);
        return Parse(await reader.ReadToEndAsync(cancellation), settings.HostKeyAlias);
    }

    /// <param name="alias">The name under which ssh looks for the key; null for the host's own.</param>
    public static ImmutableArray<ShownHostKey> Parse(string answer, string? alias) =>
    [
        .. from line in answer.Split('\n')
           where !line.StartsWith('#')
           let words = line.Split(' ')
           where words.Length == 3
           let key = new byte[words[2].Length]
           where Convert.TryFromBase64String(words[2], key, out var length) && KnownHosts.TypeOf(key.AsSpan(0, length)) == words[1]
           select new ShownHostKey($"{alias ?? words[0]} {words[1]} {words[2]}", words[1], Fingerprint(Convert.FromBase64String(words[2]))),
    ];

    private static string Fingerprint(byte[] key) => $"SHA256:{Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=')}";
}
