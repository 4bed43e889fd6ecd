namespace ConfSync.Runs;

/// <summary>What a roll-back goes back to. One of the records in here.</summary>
public abstract record RollbackTarget
{
    private RollbackTarget()
    {
    }

    /// <summary>To before the last run: on the nodes that it changed, and on no others.</summary>
    public sealed record BeforeLastRun : RollbackTarget;

    /// <summary>Each node to what it held before its own last generation, whatever run made that.</summary>
    public sealed record BeforeLastGeneration : RollbackTarget;

    /// <summary>The state after a generation of this number, which must be the same state on all nodes.</summary>
    public sealed record Generation(int Number) : RollbackTarget;

    /// <summary>The state after a run, on each node: every later run is gone over.</summary>
    /// <param name="Id">The run's ID, or the beginning of it.</param>
    public sealed record Run(string Id) : RollbackTarget;
}
