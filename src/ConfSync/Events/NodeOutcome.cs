namespace ConfSync.Events;

/// <summary>What became of a node, in one word.</summary>
public enum NodeOutcome
{
    /// <summary>It holds the configuration now.</summary>
    Updated,

    /// <summary>It held the configuration already.</summary>
    Unchanged,

    /// <summary>A dry run: it would be updated.</summary>
    WouldUpdate,

    /// <summary>The run was stopped before its turn.</summary>
    LeftAlone,

    /// <summary>A roll-back over a run: that run changed nothing there.</summary>
    NotOfRun,

    /// <summary>All or none: it took the change and undid it, because another node failed.</summary>
    Undone,

    /// <summary>It could not be logged in to.</summary>
    NotReached,

    /// <summary>It failed, and nothing was changed there.</summary>
    Rejected,

    /// <summary>It failed after its live files had changed. They were put back, or that failed as well.</summary>
    Failed,

    /// <summary>It failed, and what it holds could not be seen.</summary>
    Unknown,

    /// <summary>All or none: the nodes are to keep the change, and this one was not seen to.</summary>
    InDoubt,

    /// <summary>The end of the run was not recorded: it is at work, or was cut off.</summary>
    NotTold,
}
