namespace ConfSync.Changes;

/// <summary>Why a file's contents are not shown, nor its whole digest.</summary>
public enum Secrecy
{
    /// <summary>They may be shown.</summary>
    None,

    /// <summary>REDACT names it.</summary>
    Redacted,

    /// <summary>It has a name that secrets have.</summary>
    Name,

    /// <summary>On one side, not everybody may read it.</summary>
    Mode,

    /// <summary>It holds a private key or passwords.</summary>
    Content,
}
