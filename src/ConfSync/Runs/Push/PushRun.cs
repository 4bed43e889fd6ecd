using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a run is asked to do beyond what the configuration says.</summary>
/// <param name="Nodes">The nodes to push to, in the order in which they are reported.</param>
/// <param name="DryRun">Everything up to the test; nothing changes.</param>
/// <param name="Reload">False leaves the reload to a later run.</param>
/// <param name="Sudo">Where the user is not root, commands run under sudo, here and on the peers.</param>
/// <param name="Who">The primary and its user, as peers are to name them.</param>
public sealed record PushRequest(
    SyncConfig Config, IReadOnlyList<Node> Nodes, bool DryRun, bool Reload, RolloutPolicy Rollout, bool Sudo, string Who)
{
    /// <summary>Read the contents of files that change, and report the lines that do.</summary>
    public bool Contents { get; init; }

    /// <summary>Overwrite also what this machine has never had, and what was edited on a node although OVERWRITE forbids
    /// that.</summary>
    public bool Force { get; init; }

    /// <summary>A commit record that could not be finished on all its nodes and that this push replaces, because its own
    /// state is newer. Null for none.</summary>
    public CommitRecord? Supersedes { get; init; }

    /// <summary>Where what earlier scans hashed is remembered; null where each scan hashes everything.</summary>
    public IScanIndexes? Indexes { get; init; }

    /// <summary>What is pushed is made for each node, and not read here: this machine may be without it, and saves nothing.</summary>
    public bool IsMade { get; init; }

    /// <summary>The node that is this machine itself, to which only what is made can be pushed; null for none.</summary>
    public Node? Here { get; init; }

    /// <summary>What the nodes record of this run; null for nothing.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>The roll-back that this push carries out; null for none.</summary>
    public RollbackTarget? Back { get; init; }

    /// <summary>The nodes are asked which addresses they hold: one alone has no other that could hold the same.</summary>
    public bool AsksRoles => Config.AsksRoles && Nodes.Count > 1;
}

/// <summary>A push to all nodes. The sessions are opened at once, while the primary tests and scans its own files.
/// <see cref="NodePush"/> works on one node; <see cref="Rollout"/> keeps the order between nodes.</summary>
/// <param name="say">Receives the events of the run while it goes on, from several tasks at once.</param>
/// <param name="timeline">Records what the time was spent on.</param>
/// <exception cref="PrimaryException">A pattern of EXCLUDE is not supported.</exception>
public sealed class PushRun(
    PushRequest request, Func<Node, ITransport> transportTo, Action<RunEvent> say, Timeline timeline)
{
    // An editor saves once in a while. Files that still change at the fourth attempt are no configuration.
    internal const int Attempts = 4;

    // How long the run waits for the primary's test once its files are known to be impossible to push.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(2);

    private Task<RunMemory>? memory;

    // A dry run writes nothing. An attempt after files have moved trusts no memory.
    private IScanIndexes? indexes = request.DryRun ? null : request.Indexes;

    private HoldersBefore? holders;

    private SyncConfig Config => request.Config;

    private readonly ExcludeRules exclude = ExcludeRulesOf(request.Config);

    // As the nodes record the run: with the commit of the pushed paths, once that is known.
    private RunRecord? recorded = request.Run;

    /// <summary>What this machine remembers of runs.</summary>
    internal IRunLog Log { get; init; } = new RunLogShell(request.Sudo);

    /// <summary>Where a push to all nodes or none writes its commit record.</summary>
    internal CommitRecordFile Record { get; init; } = new(new CommitRecordShell(request.Sudo));

    /// <summary>Called once, with the run as nodes record it, when all nodes have reported, while the primary's shell is still open.</summary>
    internal Func<IReadOnlyList<NodeReport>, RunRecord?, PrimaryShell, Task> Ended { get; init; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Called before anything on a node can change.</summary>
    internal Func<PrimaryShell, Task> Begun { get; init; } = _ => Task.CompletedTask;

    /// <summary>The addresses that had no holder, or several, before the first turn, although the run went on.</summary>
    internal ImmutableArray<AddressHolders> AstrayBefore => holders?.Astray ?? [];

    /// <returns>One report for each node, in the order of the request. After a cancellation, a node that was not reached or
    /// not finished is reported as failed, with the state that it is in.</returns>
    /// <exception cref="PrimaryException">Something on the primary is wrong. No node was changed.</exception>
    public async Task<IReadOnlyList<NodeReport>> RunAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(cancellation);
            }
            catch (PrimaryMovedException moved) when (attempt < Attempts && !cancellation.IsCancellationRequested)
            {
                say(new RunEvent.BeganAgain(moved.Path));
                indexes = null;
            }
        }
    }

    private async Task<IReadOnlyList<NodeReport>> AttemptAsync(CancellationToken cancellation)
    {
        PrimaryMovedException? moved = null;
        await using var primary = new PrimaryShell(request.Sudo, Config, exclude, indexes);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var logins = new Logins(Config.Logins);
        var use = new PatternUse(Config.WatchedPatterns, Config.ConfPaths);
        var rollout = new Rollout(request.Nodes.Count, request.Rollout, Config.PerNode.Cluster) { Ordered = NodeRole.Saying(request.Nodes, say) };
        var machines = new DistinctMachines(request.Nodes, rollout.StopWaiting) { Here = request.Here };
        var commit = new RunCommit(request, Record, transportTo, logins, say, timeline, abort.Token);
        holders = new HoldersBefore(request, rollout.AllTold, transportTo, say, abort.Token);
        using var interruption = abort.Token.Register(commit.Interrupt);
        // All tasks start together, because starting a program takes some milliseconds of a processor.
        var measuring = Task.Run(() => SizeLimits.EnsureBeforeScan(Config, exclude), CancellationToken.None);
        var prepared = Task.Run(() => PrepareAsync(primary, measuring, machines, use, abort.Token), CancellationToken.None);
        var nodes = request.Nodes.Select((node, index) => Task.Run(() => PushAsync(node, index), CancellationToken.None)).ToList();
        try
        {
            using var desired = await prepared;
            await machines.EnsureAsync();
            await desired.Saved;
            if (desired.Moved is { } found) say(new RunEvent.PrimaryRescanned(found));
            say(new RunEvent.PrimaryReady());
            var reports = await Task.WhenAll(nodes);
            if (moved is not null) throw moved;
            await EndAsync(commit, reports, primary, use);
            return reports;
        }
        catch (Exception exception)
        {
            // The nodes were only scanned. Their sessions must end before the process does.
            await abort.CancelAsync();
            await ((Task)Task.WhenAll(nodes)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // A task that StartAgain cancelled may end before the reason for it was thrown.
            if (exception is OperationCanceledException && moved is not null && !cancellation.IsCancellationRequested) throw moved;
            throw;
        }

        async Task<NodeReport> PushAsync(Node node, int index)
        {
            await measuring; // Files that are too large to push need no login.
            return await new NodePush(request, node, transportTo(node), logins, exclude, say, timeline)
            {
                Coordinator = commit.Coordinator,
                Machine = machines.Of(index),
                LastPush = new LastPush(request, exclude, RememberAsync),
                Indexes = indexes,
                HoldersObjection = holders.ObjectionAsync,
                StartAgain = StartAgain,
                Scanned = whole => use.Saw(index, whole),
            }.RunAsync(index, rollout, async (_, _) => (await prepared).Of(node), abort.Token);
        }

        // No node had its turn, so cancelling the others changes nothing on them.
        void StartAgain(PrimaryMovedException exception)
        {
            Interlocked.CompareExchange(ref moved, exception, null);
            abort.Cancel();
        }
    }

    private async Task EndAsync(RunCommit commit, IReadOnlyList<NodeReport> reports, PrimaryShell primary, PatternUse use)
    {
        await commit.EndAsync(reports);
        await Ended(reports, recorded, primary);
        if (UnmatchedOf(use, Config, request.Nodes) is { IsEmpty: false } unmatched) say(new RunEvent.PatternsUnmatched(unmatched));
    }

    /// <summary>The rules of EXCLUDE, and of the files that this program puts beside live files during a push.</summary>
    public static ExcludeRules ExcludeRulesOf(SyncConfig config) => new([.. config.Exclude, ".nginx-sync.*", "lost+found/"]);

    /// <summary>The patterns that match nothing on any machine; empty where not all of NODES take part or were
    /// scanned.</summary>
    internal static ImmutableArray<NamedPattern> UnmatchedOf(PatternUse use, SyncConfig config, IReadOnlyCollection<Node> nodes) =>
        config.Nodes.All(nodes.Contains) ? use.Unmatched(nodes.Count + 1) : [];

    // Read once, and only if some node holds what another machine pushed.
    private Task<RunMemory> RememberAsync() => LazyInitializer.EnsureInitialized(
        ref memory, () => RunMemory.ReadAsync(request.Config, request.Sudo, request.Who, Log, CancellationToken.None));

    private async Task<DesiredStates> PrepareAsync(
        PrimaryShell primary, Task measuring, DistinctMachines machines, PatternUse use, CancellationToken cancellation)
    {
        await measuring;
        var testing = PrimaryException.AttemptAsync(
            PrimaryStep.Test, () => timeline.OfPrimaryAsync(TimedStep.PrimaryTest, () => primary.TestAsync(cancellation)));
        var scanning = new DesiredStateReader(primary, request.Config, exclude, request.Config.AllowForeignDirectories, timeline, new ContentStore(primary.ReadAsync)) { IsMade = request.IsMade }
            .ReadAsync(request.Nodes, use, cancellation);
        var revision = request.Run is null ? Task.FromResult<string?>(null) : SourceRevision.OfAsync(request.Config.ConfPaths, cancellation);
        await Task.WhenAny(testing, scanning);
        // The test may hang at the very file that cannot be pushed: nginx waits for the other end of a fifo.
        if (scanning.IsFaulted) await Task.WhenAny(testing, Task.Delay(Courtesy, CancellationToken.None));
        if (scanning.IsFaulted && !testing.IsCompleted) await scanning;
        try
        {
            // The result of the test is said first, because the author of a broken file needs what nginx says of it.
            if (await testing is { } tested) say(new RunEvent.PrimaryTested(tested));
        }
        catch
        {
            await ((Task)scanning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        var desired = await scanning;
        foreach (var state in desired.ByNode.Values.Distinct()) SizeLimits.Ensure(state.Snapshot);
        machines.PrimaryIs(await primary.MachineAsync(cancellation));
        if (request.DryRun) return desired;
        var saved = SaveAsync();
        var run = await revision is { } commit ? request.Run! with { Revision = commit } : request.Run;
        recorded = run;
        return desired.WithEach(state => state with { Saved = saved, Run = run }) with { Saved = saved };

        async Task<string> SaveAsync()
        {
            await machines.EnsureAsync();
            await Begun(primary);
            return request.IsMade ? "" : await PrimaryException.AttemptAsync(
                PrimaryStep.Save, () => timeline.OfPrimaryAsync(TimedStep.Save, () => primary.SaveAsync(desired.LocalDigest, cancellation)),
                request.Config.BackupDir);
        }
    }
}
