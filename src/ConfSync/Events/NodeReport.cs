using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Events;

/// <summary>What a node's test of the new configuration said.</summary>
/// <param name="Words">What the test command printed there; null where it was not run.</param>
/// <param name="NoView">Why the test could not be made before the change; null where it could.</param>
public sealed record NodeTest(string? Words, string? NoView)
{
    /// <summary>Nothing was tested.</summary>
    public static NodeTest None { get; } = new(null, null);
}

/// <summary>What became of one node; only what was seen. One of the records in here.</summary>
public abstract record NodeReport
{
    private NodeReport(Node node) => Node = node;

    public Node Node { get; }

    /// <summary>Which nginx was tested there; null where none was.</summary>
    public TestedNginx? Nginx { get; init; }

    /// <summary>In the order in which they came to be known.</summary>
    public ImmutableArray<NodeNote> Notes { get; init; } = [];

    /// <summary>What changes there, with the differences between contents; empty where the user did not ask for them.</summary>
    public ImmutableArray<ComparedEntry> Differences { get; init; } = [];

    /// <summary>It was seen, before anything was done to it, to hold something else than it was to hold; null where that was
    /// not seen.</summary>
    public bool? HeldOther { get; init; }

    /// <summary>A roll-back: the generations that it undid there, or would undo, without their changes.</summary>
    public ImmutableArray<Generation> GoneOver { get; init; } = [];

    /// <summary>A roll-back: the generation whose state comes back, without its changes; null where the node keeps it no more.</summary>
    public Generation? BackTo { get; init; }

    /// <summary>A roll-back that failed there: what this node alone is to go back to; null where it was a push.</summary>
    public RollbackTarget? Retry { get; init; }

    /// <summary>A roll-back: the digest of what the node holds at its end, or would hold; null where that is not known, and where nodes
    /// are to differ.</summary>
    public string? Holds { get; init; }

    /// <summary>Some service is to run on every node (EXPECT_RUNNING).</summary>
    public bool ExpectsRunning { get; init; } = true;

    /// <summary>What nginx is called: it may be a relative of it.</summary>
    public string NginxName { get; init; } = NginxKind.Nginx.Name;

    /// <summary>The same in one word.</summary>
    public NodeOutcome Outcome => this switch
    {
        Updated => NodeOutcome.Updated,
        Unchanged => NodeOutcome.Unchanged,
        WouldUpdate => NodeOutcome.WouldUpdate,
        LeftAlone => NodeOutcome.LeftAlone,
        NotOfRun => NodeOutcome.NotOfRun,
        Undone => NodeOutcome.Undone,
        Rejected { Failure.Kind: PeerFailure.Connect } => NodeOutcome.NotReached,
        // Its live files had changed. They were put back, or they were not.
        Rejected { Failure.State: not PeerState.Untouched } => NodeOutcome.Failed,
        Rejected => NodeOutcome.Rejected,
        InDoubt => NodeOutcome.InDoubt,
        _ => NodeOutcome.Unknown,
    };

    /// <summary>What became of each service, in the order of their reloads; empty where nginx alone takes part, and where that was
    /// not seen.</summary>
    public ImmutableArray<ServiceOutcome> Services { get; init; } = [];

    public bool IsGood => this is Updated or Unchanged or WouldUpdate or NotOfRun;

    /// <summary>The node holds, or would hold, what it is to hold, and a service does not run there.</summary>
    public bool IsStopped => Stopped.Any();

    /// <summary>The same, and something is wrong with that.</summary>
    public bool IsDown => Down.Any();

    /// <summary>The names of the services that do not run there.</summary>
    public IEnumerable<string> Stopped =>
        !Services.IsEmpty ? Services.Where(service => service.IsStopped).Select(service => service.Name)
        : this is Updated { Reload: ReloadOutcome.NotRunning } or Unchanged { Reload: ReloadOutcome.NotRunning } or WouldUpdate { NginxRuns: false } ? [NginxName]
        : [];

    /// <summary>The names of those that do not and are to.</summary>
    public IEnumerable<string> Down =>
        !Services.IsEmpty ? Services.Where(service => service is { IsStopped: true, IsExpected: true }).Select(service => service.Name)
        : ExpectsRunning ? Stopped : [];

    /// <summary>The nodes on which a decision could not be carried out yet.</summary>
    internal static IReadOnlySet<Node> InDoubtOf(IEnumerable<NodeReport> reports) =>
        reports.OfType<InDoubt>().Select(report => report.Node).ToHashSet();

    /// <summary>It holds the configuration now.</summary>
    public sealed record Updated(Node Node, ImmutableArray<Change> Changes, NodeTest Test, ReloadOutcome Reload) : NodeReport(Node);

    /// <summary>It held it already.</summary>
    /// <param name="Reload">Null where nginx was known to serve it, and was left alone.</param>
    public sealed record Unchanged(Node Node, string? TestWords, ReloadOutcome? Reload) : NodeReport(Node);

    /// <summary>A dry run: tested, nothing changed.</summary>
    public sealed record WouldUpdate(Node Node, ImmutableArray<Change> Changes, NodeTest Test) : NodeReport(Node)
    {
        public bool NginxRuns { get; init; } = true;
    }

    /// <summary>Left as it was, since the run was stopped before its turn.</summary>
    public sealed record LeftAlone(Node Node) : NodeReport(Node);

    /// <summary>A roll-back over a run: left as it was, since the run changed nothing there.</summary>
    /// <param name="Run">The run's ID, shortened.</param>
    public sealed record NotOfRun(Node Node, string Run) : NodeReport(Node);

    /// <summary>All or none: it was verified, and undone since the others cannot have it.</summary>
    public sealed record Undone(Node Node, UndoReason Why) : NodeReport(Node);

    /// <summary>Something failed: <see cref="Failure"/> says what, and what it left.</summary>
    public abstract record Failed : NodeReport
    {
        private protected Failed(Node node, NodeFailure failure)
            : base(node) => Failure = failure;

        public NodeFailure Failure { get; }

        public static Failed Of(Node node, NodeFailure failure) =>
            failure.State == PeerState.Unknown ? new Unknown(node, failure) : new Rejected(node, failure);
    }

    /// <summary>It failed, and the state that it was left in was seen: <see cref="NodeFailure.State"/>.</summary>
    public sealed record Rejected(Node Node, NodeFailure Failure) : Failed(Node, Failure);

    /// <summary>It failed, and what it holds could not be seen.</summary>
    public sealed record Unknown(Node Node, NodeFailure Failure) : Failed(Node, Failure);

    /// <summary>All or none: it was decided that all keep the configuration, and this node is not known to hold and serve
    /// it. The decision stays recorded.</summary>
    public sealed record InDoubt(Node Node, NodeFailure Failure) : Failed(Node, Failure);
}
