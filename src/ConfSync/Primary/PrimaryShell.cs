using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Platform;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>
/// Reads the primary's own files with the same script that reads a peer's. So names are exact bytes, owners have the names
/// that this machine gives them, and under sudo the script sees what root sees. There are two shells, each started when it
/// is first needed, so that they work at the same time: one tests and saves, the other scans and reads.
/// </summary>
/// <param name="sudo">Where the user is not root, local commands run under sudo.</param>
/// <param name="indexes">Where what earlier scans hashed is remembered; null where each scan hashes everything.</param>
public sealed class PrimaryShell(bool sudo, SyncConfig config, ExcludeRules exclude, IScanIndexes? indexes = null) : IAsyncDisposable
{
    private readonly Lazy<Session> testing = new(() => new Session(sudo, config, memory: null));
    private readonly Lazy<Session> reading = new(() => new Session(
        sudo, config, indexes is null ? null : new ScanMemory(indexes, string.Join('\n', config.ConfPaths))));

    /// <summary>Root, and the user of this program.</summary>
    public static ImmutableHashSet<uint> TrustedUsers { get; } = [0, Posix.EffectiveUserId];

    /// <summary>The identity of this machine, for a run that needs nothing else of the primary. It is asked without sudo,
    /// because the user may not be allowed to use sudo here.</summary>
    /// <returns>The identity; null where it is not known or no shell can be started. The run goes on without it.</returns>
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

    /// <summary>The identity of this machine; null where it is not known.</summary>
    /// <exception cref="PeerException">The shell ended.</exception>
    public Task<string?> MachineAsync(CancellationToken cancellation) => reading.Value.MachineAsync(cancellation);

    /// <summary>Runs nginx -t on the live files.</summary>
    /// <exception cref="PeerException">The test failed.</exception>
    /// <returns>What the test said; null where nginx takes no part.</returns>
    public async Task<PrimaryTest?> TestAsync(CancellationToken cancellation) =>
        config.Services.Nginx is null ? null : await testing.Value.TestAsync(cancellation);

    /// <summary>The files that a running nginx reads outside of the paths. Where nginx does not run, nothing is tested,
    /// because a test creates missing files such as the pid file.</summary>
    public Task<OutsideFiles> OutsideAsync(CancellationToken cancellation) =>
        config.Services.Nginx is null ? Task.FromResult(OutsideFiles.None) : testing.Value.OutsideAsync(cancellation);

    /// <summary>Scans the paths. Must be called once, before <see cref="ReadAsync"/>.</summary>
    /// <param name="further">Directories beside CONFPATHS that are scanned as well.</param>
    /// <exception cref="PeerException">A path could not be scanned.</exception>
    public Task<Scan> ScanAsync(IEnumerable<string> further, CancellationToken cancellation) =>
        reading.Value.ScanAsync([.. config.ConfPaths, .. further], exclude, cancellation);

    /// <summary>Saves the paths under BACKUPDIR/0, and moves earlier saves on, up to BACKUPDIR/9. Does nothing if the last
    /// save has the same digest.</summary>
    /// <param name="digest">The digest of the state.</param>
    /// <exception cref="PeerException">The paths could not be saved.</exception>
    /// <returns>"unchanged" if nothing was done.</returns>
    public Task<string> SaveAsync(string digest, CancellationToken cancellation) =>
        testing.Value.SaveAsync(digest, cancellation);

    /// <inheritdoc cref="LocalSession.BeginRunAsync"/>
    internal Task BeginRunAsync(RecordedRun run) => testing.Value.BeginRunAsync(run);

    /// <inheritdoc cref="LocalSession.EndRunAsync"/>
    internal Task EndRunAsync(string id) => testing.Value.EndRunAsync(id);

    /// <inheritdoc cref="LocalSession.RecordAsync"/>
    internal Task RecordAsync(string text) => testing.Value.RecordAsync(text);

    /// <summary>Reads the contents of files.</summary>
    /// <param name="files">The files, each with another digest.</param>
    /// <returns>The contents by digest.</returns>
    /// <exception cref="PeerException">The shell ended.</exception>
    /// <exception cref="PrimaryMovedException">A file has changed since it was scanned.</exception>
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

    private sealed class Session : LocalSession
    {
        private readonly SyncConfig config;
        private readonly PeerSettings settings;
        private bool pathsAreKnown;

        public Session(bool sudo, SyncConfig config, ScanMemory? memory)
            : base(sudo, config.Services, memory) =>
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
            RequestServices(config.Services);
            Conversation.Request("set", "test-timeout", PeerSettings.Seconds(settings.TestTimeout));
            RequestPathsOnce();
        }

        private void RequestPathsOnce()
        {
            if (!pathsAreKnown) RequestPaths(config.ConfPaths);
            pathsAreKnown = true;
        }

        public Task<Scan> ScanAsync(IReadOnlyCollection<string> paths, ExcludeRules exclude, CancellationToken cancellation) => ExchangeAsync(OfThisMachine(settings.ScanLimit), async () =>
        {
            Conversation.Request("set", "step-timeout", PeerSettings.Seconds(settings.StepTimeout));
            // Scans without EXCLUDE, because a save includes excluded files, so a change of one must change the digest.
            RequestScan(paths, ExcludeRules.None, identified: true);
            await Conversation.SendAsync(cancellation);
            return await ReadScanAsync(paths, exclude, cancellation);
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
