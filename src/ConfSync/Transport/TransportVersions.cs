using Renci.SshNet;

namespace ConfSync.Transport;

/// <summary>What makes the logins here, in which version.</summary>
internal static class TransportVersions
{
    /// <summary>The library that logs in where ssh does not: <c>SSH.NET 2026.0.0</c>.</summary>
    public static string Library { get; } = $"SSH.NET {typeof(SshClient).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>What <c>ssh -V</c> says: <c>OpenSSH_9.2p1 Debian-2+deb12u9, OpenSSL 3.0.17 1 Jul 2025</c>.</summary>
    /// <param name="program">The absolute path.</param>
    /// <returns>Null where it cannot be run.</returns>
    public static async Task<string?> OfSshAsync(string program)
    {
        if (!ProcessCommand.TryStart(program, ["-V"], out var command, out _)) return null;
        var (status, words) = await command.AnswerAsync();
        return status == 0 ? words.Trim() : null;
    }
}
