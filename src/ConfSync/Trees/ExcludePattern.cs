using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>One item of EXCLUDE, as rsync(1) means it under "PATTERN MATCHING RULES". Immutable.</summary>
internal sealed class ExcludePattern
{
    // Less the slash at its end, which says what kind of pattern it is.
    private readonly string body;

    private readonly Matcher matcher;

    /// <exception cref="FormatException">The pattern could never match, or means something else to rsync than a pattern.</exception>
    public ExcludePattern(string text)
    {
        Text = text;
        IsDirectoryOnly = text.Length > 1 && text.EndsWith('/');
        body = IsDirectoryOnly ? text[..^1] : text;
        if (text.StartsWith('!') || text.StartsWith("+ ", StringComparison.Ordinal) || text.StartsWith("- ", StringComparison.Ordinal))
        {
            throw new FormatException($"pattern '{PosixText.Printable(text)}': filter rules of rsync's are not supported, only patterns of what to exclude");
        }
        try
        {
            matcher = new Matcher(body);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"pattern '{PosixText.Printable(text)}': {exception.Message}");
        }
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public bool IsDirectoryOnly { get; }

    /// <summary>The pattern as a name that find(1) and any C library understand as rsync does, where it has no slash and
    /// matches at any depth; otherwise null.</summary>
    public string? Name => body.AsSpan().ContainsAny(@"/?[\") ? null : body;

    /// <summary>Written as an absolute path, it names this directory itself.</summary>
    public bool Names(string directory) => body == directory;

    /// <summary>
    /// For paths beneath this directory, the root of a transfer. An absolute path beneath it, which rsync would take as
    /// relative to it and never find, is understood as well.
    /// </summary>
    /// <returns>Tells of a path relative to that directory, and of whether it is a directory itself, whether the pattern
    /// matches it.</returns>
    /// <exception cref="FormatException">What is left of the pattern could never match.</exception>
    public Func<byte[], bool, bool> Within(string directory)
    {
        var found = body.StartsWith(directory + "/", StringComparison.Ordinal) ? new Matcher(body[directory.Length..]) : matcher;
        return IsDirectoryOnly ? (path, isDirectory) => isDirectory && found.Matches(path, true) : found.Matches;
    }

    // What of a path is compared with the pattern depends on its slashes and on where it has "**", be it in brackets.
    private sealed class Matcher
    {
        private const byte Slash = (byte)'/';

        private readonly Glob glob;
        private readonly bool isAnchored, isDeep, startsDeep, takesContents;
        private readonly int slashes;

        public Matcher(string body)
        {
            isAnchored = body.StartsWith('/');
            glob = new Glob(isAnchored ? body[1..] : body);
            slashes = body.Count(c => c == '/');
            isDeep = body.Contains("**", StringComparison.Ordinal);
            startsDeep = body.StartsWith("**", StringComparison.Ordinal);
            takesContents = body.EndsWith("***", StringComparison.Ordinal);
        }

        public bool Matches(byte[] path, bool isDirectory)
        {
            // "dir/***" is "dir/" and "dir/**" in one.
            var text = takesContents && isDirectory ? [.. path, Slash] : path.AsSpan();
            if (isAnchored) return glob.Matches(text);
            if (!isDeep) return LastOf(text) is { } start && glob.Matches(text[start..]);
            if (startsDeep) return glob.Matches([Slash, .. text]);
            for (var start = 0; ; start++)
            {
                if (glob.Matches(text[start..])) return true;
                var slash = text[start..].IndexOf(Slash);
                if (slash < 0) return false;
                start += slash;
            }
        }

        // Where as many names begin as the pattern has; null where there are fewer.
        private int? LastOf(ReadOnlySpan<byte> text)
        {
            var start = text.Length;
            for (var left = slashes + 1; left > 0; left--)
            {
                start = text[..start].LastIndexOf(Slash);
                if (start < 0) return left == 1 ? 0 : null;
            }
            return start + 1;
        }
    }
}
