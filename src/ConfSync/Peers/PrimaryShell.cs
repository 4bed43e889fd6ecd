using System.Security.Cryptography;
using ConfSync.Snapshots;
using ConfSync.Ssh;

namespace ConfSync.Peers;

/// <summary>
/// The primary's own files, looked at by the same program as a peer's: names are exact bytes, owners have the names that
/// this machine gives them, and under sudo it sees what root sees. Each method is a session of its own, so they may run
/// side by side.
/// </summary>
/// <param name="Sudo">The user is not root, and local commands run under sudo as well.</param>
public sealed record PrimaryShell(
    bool Sudo, string? Nginx, string BackupDirectory, IReadOnlyCollection<string> Paths, ExcludeRules Exclude)
{
    /// <summary>nginx -t on the live files.</summary>
    /// <returns>What nginx printed, and which version it is.</returns>
    /// <exception cref="PeerException">It did not pass.</exception>
    public async Task<string> TestAsync(CancellationToken cancellation)
    {
        await using var session = new Session(this);
        return await session.TestAsync(cancellation);
    }

    /// <exception cref="PeerException">Something could not be looked at.</exception>
    public async Task<Scan> ScanAsync(CancellationToken cancellation)
    {
        await using var session = new Session(this);
        return await session.ScanAsync(cancellation);
    }

    /// <summary>Saves the paths under BACKUPDIR/0, moving what was there on, up to 9. Nothing happens where the last save
    /// is of the same state.</summary>
    /// <param name="digest">The state's digest.</param>
    /// <exception cref="PeerException">It could not be saved.</exception>
    /// <returns>"unchanged" if that was so.</returns>
    public async Task<string> SaveAsync(string digest, CancellationToken cancellation)
    {
        await using var session = new Session(this);
        return await session.SaveAsync(digest, cancellation);
    }

    /// <summary>Reads files' contents.</summary>
    /// <returns>By path. Each has the digest that its entry says.</returns>
    /// <exception cref="PeerException">A file is not what it was when it was looked at.</exception>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadAsync(
        IReadOnlyCollection<Entry> files, CancellationToken cancellation)
    {
        if (files.Count == 0) return new Dictionary<string, ReadOnlyMemory<byte>>();
        await using var session = new Session(this);
        return await session.ReadAsync(files, cancellation);
    }

    private sealed class Session(PrimaryShell primary) : ScriptSession(
        new LocalShell(), primary.Sudo, ConversationMode.Primary,
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), Environment.UserName, Timeout.InfiniteTimeSpan)
    {
        public Task<string> TestAsync(CancellationToken cancellation) => ExchangeAsync(async () =>
        {
            if (primary.Nginx is { } nginx) Conversation.Request("set", "nginx", nginx);
            Conversation.Request("test-here");
            await Conversation.SendAsync(cancellation);
            var words = "";
            await ReadToOkAsync("test-here", answer => words = answer.Text, cancellation);
            return words;
        }, cancellation);

        public Task<Scan> ScanAsync(CancellationToken cancellation) => ExchangeAsync(async () =>
        {
            // What is excluded is saved all the same, so a change of it has to be seen.
            RequestScan(primary.Paths, ExcludeRules.None);
            await Conversation.SendAsync(cancellation);
            return await ReadScanAsync(primary.Paths, primary.Exclude, cancellation);
        }, cancellation);

        public Task<string> SaveAsync(string digest, CancellationToken cancellation) => ExchangeAsync(async () =>
        {
            Conversation.Request("set", "backup", primary.BackupDirectory);
            Conversation.Request("set", "digest", digest);
            foreach (var path in primary.Paths) Conversation.Request("path", path);
            Conversation.Request("save");
            await Conversation.SendAsync(cancellation);
            return await ReadToOkAsync("save", null, cancellation);
        }, cancellation);

        public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadAsync(
            IReadOnlyCollection<Entry> files, CancellationToken cancellation)
        {
            var contents = new Dictionary<string, ReadOnlyMemory<byte>>(files.Count, StringComparer.Ordinal);
            var changed = await ReadContentsAsync(files, (file, content) => contents.Add(file.Path, content), cancellation);
            if (changed is not [var file, ..]) return contents;
            throw new PeerException(
                "changed", $"{PosixText.Printable(file.Path)} changed while it was read; run again", PeerState.Untouched);
        }
    }
}
