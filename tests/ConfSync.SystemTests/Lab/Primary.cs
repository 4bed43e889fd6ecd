namespace ConfSync.SystemTests;

/// <summary>The node that pushes. It has nginx-sync, as published from this working copy, on its PATH.</summary>
public sealed class Primary : Node
{
    // All tests of the command run on the transport that this names, unless they set one themselves.
    private static readonly string? Transport = System.Environment.GetEnvironmentVariable("NGINX_SYNC_TRANSPORT");

    internal Primary(string lab, string description)
        : base(lab, description)
    {
    }

    /// <summary>Writes /etc/nginx-sync.conf, mode 0600.</summary>
    public void Configure(params string[] lines)
    {
        if (Transport is { Length: > 0 } && !lines.Any(line => line.Contains("TRANSPORT=", StringComparison.Ordinal))) lines = [.. lines, $"TRANSPORT={Transport}"];
        Write("/etc/nginx-sync.conf", string.Join('\n', lines) + "\n");
        Files.SetMode("/etc/nginx-sync.conf", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
