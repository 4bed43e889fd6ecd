namespace ConfSync.SystemTests;

/// <summary>The node that pushes. It has nginx-sync, as published from this working copy, on its PATH.</summary>
public sealed class Primary : Node
{
    internal Primary(string lab, string description)
        : base(lab, description)
    {
    }

    /// <summary>Writes /etc/nginx-sync.conf, mode 0600.</summary>
    public void Configure(params string[] lines)
    {
        Write("/etc/nginx-sync.conf", string.Join('\n', lines) + "\n");
        Files.SetMode("/etc/nginx-sync.conf", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
