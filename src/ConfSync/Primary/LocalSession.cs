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

    /// <summary>Notes that a run is at work, so that it is known also if it is cut off.</summary>
    /// <exception cref="PeerException">That could not be noted.</exception>
    public Task BeginRunAsync(RecordedRun run) => TellAsync("begun", run.Format());

    /// <summary>Notes that a run is over.</summary>
    /// <param name="id">The ID of the run.</param>
    /// <exception cref="PeerException">That could not be noted.</exception>
    public Task EndRunAsync(string id) => TellAsync("ended", id);

    private Task<string> TellAsync(string request, string word) => ExchangeAsync(RecordLimit, async () =>
    {
        Conversation.Request(request, word);
        await Conversation.SendAsync(CancellationToken.None);
        return await ReadToOkAsync(request, null, CancellationToken.None);
    }, CancellationToken.None);
}
