using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;

namespace ConfSync.Runs;

/// <summary>Records how far one node is in a push. It says each step as an event and adds its time to the timeline, and the
/// report of a failure names the last step.</summary>
internal sealed class NodeProgress(Node node, Action<RunEvent> say, Timeline timeline)
{
    private readonly StepClock clock = new(timeline, node);
    private readonly List<NodeNote> notes = [];

    public PushStep Step { get; private set; } = PushStep.Connect;

    /// <summary>Further notes on this node for the administrator.</summary>
    public ImmutableArray<NodeNote> Notes => [.. notes];

    /// <summary>What changes on the node, with diffs of contents, where they were asked for.</summary>
    public ImmutableArray<ComparedEntry> Differences { get; set; } = [];

    /// <summary>What the node is to hold, once that is known.</summary>
    public DesiredState? Desired { get; set; }

    /// <summary>Whether the node was seen to hold something else than the desired Snapshot; null where it was not
    /// scanned.</summary>
    public bool? HoldsOther { get; set; }

    public void Begin(PushStep next)
    {
        Step = next;
        clock.Begin(TimeOf(next));
        say(new RunEvent.NodeBegan(node, next));
    }

    /// <summary>Counts the time from now on for this step of the timeline. The step of the push stays the same.</summary>
    public void Spend(TimedStep step) => clock.Begin(step);

    /// <summary>Sets the step back after the node in doubt was looked at, so that the report names the step that
    /// failed.</summary>
    public void GoBackTo(PushStep step) => Step = step;

    /// <summary>Ends the last step. Nothing more is done with the node.</summary>
    public void End() => clock.End();

    public void Note(NodeNote note) => notes.Add(note);

    /// <summary>Says that the node's files were scanned again.</summary>
    /// <param name="moved">What a program on the peer said of the file that changed.</param>
    public void Rescanned(string moved) => say(new RunEvent.NodeRescanned(node, moved));

    /// <summary>Makes the report of a failure in the current step.</summary>
    public NodeReport.Failed Failed(PeerFailure kind, string words, PeerState state) =>
        Failed(new NodeFailure(Step, kind, words, state, ""));

    /// <summary>Makes the report for a refusal by this program.</summary>
    public NodeReport.Failed Failed(Refusal refusal, PeerState state) =>
        Failed(new NodeFailure(Step, refusal.Kind, "", state, "") { Refusal = refusal });

    /// <summary>Makes the report of a failure that the peer's session raised.</summary>
    /// <param name="state">The state that the failure left, where more is known than the exception says.</param>
    public NodeReport.Failed Failed(PeerException exception, PeerState? state = null) =>
        Failed(new NodeFailure(Step, exception.Failure, exception.Message, state ?? exception.State, exception.UndoWords, exception.Advice)
        {
            Service = exception.Service,
            Transport = exception.Transport,
        });

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
