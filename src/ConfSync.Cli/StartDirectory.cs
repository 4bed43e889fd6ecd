namespace ConfSync.Cli;

/// <summary>
/// The directory that the program was started in. The program leaves it at once, because a directory that others may
/// write must decide nothing, and because it may be deleted during a run; relative paths of the command line are resolved
/// against it.
/// </summary>
internal sealed class StartDirectory
{
    // Null where it has no name: it is deleted, or out of reach.
    private readonly string? path;

    private StartDirectory(string? path) => this.path = path;

    /// <summary>Remembers the working directory and goes to <c>/</c>.</summary>
    public static StartDirectory Leave()
    {
        string? path = null;
        try
        {
            path = Directory.GetCurrentDirectory();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only a relative path needs it.
        }
        Directory.SetCurrentDirectory("/");
        // Of one outside of this process's root, Linux says "(unreachable)/…", see getcwd(3).
        return new StartDirectory(path?.StartsWith('/') == true ? path : null);
    }

    /// <exception cref="WrongCallException">It is relative, and there is nothing that it could be relative to.</exception>
    public string Absolute(string file) =>
        file.StartsWith('/') ? file
        : path is null ? throw new WrongCallException(
            $"{Texts.Shown(file)} is relative to the working directory, which does not exist any more: give the whole path, from / on")
        : $"{path.TrimEnd('/')}/{file}";

    /// <inheritdoc cref="Absolute"/>
    public string? AbsoluteIfAny(string? file) => file is null ? null : Absolute(file);
}

/// <summary>A file that the call names cannot be had: its path is relative to a directory that does not exist any more, or it
/// cannot be written.</summary>
internal sealed class WrongCallException(string message) : Exception(message);
