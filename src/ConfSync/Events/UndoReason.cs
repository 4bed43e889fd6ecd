using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>Why a node that was verified had to undo what it could have kept. One of the records in here.</summary>
public abstract record UndoReason
{
    private UndoReason()
    {
    }

    /// <summary>Another node failed, and it is all or none.</summary>
    public sealed record NodeFailed(Node Node) : UndoReason;

    /// <summary>The decision that all keep the change could not be recorded on the primary.</summary>
    /// <param name="Words">Why not.</param>
    public sealed record NotRecorded(string Words) : UndoReason;

    /// <summary>The record of an earlier push, which this one takes the place of, could not be removed from the primary.</summary>
    /// <param name="Words">Why not.</param>
    public sealed record EarlierNotRemoved(string Words) : UndoReason;
}
