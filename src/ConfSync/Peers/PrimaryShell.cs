using System.Collections.Immutable;
using ConfSync.Snapshots;
using ConfSync.Ssh;

namespace ConfSync.Peers;

/// <summary>
/// The primary's own files, looked at by the same program as a peer's: names are exact bytes, owners have the names that
/// this machine gives them, and under sudo it sees what root sees. Two shells, each started when it is first needed: one
/// that tests and saves, one that scans and reads; so these run side by side.
/// </summary>
/// <param name="sudo">The user is not root, and local commands run under sudo as well.</param>
public sealed class PrimaryShell(
    bool sudo, string? nginx, string backupDirectory, IReadOnlyCollection<string> paths, ExcludeRules exclude) : IAsyncDisposable
{
    private readonly Lazy<Session> testing = new(() => new Session(sudo));
    private readonly Lazy<Session> reading = new(() => new Session(sudo));

    /// <summary>Root, and the user of this program.</summary>
    public static ImmutableHashSet<uint> TrustedUsers { get; } = [0, Posix.EffectiveUserId];

    /// <summary>nginx -t on the live files.</summary>
    /// <returns>What nginx printed, and which version it is.</returns>
    /// <exception cref="PeerException">It did not pass.</exception>
    public Task<string> TestAsync(CancellationToken cancellation) => testing.Value.TestAsync(nginx, cancellation);

    /// <summary>What is there. Once, before <see cref="ReadAsync"/>.</summary>
    /// <exception cref="PeerException">Something could not be looked at.</exception>
    public Task<Scan> ScanAsync(CancellationToken cancellation) => reading.Value.ScanAsync(paths, exclude, cancellation);

    /// <summary>Saves the paths under BACKUPDIR/0, moving what was there on, up to 9. Nothing happens where the last save
    /// is of the same state.</summary>
    /// <param name="digest">The state's digest.</param>
    /// <exception cref="PeerException">It could not be saved.</exception>
    /// <returns>"unchanged" if that was so.</returns>
    public Task<string> SaveAsync(string digest, CancellationToken cancellation) =>
        testing.Value.SaveAsync(backupDirectory, paths, digest, cancellation);

    /// <summary>Reads files' contents.</summary>
    /// <returns>By path. Each has the digest that its entry says.</returns>
    /// <exception cref="PeerException">A file is not what it was when it was looked at.</exception>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadAsync(
        IReadOnlyCollection<Entry> files, CancellationToken cancellation) =>
        files.Count == 0 ? new Dictionary<string, ReadOnlyMemory<byte>>() : await reading.Value.ReadAsync(files, cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var session in new[] { testing, reading })
        {
            if (session.IsValueCreated) await session.Value.DisposeAsync();
        }
    }

    private sealed class Session : ScriptSession
    {
        public Session(bool sudo)
            : base(
                new LocalShell(), sudo, ConversationMode.Primary,
                RandomName.Of(8), Environment.UserName, Timeout.InfiniteTimeSpan) =>
            Trusted = TrustedUsers;

        public Task<string> TestAsync(string? nginx, CancellationToken cancellation) => ExchangeAsync(async () =>
        {
            if (nginx is not null) Conversation.Request("set", "nginx", nginx);
            Conversation.Request("test-here");
            await Conversation.SendAsync(cancellation);
            var words = "";
            await ReadToOkAsync("test-here", answer => words = answer.Text, cancellation);
            return words;
        }, cancellation);

        public Task<Scan> ScanAsync(
            IReadOnlyCollection<string> paths, ExcludeRules exclude, CancellationToken cancellation) => ExchangeAsync(async () =>
        {
            // What is excluded is saved all the same, so a change of it has to be seen.
            RequestScan(paths, ExcludeRules.None, identified: true);
            await Conversation.SendAsync(cancellation);
            return await ReadScanAsync(paths, exclude, cancellation);
        }, cancellation);

        public Task<string> SaveAsync(
            string backupDirectory, IReadOnlyCollection<string> paths, string digest, CancellationToken cancellation) => ExchangeAsync(async () =>
        {
            Conversation.Request("set", "backup", backupDirectory);
            Conversation.Request("set", "digest", digest);
            foreach (var path in paths) Conversation.Request("path", path);
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
