namespace ConfSync.Protocol;

/// <summary>What a conversation is for; it decides which requests are answered and whether the lock is taken.</summary>
public enum ConversationMode
{
    Push,
    DryRun,
    Compare,
    Status,
    History,

    /// <summary>With a shell on the primary itself.</summary>
    Primary,
}

internal static class ConversationModes
{
    /// <summary>The word of the greeting for it.</summary>
    public static string ToToken(this ConversationMode mode) => mode switch
    {
        ConversationMode.Push => "push",
        ConversationMode.DryRun => "dry-run",
        ConversationMode.Compare => "compare",
        ConversationMode.Status => "status",
        ConversationMode.History => "history",
        _ => "primary",
    };
}
