namespace ConfSync.Events;

/// <summary>What a roll-back goes back to. A closed set of records.</summary>
public abstract record RollbackTarget
{
    private RollbackTarget()
    {
    }

    /// <summary>The state before the last run. Nodes that this run did not change stay as they are.</summary>
    public sealed record BeforeLastRun : RollbackTarget;

    /// <summary>On each node the state before its own last generation, whatever run made that.</summary>
    public sealed record BeforeLastGeneration : RollbackTarget;

    /// <summary>The state after the generation of this number. It must be the same state on all nodes.</summary>
    public sealed record Generation(int Number) : RollbackTarget;

    /// <summary>The state after a run, on each node. All later runs are undone.</summary>
    /// <param name="Id">The run's ID, or the beginning of it.</param>
    public sealed record Run(string Id) : RollbackTarget;
}
