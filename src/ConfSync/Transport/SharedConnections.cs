using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>
/// Connections that stay open for the next command, by OpenSSH's own multiplexing (ControlMaster, ControlPersist in
/// ssh_config(5)). A process that can open one of the sockets is logged in, so the sockets are in a directory of this user
/// alone.
/// </summary>
/// <param name="Directory">Holds one socket for each connection.</param>
/// <param name="Time">How long a connection stays open after its last use.</param>
public sealed record SharedConnections(string Directory, TimeSpan Time)
{
    private const string Name = "nginx-sync-ssh";

    // The path of a socket has 108 bytes with its NUL (sun_path of unix(7)). ssh adds a slash, a digest of 40 digits (%C)
    // and, while it makes the socket, a dot and 16 random letters.
    private const int LongestDirectory = 108 - 1 - 1 - 40 - 17;

    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates the directory, or checks that an existing one belongs to this user alone.</summary>
    /// <param name="userId">The ID of the user of this process.</param>
    /// <param name="runtimeDirectory"><c>XDG_RUNTIME_DIR</c>, see https://specifications.freedesktop.org/basedir-spec; null
    /// where it is not set. Root does not use it, because it may come from another user's session.</param>
    /// <exception cref="IOException">No directory is safe. The message says which one and why.</exception>
    public static SharedConnections In(uint userId, string? runtimeDirectory, TimeSpan time)
    {
        var parent = userId == 0 ? "/run"
            : string.IsNullOrEmpty(runtimeDirectory) ? $"/run/user/{userId}"
            : runtimeDirectory.TrimEnd('/');
        var directory = $"{parent}/{Name}";
        if (directory.Length > LongestDirectory) throw new IOException($"{directory} is too long for the path of a socket");
        // ssh expands some other characters.
        if (parent[0] != '/' || !directory.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-'))
        {
            throw new IOException("the runtime directory is no absolute path of letters, digits and . _ -");
        }
        var (parentOwner, parentMode) = OwnerAndMode(parent);
        if ((parentOwner != 0 && parentOwner != userId) || (parentMode & WritableByOthers) != 0)
        {
            throw new IOException($"others may write {parent}");
        }
        if (!Path.Exists(directory)) System.IO.Directory.CreateDirectory(directory, Own);
        var (owner, mode) = OwnerAndMode(directory);
        if (owner != userId) throw new IOException($"{directory} belongs to user {owner}");
        if (mode != Own) throw new IOException($"{directory} has the mode {Convert.ToString((int)mode, 8)} and not 700");
        return new SharedConnections(directory, time);
    }

    /// <summary>The options for ssh.</summary>
    internal string[] Options =>
    [
        "-oControlMaster=auto", $"-oControlPath={Directory}/%C",
        FormattableString.Invariant($"-oControlPersist={(int)Time.TotalSeconds}"),
    ];

    private static (uint Owner, UnixFileMode Mode) OwnerAndMode(string directory)
    {
        var (owner, mode, isDirectory) = Posix.LookAt(directory);
        return isDirectory ? (owner, mode) : throw new IOException($"{directory} is no directory");
    }
}
