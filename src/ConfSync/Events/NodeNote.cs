using System.Collections.Immutable;

namespace ConfSync.Events;

/// <summary>What the administrator should know of a node beside what became of it. One of the records in here;
/// <c>Reports</c> make sentences of them.</summary>
public abstract record NodeNote
{
    private NodeNote()
    {
    }

    /// <summary>The nginx that is meant does not run there, and another one does.</summary>
    /// <param name="Words">The node's, of that other one.</param>
    public sealed record OtherNginx(string Words) : NodeNote;

    /// <summary>An earlier push had been cut off there, and this session undid or finished it.</summary>
    /// <param name="Words">The node's, of what it did.</param>
    public sealed record Recovered(string Words) : NodeNote;

    /// <summary>The node holds the files, nginx is not known to serve them, and this run was not allowed to reload it.</summary>
    public sealed record NotKnownToServe : NodeNote;

    /// <summary>The session was lost after the activation; a later one saw that the node holds and serves the configuration.
    /// </summary>
    /// <param name="Words">How it was lost.</param>
    public sealed record LostAtEnd(string Words) : NodeNote;

    /// <summary>All or none: the session was lost after all nodes had agreed; a later one saw to the node.</summary>
    /// <param name="GivenAgain">The node had undone the push and was given it again; otherwise it held it.</param>
    /// <param name="Failure">How the session was lost.</param>
    public sealed record LostAfterDecision(bool GivenAgain, NodeFailure Failure) : NodeNote;

    /// <summary>The push overwrites what was edited on the node since the last push.</summary>
    /// <param name="IsComplete">False: there are more paths, and nothing tells which they are.</param>
    public sealed record EditedByHand(ImmutableArray<string> Paths, bool IsComplete) : NodeNote;

    /// <summary>A roll-back brings back what was edited by hand after the run whose state it goes back to.</summary>
    /// <param name="Generation">The node's own of that run.</param>
    /// <param name="Run">Its ID, shortened; null where that was not recorded.</param>
    public sealed record NotAsLeft(int Generation, string? Run) : NodeNote;

    /// <summary>Something went wrong on the node, without harm to the change.</summary>
    /// <param name="Words">The node's.</param>
    public sealed record Warning(string Words) : NodeNote;
}
