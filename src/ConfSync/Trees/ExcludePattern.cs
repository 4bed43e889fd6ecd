using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>One pattern of EXCLUDE, with the meaning of "PATTERN MATCHING RULES" in rsync(1). Immutable.</summary>
internal sealed class ExcludePattern
{
    // The pattern without the slash at its end.
    private readonly string body;

    private readonly Matcher matcher;

    /// <exception cref="FormatException">The pattern could never match, or is a filter rule of rsync and no
    /// pattern.</exception>
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

    /// <summary>The pattern as the administrator wrote it.</summary>
    public string Text { get; }

    public bool IsDirectoryOnly { get; }

    /// <summary>A name that find(1) and any C library match as rsync does, if the pattern has no slash and matches at any
    /// depth; otherwise null.</summary>
    public string? Name => body.AsSpan().ContainsAny(@"/?[\") ? null : body;

    /// <summary>Whether the pattern is an absolute path that names this directory itself.</summary>
    public bool Names(string directory) => body == directory;

    /// <summary>Makes a matcher for paths beneath this directory, the root of a transfer. An absolute path beneath the
    /// directory is understood too; rsync would take it as relative to the directory and never find it.</summary>
    /// <returns>A function of a path relative to the directory, and of whether the path is a directory. It tells whether
    /// the pattern matches.</returns>
    /// <exception cref="FormatException">The rest of the pattern could never match.</exception>
    public Func<byte[], bool, bool> Within(string directory)
    {
        var found = body.StartsWith(directory + "/", StringComparison.Ordinal) ? new Matcher(body[directory.Length..]) : matcher;
        return IsDirectoryOnly ? (path, isDirectory) => isDirectory && found.Matches(path, true) : found.Matches;
    }

    // Which part of a path is compared with the pattern depends on the slashes in the pattern and on where "**" is, even in
    // brackets.
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
            // "dir/***" means both "dir/" and "dir/**".
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

        // The index at which the last names begin, as many as the pattern has; null where the text has fewer.
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
