namespace ConfSync.Timing;

/// <summary>What time was spent on, on the primary or for one node.</summary>
public enum TimedStep
{
    // Steps on the primary.

    /// <summary>From the start of the program until the configuration file is read.</summary>
    Configuration,
    PrimaryTest,
    PrimaryScan,
    PostSync,
    Save,

    // Steps of a node.

    /// <summary>Waiting for a login slot, because only a few logins are made at once.</summary>
    WaitForPlace,
    Login,

    /// <summary>Beginning the session, including a recovery, and the scan.</summary>
    Scan,
    WaitForLogins,
    WaitForPrimary,
    Stage,
    Test,
    WaitForTurn,
    Activate,
    Reload,
    HealthCheck,

    /// <summary>Resolving a node in doubt.</summary>
    FindOut,

    /// <summary>Waiting for the commit decision, and carrying it out.</summary>
    Confirm,
    Close,

    // Steps of a comparison.

    /// <summary>Waiting, because the files of only a few nodes are held in memory at once.</summary>
    WaitForPlaceToLook,
    Compare,
    LookAtNginx,
    ReadContents,
}
