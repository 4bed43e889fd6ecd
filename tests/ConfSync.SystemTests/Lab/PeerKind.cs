namespace ConfSync.SystemTests;

/// <summary>What a peer is like; as it stands, a Debian server.</summary>
public sealed record PeerKind
{
    /// <summary>bash, dash or busybox as /bin/sh. Null: the host's.</summary>
    public string? Sh { get; init; }

    /// <summary>Busybox instead of coreutils, findutils, tar, util-linux and every shell, as on Alpine.</summary>
    public bool BusyboxTools { get; init; }

    /// <summary>There is a flock program.</summary>
    public bool Flock { get; init; } = true;

    /// <summary>There is an unshare program.</summary>
    public bool Unshare { get; init; } = true;

    /// <summary>Programs that came over ssh may mount, as root. Commands that a test runs by
    /// <see cref="Node.RunAsync(string[])"/> may in any case.</summary>
    public bool MayMount { get; init; } = true;

    /// <summary>The users' shell, such as /usr/bin/fish or /bin/tcsh. Null: bash, or on Alpine busybox.</summary>
    public string? LoginShell { get; init; }

    public static PeerKind Debian { get; } = new();

    /// <summary>Busybox for everything.</summary>
    public static PeerKind Alpine { get; } = new() { BusyboxTools = true };

    internal IReadOnlyList<string> Options()
    {
        List<string> options = [];
        if (Sh != null) options.AddRange(["--sh", Sh]);
        if (BusyboxTools) options.AddRange(["--tools", "busybox"]);
        if (LoginShell != null) options.AddRange(["--login-shell", LoginShell]);
        if (!Flock) options.Add("--no-flock");
        if (!Unshare) options.Add("--no-unshare");
        if (!MayMount) options.Add("--no-sys-admin");
        return options;
    }
}
