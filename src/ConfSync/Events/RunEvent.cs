using System.Collections.Immutable;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Events;

/// <summary>Something that a run says while it goes on. One of the records in here; what people or programs read of it is
/// made by <c>Reports</c> and the command. A run says them from several tasks at once.</summary>
public abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>A push that an earlier run left stays as it is, because this is a dry run, or because the push is another
    /// configuration's.</summary>
    public sealed record EarlierPending(UnfinishedPush Push) : RunEvent;

    /// <summary>A push that an earlier run left is finished now: until <see cref="EarlierFinished"/>, all is said of that
    /// push.</summary>
    /// <param name="Nodes">The nodes on which it is finished.</param>
    /// <param name="Dropped">Nodes that the configuration names no more: they are left as they are.</param>
    public sealed record FinishingEarlier(
        UnfinishedPush Push, ImmutableArray<Node> Nodes, ImmutableArray<Node> Dropped) : RunEvent;

    /// <param name="Reports">One for each of the nodes on which the earlier push was to be finished.</param>
    public sealed record EarlierFinished(IReadOnlyList<NodeReport> Reports) : RunEvent;

    /// <summary>The earlier push is not finished on all its nodes, and the run goes on all the same.</summary>
    public sealed record GoingOnWithoutEarlier(UnfinishedPush Push) : RunEvent;

    /// <summary>The run itself begins: nothing that an earlier one left stands in its way.</summary>
    public sealed record Began : RunEvent;

    /// <summary>The primary's own configuration passed its test.</summary>
    public sealed record PrimaryTested(PrimaryTest Test) : RunEvent;

    /// <summary>Nothing on the primary stands in the way any more. Until now, what became of a node may be the primary's
    /// fault.</summary>
    public sealed record PrimaryReady : RunEvent;

    /// <summary>The primary's files were looked at again, since one of them changed meanwhile.</summary>
    /// <param name="Moved">What a program said of the file that changed.</param>
    public sealed record PrimaryRescanned(string Moved) : RunEvent;

    /// <summary>All begins again, since the primary's files have changed before any node had its turn: what was said of nodes
    /// before is void.</summary>
    /// <param name="Path">Of the file.</param>
    public sealed record BeganAgain(string Path) : RunEvent;

    /// <summary>A roll-back: the node is to be as it was after this generation of its own.</summary>
    public sealed record NodeGoesBack(Node Node, int Generation) : RunEvent;

    /// <summary>The first node is about to have its turn, and the order follows from the addresses that nodes hold.</summary>
    /// <param name="Nodes">In that order.</param>
    public sealed record OrderedByRoles(ImmutableArray<NodeRole> Nodes) : RunEvent;

    /// <summary>Before any node had its turn, addresses have no holder or several, and the run goes on all the same.</summary>
    public sealed record GoingOnAstray(ImmutableArray<AddressHolders> Addresses) : RunEvent;

    /// <summary>After the run, addresses have no holder or several.</summary>
    public sealed record AddressesAstray(ImmutableArray<AddressHolders> Addresses) : RunEvent;

    /// <summary>The node is at this step now.</summary>
    public sealed record NodeBegan(Node Node, PushStep Step) : RunEvent;

    /// <summary>The node's files were looked at again, since one of them changed meanwhile.</summary>
    /// <param name="Moved">What a program there said of the file that changed.</param>
    public sealed record NodeRescanned(Node Node, string Moved) : RunEvent;

    /// <summary>Nothing more is done with the node.</summary>
    public sealed record NodeFinished(NodeReport Report) : RunEvent;

    /// <summary>These patterns match nothing on the primary nor on any node: all of NODES were looked at.</summary>
    public sealed record PatternsUnmatched(ImmutableArray<NamedPattern> Patterns) : RunEvent;

    /// <summary>All or none: what is recorded on the primary was carried out, and is still there: it will be carried out once
    /// more, without harm.</summary>
    /// <param name="Words">Why it could not be removed or shortened.</param>
    public sealed record RecordNotUpdated(string Words) : RunEvent;

    /// <summary>The run is over, and <c>nginx-sync history</c> will not know what became of its nodes.</summary>
    /// <param name="Words">Why the record could not be written.</param>
    public sealed record RunNotRecorded(string Words) : RunEvent;
}
