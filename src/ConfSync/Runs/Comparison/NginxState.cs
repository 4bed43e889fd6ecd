namespace ConfSync.Runs;

/// <summary>Whether nginx on a node runs what is on that node's disk, whatever that is.</summary>
public enum NginxState
{
    /// <summary>Not looked at, since the node could not be compared.</summary>
    Unknown,

    /// <summary>It was seen to serve exactly this, by a push, and the same workers are there.</summary>
    Current,

    /// <summary>No record says so, but nothing has changed since its oldest current worker was started.</summary>
    ProbablyCurrent,

    /// <summary>It was seen to serve something else than what is on the disk now.</summary>
    Pending,

    /// <summary>No record says so, but files have changed since its oldest current worker was started.</summary>
    ProbablyPending,

    /// <summary>nginx does not run there.</summary>
    NotRunning,
}
