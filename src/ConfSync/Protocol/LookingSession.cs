using System.Collections.Immutable;
using System.Globalization;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>What a session with a peer asks beside its transaction. Nothing here changes the peer.</summary>
public abstract class LookingSession : ScriptSession
{
    private protected LookingSession(ITransport transport, bool sudo, ConversationMode mode, PeerSettings settings, string id, string who)
        : base(transport, sudo, mode, settings.Services, id, who, settings.AsksRoles, settings.Memory) => Settings = settings;

    private protected PeerSettings Settings { get; }

    /// <summary>When the peer's files changed and its workers were started: for where <see cref="PeerFacts.Served"/>
    /// is not known.</summary>
    public Task<ChangeTimes> LookAsync(CancellationToken cancellation) => ExchangeAsync(Settings.ScanLimit, async () =>
    {
        ChangeTimes? times = null;
        Conversation.Request("look");
        await Conversation.SendAsync(cancellation);
        await ReadToOkAsync("look", answer => times = ChangeTimes.Parse(answer.Tokens), cancellation);
        return times ?? throw new ProtocolException("no answer to look");
    }, cancellation);

    /// <summary>What the peer says of itself besides its files.</summary>
    /// <param name="look">Also what <see cref="LookAsync"/> tells, with no further wait.</param>
    public Task<PeerStatus> StatusAsync(bool look, CancellationToken cancellation) => ExchangeAsync(Settings.HistoryLimit, async () =>
    {
        Conversation.Request("status");
        if (look) Conversation.Request("look");
        var reader = new StatusReader(DateTimeOffset.UtcNow);
        await Conversation.SendAsync(cancellation);
        await ReadToOkAsync("status", reader.Add, cancellation);
        if (look) await ReadToOkAsync("look", reader.Add, cancellation);
        return reader.Status;
    }, cancellation);

    /// <summary>Reads files' contents.</summary>
    /// <param name="files">As this session's scan found them.</param>
    /// <param name="received">Is told of each file's bytes. They have the digest that the entry says.</param>
    /// <returns>The files that are no longer what the scan saw.</returns>
    public Task<IReadOnlyList<Entry>> ReadAsync(
        IReadOnlyCollection<Entry> files, Action<Entry, ReadOnlyMemory<byte>> received, CancellationToken cancellation) =>
        ReadContentsAsync(Settings.ReadLimit, files, received, cancellation);

    /// <summary>Reads contents that the peer's generations retain.</summary>
    /// <param name="files">Each with the place where it is retained.</param>
    /// <returns>The contents by digest. Those that are damaged or gone are missing.</returns>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadRetainedAsync(
        IEnumerable<(Entry File, RetainedFile Place)> files, CancellationToken cancellation)
    {
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var retained = files.DistinctBy(file => file.File.Digest).Select(file => file.File with { Path = file.Place.PathIn(Settings.BackupDirectory) }).ToList();
        if (retained.Count == 0) return contents;
        await ReadContentsAsync(Settings.ReadLimit, retained, (file, content) => contents.Add(file.Digest!, content), cancellation, areOwn: true);
        return contents;
    }

    /// <summary>Reads the generations that the peer retains.</summary>
    /// <param name="from">The lowest number to read.</param>
    /// <param name="changes">How many changes of each to read; null for all, with the paths that it retains.</param>
    /// <returns>The generations, lowest number first.</returns>
    public Task<ImmutableArray<Generation>> HistoryAsync(int from, int? changes, CancellationToken cancellation) => ExchangeAsync(Settings.HistoryLimit, async () =>
    {
        Conversation.Request("history", Number(from), changes is { } most ? Number(most) : "all");
        await Conversation.SendAsync(cancellation);
        return await ReadHistoryAsync(cancellation);
    }, cancellation);

    /// <summary>Reads the answer to a request for the history.</summary>
    private protected async Task<ImmutableArray<Generation>> ReadHistoryAsync(CancellationToken cancellation)
    {
        var reader = new HistoryReader();
        await ReadToOkAsync("history", reader.Add, cancellation);
        return reader.Generations;
    }

    private protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the answer to "roles".</summary>
    private protected async Task<MachineRoles> ReadRolesAsync(CancellationToken cancellation)
    {
        var reader = new RolesReader();
        await ReadToOkAsync("roles", reader.Add, cancellation);
        return reader.Roles;
    }
}
