namespace ConfSync.Reports;

/// <summary>What a run is to its reader.</summary>
internal enum RunKind
{
    Push,
    Rollback,

    /// <summary>Finishing a push to all or none that an earlier run decided.</summary>
    Settlement,
}

/// <summary>What a run is to its reader, and what it may do.</summary>
/// <param name="IsDryRun">Nothing is changed.</param>
/// <param name="IsAllOrNone">No node keeps the change unless all can.</param>
internal sealed record RunNature(RunKind Kind, bool IsDryRun = false, bool IsAllOrNone = false)
{
    public bool IsRollback => Kind == RunKind.Rollback;
}
