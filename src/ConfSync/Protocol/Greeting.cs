using System.Text;
using ConfSync.Platform;

namespace ConfSync.Protocol;

/// <summary>Reads the script's first line: a nonce that this session gave it, and the identity of its machine. Lines before
/// it come from start-up files of the login, or from a program that ran instead of the script.</summary>
internal sealed class Greeting
{
    private const int MostLines = 1000;
    private const int MostBefore = 16 * 1024;

    private readonly StringBuilder before = new();

    /// <summary>The nonce by which the greeting is recognised. A start-up file cannot guess it.</summary>
    public string Nonce { get; } = RandomName.Of(16);

    public bool WasRead { get; private set; }

    /// <summary>The identity of the machine. It is compared and never shown. Null where it is not known, and before the
    /// greeting.</summary>
    public string? Machine { get; private set; }

    /// <summary>The end of what came before the greeting; empty once the greeting was read.</summary>
    public string Before => before.ToString();

    /// <summary>Waits for the greeting.</summary>
    /// <returns>False if the output ended before it.</returns>
    /// <exception cref="ProtocolException">The program that runs there is not the script.</exception>
    public async Task<bool> ReadAsync(WireReader reader, CancellationToken cancellation)
    {
        for (var lines = 0; lines < MostLines; lines++)
        {
            if (await reader.ReadLineAsync(cancellation) is not { } line) return false;
            if (line.StartsWith(Nonce, StringComparison.Ordinal))
            {
                if (line.Length > Nonce.Length) Machine = line[Nonce.Length..];
                before.Clear();
                return WasRead = true;
            }
            // A program that is not the script may send back what it reads.
            if (line.Contains(Nonce, StringComparison.Ordinal)) throw new ProtocolException("it sends back what is sent to it");
            before.Append(line).Append('\n');
            if (before.Length > 2 * MostBefore) before.Remove(0, before.Length - MostBefore);
        }
        throw new ProtocolException("its start-up files print without end");
    }
}
