using System.Globalization;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>A session that asks a machine which addresses it holds, and reads files of its keepalived; or one that moves addresses.</summary>
/// <param name="sudo">Where the login is not root's, everything is to run as root.</param>
/// <param name="who">The primary and its user.</param>
/// <param name="mode">Of the two that there are for this, the one that changes nothing, or <see cref="ConversationMode.Place"/>.</param>
internal sealed class RolesSession(ITransport transport, bool sudo, string who, PeerSettings settings, ConversationMode mode = ConversationMode.Roles)
    : ScriptSession(transport, sudo, mode, settings.Services, RandomName.Of(8), who), ILogin
{
    private Limit Limit => settings.HistoryLimit with { Phase = "the look at its addresses" };

    public Task ConnectAsync(CancellationToken cancellation) => ExchangeAsync(PeerSettings.LoginLimit, async () =>
    {
        Conversation.Request("set", "step-timeout", PeerSettings.Seconds(settings.StepTimeout));
        await Conversation.SendAsync(cancellation);
        await Conversation.ReadGreetingAsync(cancellation);
        return true;
    }, cancellation);

    public PeerException GivenUp(TimeSpan limit) => Conversation.NotGreeted($"no answer within {limit.TotalSeconds} s (CONNECT_TIMEOUT)", status: -1);

    /// <summary>What the machine says of its addresses.</summary>
    public Task<MachineRoles> RolesAsync(CancellationToken cancellation) => ExchangeAsync(Limit, async () =>
    {
        var reader = new RolesReader();
        Conversation.Request("roles");
        Conversation.Request("states");
        await Conversation.SendAsync(cancellation);
        await ReadToOkAsync("roles", reader.Add, cancellation);
        await ReadToOkAsync("states", reader.Add, cancellation);
        return reader.Roles;
    }, cancellation);

    /// <inheritdoc cref="ReadAsync(IReadOnlyCollection{string}, Func{Entry, bool}, CancellationToken)"/>
    public Task<IReadOnlyList<(Entry Entry, ReadOnlyMemory<byte>? Content)>> ReadAsync(IReadOnlyCollection<string> paths, CancellationToken cancellation) =>
        ReadAsync(paths, _ => true, cancellation);

    /// <summary>Writes the number that keepalived adds to priorities into the file of this name.</summary>
    /// <param name="value">0: the file is removed.</param>
    public Task PlaceAsync(string name, int value, CancellationToken cancellation) => ExchangeAsync(Limit, async () =>
    {
        Conversation.Request("place", name, value.ToString(CultureInfo.InvariantCulture));
        await Conversation.SendAsync(cancellation);
        return await ReadToOkAsync("place", null, cancellation);
    }, cancellation);

    /// <summary>What is at these paths, with the content of each file that can be read.</summary>
    /// <param name="isWanted">Whether the content of a file is.</param>
    public async Task<IReadOnlyList<(Entry Entry, ReadOnlyMemory<byte>? Content)>> ReadAsync(
        IReadOnlyCollection<string> paths, Func<Entry, bool> isWanted, CancellationToken cancellation)
    {
        var scan = await ExchangeAsync(settings.ScanLimit, () =>
        {
            RequestScan(paths, ExcludeRules.None, identified: true);
            return SentAsync();
        }, cancellation);
        var contents = new Dictionary<Entry, ReadOnlyMemory<byte>>();
        List<Entry> files = [.. scan.Paths.Entries.Where(entry => entry is { Kind: EntryKind.File, Digest: not null } && isWanted(entry))];
        // The content is a part of the conversation's memory.
        if (files.Count > 0) await ReadContentsAsync(settings.ReadLimit, files, (file, content) => contents.Add(file, content.ToArray()), cancellation);
        return [.. scan.Paths.Entries.Select(entry => (entry, contents.TryGetValue(entry, out var content) ? content : (ReadOnlyMemory<byte>?)null))];

        async Task<Scan> SentAsync()
        {
            await Conversation.SendAsync(cancellation);
            return await ReadScanAsync(paths, ExcludeRules.None, cancellation);
        }
    }
}
