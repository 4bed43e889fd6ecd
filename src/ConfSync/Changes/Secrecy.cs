namespace ConfSync.Changes;

/// <summary>Why the content of a file and its whole digest are hidden.</summary>
public enum Secrecy
{
    /// <summary>They may be shown.</summary>
    None,

    /// <summary>REDACT names the file.</summary>
    Redacted,

    /// <summary>The file has a name that is usual for secrets.</summary>
    Name,

    /// <summary>On one side, not everybody may read the file.</summary>
    Mode,

    /// <summary>The file holds a private key or passwords.</summary>
    Content,
}
