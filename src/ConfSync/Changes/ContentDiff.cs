using System.Collections.Immutable;

namespace ConfSync.Changes;

/// <summary>Why two contents are shown, or not shown.</summary>
public enum ContentDiffKind
{
    /// <summary>Both sides are text; there are hunks.</summary>
    Text,

    /// <summary>A side holds a NUL.</summary>
    Binary,

    /// <summary>A side is no valid UTF-8.</summary>
    NotUtf8,

    /// <summary>A side is larger than DIFF_LIMIT.</summary>
    TooLarge,

    /// <summary>A side is a secret: only the fact, and the beginning of the digests, may be shown.</summary>
    Secret,

    /// <summary>When its contents were read, the remote side was no longer what had been compared.</summary>
    Changed,
}

/// <summary>How the contents of one path differ.</summary>
/// <param name="Hunks">What to do to the remote text to make it the local one; empty unless both are text.</param>
public sealed record ContentDiff(ContentDiffKind Kind, ImmutableArray<Hunk> Hunks)
{
    public static ContentDiff Without(ContentDiffKind kind) => new(kind, []);
}

public enum DiffLineKind
{
    Context,

    /// <summary>The remote side has it, the local one does not.</summary>
    Removed,

    /// <summary>The local side has it, the remote one does not.</summary>
    Added,
}

/// <summary>One line of a diff.</summary>
/// <param name="Text">Without its newline.</param>
/// <param name="EndsWithNewline">False for a last line that has none.</param>
public sealed record DiffLine(DiffLineKind Kind, string Text, bool EndsWithNewline = true);

/// <summary>Changes that lie near each other, with the lines around them.</summary>
/// <param name="RemoteStart">The first line's number, from 1 on; of a hunk without lines on this side, the number of the
/// line before it (POSIX diff, "Diff -u Output Format").</param>
public sealed record Hunk(int RemoteStart, int RemoteCount, int LocalStart, int LocalCount, ImmutableArray<DiffLine> Lines);
