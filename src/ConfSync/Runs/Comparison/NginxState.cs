namespace ConfSync.Runs;

/// <summary>Whether nginx on a node runs what is on that node's disk.</summary>
public enum NginxState
{
    /// <summary>Not known, because the node could not be compared or nginx takes no part.</summary>
    Unknown,

    /// <summary>A push saw nginx serve exactly these files, and some of the workers of that time still run.</summary>
    Current,

    /// <summary>No push recorded what nginx serves, but no file has changed since the oldest current worker was
    /// started.</summary>
    ProbablyCurrent,

    /// <summary>A push recorded that nginx serves other files than those on the disk now.</summary>
    Pending,

    /// <summary>No push recorded what nginx serves, and files have changed since the oldest current worker was
    /// started.</summary>
    ProbablyPending,

    /// <summary>nginx does not run on the node.</summary>
    NotRunning,
}

internal static class NginxStates
{
    /// <summary>It does not run what is on the node's disk, for certain or probably.</summary>
    public static bool IsPending(this NginxState state) => state is NginxState.Pending or NginxState.ProbablyPending;
}
