namespace ConfSync.Configuration;

/// <summary>What the order between nodes follows from.</summary>
public enum NodeOrder
{
    /// <summary>From roles where keepalived's files are in play, and from NODES elsewhere.</summary>
    Automatic,

    /// <summary>From NODES.</summary>
    Nodes,

    /// <summary>From the addresses that nodes hold.</summary>
    Roles,
}
