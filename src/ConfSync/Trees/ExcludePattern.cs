using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>One item of EXCLUDE, as rsync(1) means it under "PATTERN MATCHING RULES", less what is refused.</summary>
internal sealed class ExcludePattern
{
    private const string Supported =
        "supported are names, * within a name, ** for any number of directories, a leading / for the top of a path of " +
        "CONFPATHS (or that path itself), a final / for directories only";

    private readonly string text;

    /// <exception cref="FormatException">The pattern means something to rsync that is not supported here, or could
    /// never match.</exception>
    public ExcludePattern(string text)
    {
        this.text = text;
        if (text.AsSpan().IndexOfAny(@"?[\") is >= 0 and var at) throw Unfit($"{text[at]} is not supported");
        if (text.StartsWith('!') || text.StartsWith("+ ", StringComparison.Ordinal) ||
            text.StartsWith("- ", StringComparison.Ordinal))
        {
            throw Unfit("rsync's filter prefixes are not supported");
        }
        foreach (var name in Body(text).Split('/'))
        {
            if (name is "" or "." or "..") throw Unfit($"no path has the part '{name}'");
            if (name != "**" && name.Contains("**", StringComparison.Ordinal))
            {
                throw Unfit("** is not supported as a part of a name");
            }
        }
    }

    public bool IsDirectoryOnly => text.EndsWith('/');

    /// <summary>The pattern as a name, where it has no slash and matches at any depth; otherwise null.</summary>
    public string? Name => text.IndexOf('/') is var slash && (slash < 0 || slash == text.Length - 1) ? Body(text) : null;

    /// <summary>Written as an absolute path, it names this directory itself.</summary>
    public bool Names(string directory) => text[0] == '/' && "/" + Body(text) == directory;

    /// <summary>
    /// The pattern for FileSystemGlobbing, for paths relative to this directory, the root of a transfer. An absolute
    /// path beneath it, which rsync would take as relative to it and never find, is understood as well.
    /// </summary>
    public string GlobWithin(string directory)
    {
        var isAbsolute = text.StartsWith(directory + "/", StringComparison.Ordinal);
        var names = Body(isAbsolute ? text[directory.Length..] : text).Split('/');
        var globs = names.Select((name, index) => name switch
        {
            // Between two slashes rsync wants at least one name.
            "**" when index < names.Length - 1 && (index > 0 || text[0] == '/') => "*/**",
            "**" => "**",
            _ => ExcludeGlob.OfName(name),
        });
        return (text[0] == '/' || names[0] == "**" ? "" : "**/") + string.Join('/', globs);
    }

    // Less the slashes at both ends that say what kind of pattern it is.
    private static string Body(string text)
    {
        var body = text.StartsWith('/') ? text[1..] : text;
        return body.EndsWith('/') ? body[..^1] : body;
    }

    private FormatException Unfit(string why) =>
        new($"pattern '{PosixText.Printable(text)}': {why}; {Supported}");
}
