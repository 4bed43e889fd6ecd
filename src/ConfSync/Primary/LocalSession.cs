using System.Globalization;
using System.Text;
using ConfSync.Platform;
using ConfSync.Protocol;
using ConfSync.Services;
using ConfSync.Transport;

namespace ConfSync.Primary;

/// <summary>A local shell that does the primary's own work.</summary>
/// <param name="sudo">Where the user is not root, the shell runs under sudo.</param>
/// <param name="services">The services whose parts of the script it has.</param>
/// <param name="memory">What earlier scans hashed; null where each scan hashes everything.</param>
internal abstract class LocalSession(bool sudo, ServiceSet services, ScanMemory? memory = null) : ScriptSession(
    new LocalShell(), sudo, ConversationMode.Primary, services, RandomName.Of(8), Environment.UserName, memory: memory)
{
    private static readonly Limit RecordLimit = new("the record of runs", TimeSpan.FromMinutes(1), "");

    /// <summary>Adds a line to the record of runs (primary/runs.sh).</summary>
    /// <param name="text">The line without its end, in ASCII.</param>
    /// <exception cref="PeerException">The line could not be added.</exception>
    public Task RecordAsync(string text) => ExchangeAsync(RecordLimit, async () =>
    {
        var line = Encoding.ASCII.GetBytes(text);
        Conversation.Request("record", line.Length.ToString(CultureInfo.InvariantCulture));
        await Conversation.Payload.WriteAsync(line);
        await Conversation.SendAsync(CancellationToken.None);
        return await ReadToOkAsync("record", null, CancellationToken.None);
    }, CancellationToken.None);
}
