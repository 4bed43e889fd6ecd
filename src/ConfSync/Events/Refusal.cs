using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Events;

/// <summary>Why this program itself does not go on with a node. One of the records in here; <c>Reports</c> make sentences of
/// them. What a peer, ssh or nginx said is quoted beside it and not in it.</summary>
public abstract record Refusal
{
    private Refusal(PeerFailure kind) => Kind = kind;

    /// <summary>What it counts as.</summary>
    public PeerFailure Kind { get; }

    // Who the nodes are.

    /// <summary>Two names in NODES are one machine.</summary>
    public sealed record SameMachine(Node First, Node Second) : Refusal(PeerFailure.Machine);

    /// <summary>The node is the primary itself.</summary>
    public sealed record PrimaryItself(Node Node) : Refusal(PeerFailure.Machine);

    // Before anything live changes.

    /// <summary>A dry run met what an earlier push left.</summary>
    /// <param name="Words">What was seen.</param>
    public sealed record Remains(string Words) : Refusal(PeerFailure.Remains);

    public sealed record Conflicts(ImmutableArray<Conflict> Found) : Refusal(PeerFailure.Conflict);

    /// <summary>What was decided for the node would have to be created in a directory that is gone there since.</summary>
    public sealed record ParentGone(string Path, string Parent) : Refusal(PeerFailure.Conflict);

    /// <summary>Another user may write to directories there that this push would work in.</summary>
    public sealed record ForeignDirectories(ImmutableArray<Entry> Directories) : Refusal(PeerFailure.Foreign);

    /// <summary>The push would delete more there than it may.</summary>
    public sealed record TooManyDeletions(ExcessDeletions Excess) : Refusal(PeerFailure.Conflict);

    /// <summary>The contents that all nodes together need do not fit into this program.</summary>
    public sealed record TooMuchContent(long Bytes) : Refusal(PeerFailure.Conflict);

    /// <summary>The result cannot be tested before it is live, and REQUIRE_STAGED_TEST asks for that.</summary>
    /// <param name="Words">Why it cannot, as the node says it.</param>
    public sealed record NoView(string Words) : Refusal(PeerFailure.NoView);

    /// <summary>A file of the primary changed after it was seen, and other nodes have what it was before.</summary>
    public sealed record PrimaryMoved(string Path) : Refusal(PeerFailure.Moved);

    /// <summary>The node holds what another machine pushed there, and this machine has never had that state.</summary>
    /// <param name="Who">That machine and its user.</param>
    /// <param name="Time">When it was confirmed, by the node's clock; null where that was not recorded.</param>
    /// <param name="Run">The run's ID, shortened.</param>
    /// <param name="Message">The run's message; null for none.</param>
    public sealed record NeverHad(string Who, DateTimeOffset? Time, string Run, string? Message) : Refusal(PeerFailure.NeverHad);

    /// <summary>The push would overwrite what was edited on the node, and OVERWRITE forbids that.</summary>
    /// <param name="IsComplete">False: there are more paths, and nothing tells which they are.</param>
    public sealed record EditedByHand(ImmutableArray<string> Paths, bool IsComplete) : Refusal(PeerFailure.Edited);

    /// <summary>Several machines hold an address that moves, so that it is not certain which of them serves.</summary>
    public sealed record SeveralHolders(ImmutableArray<AddressHolders> Addresses) : Refusal(PeerFailure.Conflict);

    public sealed record InterruptedBefore() : Refusal(PeerFailure.Interrupted);

    // After the activation, which is undone.

    /// <summary>Another process changed this on the node meanwhile.</summary>
    public sealed record ChangedWhileActivated(string Path) : Refusal(PeerFailure.Changed);

    public sealed record InterruptedAfter() : Refusal(PeerFailure.Interrupted);

    // A roll-back has no way back.

    /// <param name="BackupDir">Where it looked for them.</param>
    public sealed record NoGenerations(string BackupDir) : Refusal(PeerFailure.History);

    /// <summary>The generation that is wanted is between others that are kept.</summary>
    public sealed record GenerationMissing(int Number) : Refusal(PeerFailure.History);

    public sealed record GenerationOutOfRange(int Number, int Lowest, int Highest) : Refusal(PeerFailure.History);

    /// <summary>The state before the lowest generation has no number, by which several nodes could be compared.</summary>
    public sealed record BeforeLowestOfMany(int Number) : Refusal(PeerFailure.History);

    /// <summary>A generation above the one that is wanted is missing, so it is not known what it changed.</summary>
    public sealed record WayMissing(int Number) : Refusal(PeerFailure.History);

    /// <summary>A generation above the one that is wanted does not say what it changed.</summary>
    public sealed record GenerationWithoutChanges(int Number) : Refusal(PeerFailure.History);

    /// <summary>A generation makes no sense.</summary>
    /// <param name="Words">In what.</param>
    public sealed record HistoryUnreadable(string Words) : Refusal(PeerFailure.History);

    /// <summary>What the node retains of these paths is gone, or is no longer what it retained.</summary>
    public sealed record RetainedDamaged(ImmutableArray<string> Paths) : Refusal(PeerFailure.History);

    /// <summary>Paths that would have to go back, and that the configuration no longer lets this program touch.</summary>
    /// <param name="Runs">The runs that changed them, shortened, the last one first; those of which it is known.</param>
    public sealed record OutsideScope(ImmutableArray<string> Paths, ImmutableArray<string> Runs) : Refusal(PeerFailure.Conflict);

    /// <summary>Paths that would have to go back into a directory that is not there any more.</summary>
    public sealed record NoDirectoryFor(ImmutableArray<string> Paths) : Refusal(PeerFailure.Conflict);

    /// <summary>Paths that were changed there since, and would be overwritten.</summary>
    public sealed record EditedSince(ImmutableArray<string> Paths) : Refusal(PeerFailure.Edited);

    /// <summary>A roll-back over the last run: the newest generation does not say which run made it.</summary>
    public sealed record RunNotRecorded(Node Node, int Generation) : Refusal(PeerFailure.History);

    /// <summary>The run that is the last one of all is not the last one on these nodes.</summary>
    /// <param name="Run">Its ID, shortened.</param>
    public sealed record LaterRuns(string Run, ImmutableArray<RunOnNode> OnNodes) : Refusal(PeerFailure.History);

    /// <summary>The run that this primary remembers as the last one changed no node that was reached, so that a roll-back would go over
    /// an earlier one.</summary>
    /// <param name="Run">Its ID, shortened.</param>
    /// <param name="NotReached">The nodes that it changed and that were not reached; empty where it changed nothing anywhere.</param>
    /// <param name="Before">The ID of the last run that the nodes know, shortened.</param>
    public sealed record LastRunNotSeen(string Run, ImmutableArray<Node> NotReached, string Before) : Refusal(PeerFailure.History);

    /// <summary>The last run was a roll-back that was not made on all nodes, so that another one would take back what it did on the
    /// others.</summary>
    /// <param name="Run">Its ID, shortened.</param>
    /// <param name="Left">The nodes that still hold what was rolled back, and the generation of each from before that.</param>
    /// <param name="NotReached">The nodes where it failed, and of which is not known what they hold.</param>
    /// <param name="Without">The nodes where it failed, and which never had what was rolled back.</param>
    public sealed record RollbackNotWhole(
        string Run, ImmutableArray<LeftToRollBack> Left, ImmutableArray<Node> NotReached, ImmutableArray<Node> Without) : Refusal(PeerFailure.History)
    {
        /// <summary>All of them.</summary>
        public ImmutableArray<Node> Nodes => [.. Left.Select(one => one.Node), .. NotReached, .. Without];
    }

    /// <summary>No node that was reached keeps a generation of this run.</summary>
    public sealed record RunNotRetained(string Run) : Refusal(PeerFailure.History);

    /// <summary>Several runs begin like this.</summary>
    public sealed record RunAmbiguous(string Run, ImmutableArray<string> Ids) : Refusal(PeerFailure.History);

    /// <summary>What the node held after the run is not known: its generations begin later.</summary>
    /// <param name="Run">Its ID, shortened.</param>
    public sealed record BeforeLowestRetained(string Run, int Lowest) : Refusal(PeerFailure.History);

    /// <summary>Several nodes are to go back to one number, and it is not seen to be one state on all of them.</summary>
    public sealed record NotOneState(int Number, ImmutableArray<GenerationOnNode> OnNodes) : Refusal(PeerFailure.History);
}

/// <summary>This program refuses to go on with a node.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.ToString())
{
    public Refusal Refusal => refusal;
}
