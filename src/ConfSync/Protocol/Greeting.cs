using System.Text;
using ConfSync.Platform;

namespace ConfSync.Protocol;

/// <summary>
/// The script's first line: a nonce that this session gave it, and what tells its machine from all others. What comes before
/// it on the output is what start-up files of the login print, or what ran instead of the script.
/// </summary>
internal sealed class Greeting
{
    private const int MostLines = 1000;
    private const int MostBefore = 16 * 1024;

    private readonly StringBuilder before = new();

    /// <summary>The word by which the greeting is known. A start-up file cannot guess it.</summary>
    public string Nonce { get; } = RandomName.Of(16);

    public bool WasRead { get; private set; }

    /// <summary>Compared and never shown. Null where it is not known, and before the greeting was read.</summary>
    public string? Machine { get; private set; }

    /// <summary>The last of what came before the greeting; empty once the greeting was read.</summary>
    public string Before => before.ToString();

    /// <summary>Waits until the script itself speaks.</summary>
    /// <returns>False where the output ended before.</returns>
    /// <exception cref="ProtocolException">What runs there is not the script.</exception>
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
