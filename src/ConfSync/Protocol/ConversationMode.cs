namespace ConfSync.Protocol;

/// <summary>What a conversation is for. It decides which requests the script answers, and whether the script takes the
/// lock.</summary>
public enum ConversationMode
{
    Push,
    DryRun,
    Compare,
    Status,
    History,
    Doctor,
    Roles,

    /// <summary>The first setup of a cluster.</summary>
    Setup,

    /// <summary>Moves addresses: only files beside keepalived's configuration are written.</summary>
    Place,

    /// <summary>A conversation with a shell on the primary itself.</summary>
    Primary,
}

internal static class ConversationModes
{
    /// <summary>The token for the mode in the <c>hello</c> line.</summary>
    public static string ToToken(this ConversationMode mode) => mode switch
    {
        ConversationMode.Push => "push",
        ConversationMode.DryRun => "dry-run",
        ConversationMode.Compare => "compare",
        ConversationMode.Status => "status",
        ConversationMode.History => "history",
        ConversationMode.Doctor => "doctor",
        ConversationMode.Roles => "roles",
        ConversationMode.Setup => "setup",
        ConversationMode.Place => "place",
        _ => "primary",
    };
}
