using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Timing;

namespace ConfSync.Runs;

/// <summary>Where one node is on its way through a push: each step is said and put into the timeline, and the
/// report of a failure names the last one.</summary>
internal sealed class NodeProgress(Node node, Action<RunEvent> say, Timeline timeline)
{
    private readonly StepClock clock = new(timeline, node);
    private readonly List<NodeNote> notes = [];

    public PushStep Step { get; private set; } = PushStep.Connect;

    /// <summary>What else the administrator should know of this node.</summary>
    public ImmutableArray<NodeNote> Notes => [.. notes];

    /// <summary>What changes there, with the differences between contents, where they were asked for.</summary>
    public ImmutableArray<ComparedEntry> Differences { get; set; } = [];

    /// <summary>The node was seen to hold something else than it is to hold; null where it was not looked at.</summary>
    public bool? HoldsOther { get; set; }

    public void Begin(PushStep next)
    {
        Step = next;
        clock.Begin(TimeOf(next));
        say(new RunEvent.NodeBegan(node, next));
    }

    /// <summary>The step stays the same, and the time from now on belongs to this.</summary>
    public void Spend(TimedStep step) => clock.Begin(step);

    /// <summary>An attempt to find out about the node is over: what failed is the step before it.</summary>
    public void GoBackTo(PushStep step) => Step = step;

    /// <summary>Nothing more is done with the node.</summary>
    public void End() => clock.End();

    public void Note(NodeNote note) => notes.Add(note);

    /// <summary>Its files were looked at again.</summary>
    /// <param name="moved">What a program there said of the file that changed.</param>
    public void Rescanned(string moved) => say(new RunEvent.NodeRescanned(node, moved));

    /// <summary>The report of a failure in the current step.</summary>
    public NodeReport.Failed Failed(PeerFailure kind, string words, PeerState state) =>
        Failed(new NodeFailure(Step, kind, words, state, ""));

    /// <summary>The same where this program does not go on.</summary>
    public NodeReport.Failed Failed(Refusal refusal, PeerState state) =>
        Failed(new NodeFailure(Step, refusal.Kind, "", state, "") { Refusal = refusal });

    /// <summary>The same, as the peer's session told it.</summary>
    /// <param name="state">What the failure left, where more is known than the session could say.</param>
    public NodeReport.Failed Failed(PeerException exception, PeerState? state = null) =>
        Failed(new NodeFailure(Step, exception.Failure, exception.Message, state ?? exception.State, exception.UndoWords, exception.Advice));

    private NodeReport.Failed Failed(NodeFailure failure) => NodeReport.Failed.Of(node, failure with
    {
        Step = failure.Kind == PeerFailure.Test ? PushStep.Test : failure.Step,
    });

    private static TimedStep TimeOf(PushStep step) => step switch
    {
        PushStep.Connect => TimedStep.WaitForPlace,
        PushStep.Scan => TimedStep.Scan,
        PushStep.Stage => TimedStep.Stage,
        PushStep.Test => TimedStep.Test,
        PushStep.Wait => TimedStep.WaitForTurn,
        PushStep.Activate => TimedStep.Activate,
        PushStep.Reload => TimedStep.Reload,
        PushStep.HealthCheck => TimedStep.HealthCheck,
        PushStep.Resolve => TimedStep.FindOut,
        _ => TimedStep.Confirm,
    };
}
