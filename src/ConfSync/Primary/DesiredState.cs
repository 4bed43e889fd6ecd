using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>Gives what a node ought to hold, from the session with the node and its scan.</summary>
internal delegate Task<DesiredState> DesiredOf(PeerSession session, Scan scan);

/// <summary>What a node ought to hold. In a push this is the desired Snapshot, the same for all nodes: the primary's files
/// without what EXCLUDE takes out, with POSTSYNC applied.</summary>
/// <param name="Ancestors">The ancestors as they are on the primary. A missing one is made like this on a peer.</param>
/// <param name="Digest">The digest of <paramref name="Snapshot"/>, with its scope.</param>
/// <param name="LocalDigest">The digest of the primary's files as they are.</param>
internal sealed record DesiredState(
    Snapshot Snapshot, IReadOnlyList<Entry> Ancestors, string Digest, string LocalDigest, IContents Contents) : IDisposable
{
    // Nodes are numbered from 0 on.
    private const int ThisMachine = -1;

    /// <summary>Completes when the primary's own files are saved. No node is activated before.</summary>
    public Task<string> Saved { get; init; } = Task.FromResult("");

    /// <summary>What a program said of a file that changed while the primary's files were scanned; null for
    /// nothing.</summary>
    public string? Moved { get; init; }

    /// <summary>The generation of the node that a roll-back goes back to; null for a push.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>The generations that a roll-back undoes, without their changes; empty for a push.</summary>
    public ImmutableArray<Generation> GoneOver { get; init; } = [];

    /// <summary>The run, as the node's history records it; null for nothing.</summary>
    public RunRecord? Run { get; init; }

    /// <param name="use">Receives the scan of the primary, excluded paths included.</param>
    /// <param name="trusts">Do not refuse directories that another user may write to.</param>
    /// <exception cref="PrimaryException">A path is missing, cannot be read or cannot be pushed.</exception>
    public static async Task<DesiredState> ReadAsync(
        PrimaryShell primary, SyncConfig config, ExcludeRules exclude, PatternUse use, bool trusts, Timeline timeline,
        CancellationToken cancellation)
    {
        var scan = await PrimaryException.AttemptAsync(
            PrimaryStep.Scan, () => timeline.OfPrimaryAsync(TimedStep.PrimaryScan, () => primary.ScanAsync(cancellation)));
        use.Saw(ThisMachine, scan.Paths);
        var (included, _) = exclude.Divide(scan.Paths, config.ConfPaths);
        ImmutableArray<FileProblem> problems =
        [
            .. config.ConfPaths.Where(path => scan.Paths[path] is null).Select(path => new FileProblem.Missing(path)),
            .. included.Entries.Where(entry => entry.Kind == EntryKind.Special).Select(entry => new FileProblem.Special(entry.Path)),
            .. included.Entries.Where(entry => entry is { Kind: EntryKind.File, Digest: null }).Select(entry => new FileProblem.Unreadable(entry.Path)),
            .. trusts ? [] : ForeignOn(scan, included, config),
        ];
        if (!problems.IsEmpty) throw new PrimaryException(PrimaryStep.Scan, new PrimaryFault.CannotBePushed(problems));

        var contents = new ContentStore(primary.ReadAsync);
        var synced = await PrimaryException.AttemptAsync(PrimaryStep.PostSync, () => timeline.OfPrimaryAsync(TimedStep.PostSync, () => PostSync.ApplyAsync(
            included, config.PostSync, new Sed(config.Sed),
            async (entry, stop) =>
            {
                await contents.LoadAsync([entry], stop);
                return contents.Of(entry);
            }, cancellation)));
        if (!synced.Problems.IsEmpty)
        {
            throw new PrimaryException(PrimaryStep.PostSync, new PrimaryFault.PostSyncInapplicable(synced.Problems));
        }
        foreach (var (path, content) in synced.Contents) contents.Add(synced.Desired[path]!.Digest!, content);
        return new DesiredState(
            synced.Desired, scan.Ancestors, SnapshotDigest.Of(synced.Desired, config.Scope), SnapshotDigest.Of(scan.Paths), contents)
        {
            Moved = scan.Moved,
        };
    }

    private static IEnumerable<FileProblem> ForeignOn(Scan scan, Snapshot included, SyncConfig config)
    {
        var directories = new ForeignDirectories(PrimaryShell.TrustedUsers);
        var tops = config.ConfPaths.Select(path => scan.Paths[path]).OfType<Entry>();
        var foreign = ForeignDirectories.Distinct(
            directories.AmongAncestors([.. scan.Ancestors, .. scan.Beyond], tops).Concat(directories.Within(included.Entries)));
        return foreign.IsEmpty ? [] : [new FileProblem.ForeignDirectories(foreign)];
    }

    public void Dispose() => Contents.Dispose();
}
