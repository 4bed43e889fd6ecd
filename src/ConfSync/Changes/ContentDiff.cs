using System.Collections.Immutable;

namespace ConfSync.Changes;

/// <summary>Whether two contents are shown as text, or why they are not.</summary>
public enum ContentDiffKind
{
    /// <summary>Both sides are text, and there are hunks.</summary>
    Text,

    /// <summary>One side holds a NUL.</summary>
    Binary,

    /// <summary>One side is not valid UTF-8.</summary>
    NotUtf8,

    /// <summary>One side is larger than DIFF_LIMIT.</summary>
    TooLarge,

    /// <summary>One side is secret. Only that it differs, and the beginning of the digests, may be shown.</summary>
    Secret,

    /// <summary>The remote file changed between its scan and the reading of its content.</summary>
    Changed,
}

/// <summary>The diff of the contents of one path.</summary>
/// <param name="Hunks">The edits that make the remote text into the local text; empty unless both are text.</param>
public sealed record ContentDiff(ContentDiffKind Kind, ImmutableArray<Hunk> Hunks)
{
    public static ContentDiff Without(ContentDiffKind kind) => new(kind, []);
}

public enum DiffLineKind
{
    Context,

    /// <summary>The line is on the remote side only.</summary>
    Removed,

    /// <summary>The line is on the local side only.</summary>
    Added,
}

/// <summary>One line of a diff.</summary>
/// <param name="Text">The line without its newline.</param>
/// <param name="EndsWithNewline">False for a last line without a newline.</param>
public sealed record DiffLine(DiffLineKind Kind, string Text, bool EndsWithNewline = true);

/// <summary>Changes that lie close together, with the lines around them.</summary>
/// <param name="RemoteStart">The number of the first line, from 1 on. For a hunk without lines on this side, the number of
/// the line before it (POSIX diff, "Diff -u Output Format"). LocalStart means the same.</param>
public sealed record Hunk(int RemoteStart, int RemoteCount, int LocalStart, int LocalCount, ImmutableArray<DiffLine> Lines);
