using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Runs;
using ConfSync.Timing;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

/// <summary>One node's way through a push: it holds <see cref="Before"/>, and is to hold <see cref="After"/>.</summary>
internal sealed class PushScene
{
    private static readonly Entry Directory = SampleTrees.Directory("/etc/nginx");
    private static readonly Entry Stays = SampleTrees.File("/etc/nginx/a") with { Digest = new string('a', 64) };
    private static readonly Entry Goes = SampleTrees.File("/etc/nginx/b") with { Digest = new string('b', 64) };

    public static readonly Entry[] Before = [Directory, Stays, Goes];
    public static readonly Entry[] After = [Directory, Stays];
    public static readonly Entry[] SomethingElse = [Directory];

    /// <summary>What makes <see cref="After"/> of <see cref="Before"/>.</summary>
    public static Change Deletion { get; } = new(Goes, null);

    private readonly ConcurrentQueue<RunEvent> said = new();

    /// <summary>The state that the node is to hold, as a peer remembers it.</summary>
    public static string Digest => SnapshotDigest.Of(new Snapshot(After), Settings.Scope);

    public static Node Node { get; } = Node.TryParse("peer", out var node, out _) ? node : null!;

    public PushRequest Request { get; init; } = new(
        Settings, [Node], DryRun: false, Reload: true, RolloutPolicy.FirstAlone, Sudo: false, "root@here");

    /// <summary>Of this node and another one, whose turn is after it.</summary>
    public Rollout Rollout { get; } = new(2, RolloutPolicy.FirstAlone);

    public DesiredState Desired { get; init; } = new(new Snapshot(After), [], Digest, new NoContents());

    public ICommitCoordinator Coordinator { get; init; } = IndependentCommits.Always;

    public CancellationTokenSource Interruption { get; } = new();

    /// <summary>What the run said.</summary>
    public IReadOnlyCollection<RunEvent> Said => said;

    public Logins Logins { get; init; } = new(32);

    /// <summary>What looks at the last push; null where that does not matter.</summary>
    public LastPush? LastPush { get; init; }

    public Timeline Timeline { get; } = new();

    public PrimaryMovedException? StartsAgain { get; private set; }

    public static SyncConfig Settings { get; } = new("/etc/nginx-sync.conf")
    {
        ConfPaths = ["/etc/nginx"],
        // How long a node that is lost is looked for.
        ConfirmTimeout = TimeSpan.FromSeconds(1),
        ReloadTimeout = TimeSpan.FromSeconds(1),
    };

    /// <summary>A run of the node on a peer that has these sessions.</summary>
    public Task<NodeReport> RunAsync(params Answers[] sessions) => RunAsync(new ScriptedPeer(sessions));

    public async Task<NodeReport> RunAsync(ScriptedPeer peer)
    {
        var push = new NodePush(Request, Node, peer, Logins, PushRun.ExcludeRulesOf(Request.Config), said.Enqueue, Timeline)
        {
            Coordinator = Coordinator,
            LastPush = LastPush,
            StartAgain = moved => StartsAgain = moved,
        };
        return await push.RunAsync(0, Rollout, (_, _) => Task.FromResult(Desired), Interruption.Token)
            .WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Whether the other node may be activated now.</summary>
    public Task<bool> TurnOfTheOther() => Rollout.TurnAsync(1).WaitAsync(TimeSpan.FromSeconds(10));

    // Nothing is sent: a file goes.
    private sealed class NoContents : IContents
    {
        public Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation) => Task.CompletedTask;

        public ReadOnlyMemory<byte> Of(Entry file) => throw new InvalidOperationException(file.Path);

        public void Dispose()
        {
        }
    }
}

/// <summary>The verdict is known before; the votes are written down.</summary>
internal sealed class KnownDecision(CommitDecision verdict) : ICommitCoordinator
{
    public List<string> Votes { get; } = [];

    public Task<CommitDecision> VerifiedAsync(int node, ImmutableArray<Change> changes, DesiredState desired) => Vote("for");

    public void NothingToKeep(int node) => Votes.Add("nothing-to-keep");

    public Task<CommitDecision> FailedAsync(int node) => Vote("against");

    public Task<NodeReport> FinishAsync(int node, NodeReport.Failed failed, CancellationToken cancellation)
    {
        Votes.Add("brought-on");
        return Task.FromResult<NodeReport>(failed);
    }

    private Task<CommitDecision> Vote(string vote)
    {
        Votes.Add(vote);
        return Task.FromResult(verdict);
    }
}
