using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Platform;
using ConfSync.Protocol;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>
/// The primary's own files, looked at by the same program as a peer's: names are exact bytes, owners have the names that
/// this machine gives them, and under sudo it sees what root sees. Two shells, each started when it is first needed: one
/// that tests and saves, one that scans and reads; so these run side by side.
/// </summary>
/// <param name="sudo">Where the user is not root, local commands run under sudo.</param>
public sealed class PrimaryShell(bool sudo, SyncConfig config, ExcludeRules exclude) : IAsyncDisposable
{
    private readonly Lazy<Session> testing = new(() => new Session(sudo, config));
    private readonly Lazy<Session> reading = new(() => new Session(sudo, config));

    /// <summary>Root, and the user of this program.</summary>
    public static ImmutableHashSet<uint> TrustedUsers { get; } = [0, Posix.EffectiveUserId];

    /// <summary>What tells this machine from all others, for a run that needs nothing else of it. It is asked as this user,
    /// who need not be allowed to use sudo here.</summary>
    /// <returns>Null where that is not known, or a shell cannot be had: it keeps no run from its work.</returns>
    public static async Task<string?> ThisMachineAsync(SyncConfig config, CancellationToken cancellation)
    {
        await using var primary = new PrimaryShell(sudo: false, config, ExcludeRules.None);
        try
        {
            return await primary.MachineAsync(cancellation);
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>What tells this machine from all others; null where that is not known.</summary>
    /// <exception cref="PeerException">The shell ended.</exception>
    public Task<string?> MachineAsync(CancellationToken cancellation) => reading.Value.MachineAsync(cancellation);

    /// <summary>nginx -t on the live files.</summary>
    /// <exception cref="PeerException">It did not pass.</exception>
    public Task<PrimaryTest> TestAsync(CancellationToken cancellation) => testing.Value.TestAsync(cancellation);

    /// <summary>What a running nginx reads beside the paths. Where it does not run nothing is asked, since a test makes the
    /// files that are missing, such as its pid file.</summary>
    public Task<OutsideFiles> OutsideAsync(CancellationToken cancellation) => testing.Value.OutsideAsync(cancellation);

    /// <summary>What is there. Once, before <see cref="ReadAsync"/>.</summary>
    /// <exception cref="PeerException">Something could not be looked at.</exception>
    public Task<Scan> ScanAsync(CancellationToken cancellation) => reading.Value.ScanAsync(exclude, cancellation);

    /// <summary>Saves the paths under BACKUPDIR/0, moving what was there on, up to 9. Nothing happens where the last save
    /// is of the same state.</summary>
    /// <param name="digest">The state's digest.</param>
    /// <exception cref="PeerException">It could not be saved.</exception>
    /// <returns>"unchanged" if that was so.</returns>
    public Task<string> SaveAsync(string digest, CancellationToken cancellation) =>
        testing.Value.SaveAsync(digest, cancellation);

    /// <summary>Reads files' contents.</summary>
    /// <param name="files">Each with another digest.</param>
    /// <returns>By digest.</returns>
    /// <exception cref="PeerException">The shell ended.</exception>
    /// <exception cref="PrimaryMovedException">A file is not what it was when it was looked at.</exception>
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
        private readonly SyncConfig config;
        private readonly PeerSettings settings;
        private bool pathsAreKnown;

        public Session(bool sudo, SyncConfig config)
            : base(new LocalShell(), sudo, ConversationMode.Primary, RandomName.Of(8), Environment.UserName) =>
            (Trusted, this.config, settings) = (TrustedUsers, config, PeerSettings.Of(config));

        private static Limit OfThisMachine(Limit limit) => limit with { Who = "this machine" };

        public Task<string?> MachineAsync(CancellationToken cancellation) => ExchangeAsync(OfThisMachine(settings.ScanLimit), async () =>
        {
            await Conversation.SendAsync(cancellation);
            await Conversation.ReadGreetingAsync(cancellation);
            return Machine;
        }, cancellation);

        public Task<PrimaryTest> TestAsync(CancellationToken cancellation) => ExchangeAsync(OfThisMachine(settings.TestLimit), async () =>
        {
            RequestSettings();
            Conversation.Request("test-here");
            await Conversation.SendAsync(cancellation);
            string? words = null;
            TestedNginx? tested = null;
            var outside = OutsideFiles.None;
            await ReadToOkAsync("test-here", answer => _ = answer.Tokens switch
            {
                ["test", ..] => words = answer.Text,
                ["master", ..] => tested = TestedNginx.Parse(answer.Text),
                ["outside", ..] => outside = OutsideFiles.Parse(answer.Text),
                _ => (object)answer,
            }, cancellation);
            return new PrimaryTest(words ?? "", tested, outside);
        }, cancellation);

        public Task<OutsideFiles> OutsideAsync(CancellationToken cancellation) => ExchangeAsync(OfThisMachine(settings.TestLimit), async () =>
        {
            RequestSettings();
            Conversation.Request("outside");
            await Conversation.SendAsync(cancellation);
            var outside = OutsideFiles.None;
            await ReadToOkAsync("outside", answer => outside = OutsideFiles.Parse(answer.Text), cancellation);
            return outside;
        }, cancellation);

        private void RequestSettings()
        {
            RequestService(config.Service);
            Conversation.Request("set", "test-timeout", PeerSettings.Seconds(settings.TestTimeout));
            RequestPathsOnce();
        }

        private void RequestPathsOnce()
        {
            if (!pathsAreKnown) RequestPaths(config.ConfPaths);
            pathsAreKnown = true;
        }

        public Task<Scan> ScanAsync(ExcludeRules exclude, CancellationToken cancellation) => ExchangeAsync(OfThisMachine(settings.ScanLimit), async () =>
        {
            Conversation.Request("set", "step-timeout", PeerSettings.Seconds(settings.StepTimeout));
            // What is excluded is saved all the same, so a change of it has to be seen.
            RequestScan(config.ConfPaths, ExcludeRules.None, identified: true);
            await Conversation.SendAsync(cancellation);
            return await ReadScanAsync(config.ConfPaths, exclude, cancellation);
        }, cancellation);

        public Task<string> SaveAsync(string digest, CancellationToken cancellation) => ExchangeAsync(OfThisMachine(settings.SaveLimit), async () =>
        {
            Conversation.Request("set", "backup", config.BackupDir);
            Conversation.Request("set", "digest", digest);
            RequestPathsOnce();
            Conversation.Request("save");
            await Conversation.SendAsync(cancellation);
            return await ReadToOkAsync("save", null, cancellation);
        }, cancellation);

        public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadAsync(
            IReadOnlyCollection<Entry> files, CancellationToken cancellation)
        {
            var contents = new Dictionary<string, ReadOnlyMemory<byte>>(files.Count, StringComparer.Ordinal);
            var changed = await ReadContentsAsync(OfThisMachine(settings.ReadLimit), files, (file, content) => contents.Add(file.Digest!, content), cancellation);
            return changed is [var file, ..] ? throw new PrimaryMovedException(file.Path) : contents;
        }
    }
}
