namespace ConfSync.Timing;

/// <summary>What time is spent on, on the primary or for a node.</summary>
public enum TimedStep
{
    // The primary's.

    /// <summary>From the start of the program to the end of the configuration file.</summary>
    Configuration,
    PrimaryTest,
    PrimaryScan,
    PostSync,
    Save,

    // A node's.

    /// <summary>Waiting, since only so many logins are made at once.</summary>
    WaitForPlace,
    Login,

    /// <summary>Beginning the session, recovery included, and the scan.</summary>
    Scan,
    WaitForLogins,
    WaitForPrimary,
    Stage,
    Test,
    WaitForTurn,
    Activate,
    Reload,
    HealthCheck,

    /// <summary>Finding out about a node whose session was lost.</summary>
    FindOut,

    /// <summary>Waiting for the common decision, and carrying it out.</summary>
    Confirm,
    Close,

    // A comparison's.

    /// <summary>Waiting, since only so many nodes' files are held in memory at once.</summary>
    WaitForPlaceToLook,
    Compare,
    LookAtNginx,
    ReadContents,
}
