using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>What a node was doing; the one at which it failed tells what the failure means.</summary>
public enum PushStep
{
    Connect,
    Scan,
    Stage,
    Test,
    Wait,
    Activate,
    Reload,
    HealthCheck,

    /// <summary>Verified; whether it keeps that is not decided yet.</summary>
    Agree,
    Confirm,

    /// <summary>The session was lost: finding out what became of the node.</summary>
    Settle,
}

public enum NodeOutcome
{
    /// <summary>It holds the configuration now.</summary>
    Updated,

    /// <summary>It held it already.</summary>
    Unchanged,

    /// <summary>A dry run: tested, nothing changed.</summary>
    WouldUpdate,

    /// <summary>Something failed; <see cref="NodeReport.Failure"/> says what, and what it left.</summary>
    Failed,

    /// <summary>Tested, then left as it was since the run was stopped.</summary>
    LeftAlone,

    /// <summary>All or none: it was verified, and undone since the others cannot have it.
    /// <see cref="NodeFailure.Words"/> is why.</summary>
    Undone,

    /// <summary>All or none: it was decided that all keep the configuration, and this node is not known to hold and serve
    /// it. The decision stays recorded.</summary>
    Unsettled,
}

/// <summary>Why a node failed.</summary>
/// <param name="Words">The peer's, ssh's or this program's own words.</param>
/// <param name="UndoWords">Where the state is <see cref="PeerState.NotUndone"/>: what hindered the undo. Where it is
/// <see cref="PeerState.Undone"/>: why what was staged is still there, if it is.</param>
/// <param name="Advice">What a person can do, where that depends on more than <paramref name="Kind"/>.</param>
public sealed record NodeFailure(
    PushStep Step, PeerFailure Kind, string Words, PeerState State, string UndoWords, string? Advice = null)
{
    /// <summary>nginx-sync was started by root, who works without sudo.</summary>
    public bool IsOfRoot { get; init; }
}

/// <summary>What became of one node; only what was seen.</summary>
/// <param name="TestWords">What the test command printed there; null where it was not run.</param>
/// <param name="NoView">Why the test could not be made before the change; null where it could.</param>
/// <param name="Served">Null where it did not come to that.</param>
/// <param name="Notes">What else somebody should know: an earlier run's remains, a generation that could not be kept.</param>
public sealed record NodeReport(
    NodeAddress Node,
    NodeOutcome Outcome,
    ImmutableArray<Change> Changes,
    string? TestWords = null,
    string? NoView = null,
    Served? Served = null,
    NodeFailure? Failure = null,
    ImmutableArray<string> Notes = default)
{
    /// <summary>Which nginx was tested there; null where none was.</summary>
    public TestedNginx? Nginx { get; init; }

    /// <summary>The nodes on which a decision could not be carried out yet.</summary>
    internal static IReadOnlySet<NodeAddress> Unsettled(IEnumerable<NodeReport> reports) =>
        reports.Where(report => report.Outcome == NodeOutcome.Unsettled).Select(report => report.Node).ToHashSet();

    public bool IsGood => Outcome is NodeOutcome.Updated or NodeOutcome.Unchanged or NodeOutcome.WouldUpdate;
}

/// <summary>Told of what happens while it happens. Called from several tasks at once.</summary>
public interface IPushObserver
{
    /// <summary>The primary's own configuration passed its test.</summary>
    void PrimaryTested(PrimaryTest test);

    /// <summary>Nothing on the primary stands in the way any more.</summary>
    void PrimaryReady();

    void NodeBegan(NodeAddress node, PushStep step);

    void NodeFinished(NodeReport report);

    /// <summary>For whoever wants to know more than what became of the nodes.</summary>
    void Remarked(string words);

    /// <summary>All begins again, since the primary's files have changed before any node had its turn.</summary>
    void BeganAgain(string why);

    /// <summary>Something about the run as a whole that somebody should know.</summary>
    void Noted(string words);
}
