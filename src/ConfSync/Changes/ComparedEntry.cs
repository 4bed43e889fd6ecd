using ConfSync.Trees;

namespace ConfSync.Changes;

public enum EntryState
{
    /// <summary>The path is on both sides, and differs.</summary>
    Differs,

    OnlyLocal,

    OnlyRemote,
}

/// <summary>How two entries of one path differ. Different modification times alone are no difference.</summary>
[Flags]
public enum Differences
{
    None = 0,

    /// <summary>The kind differs: file, directory, link or special. Then only mode, owner and group are compared as
    /// well.</summary>
    Kind = 1,

    Content = 2,

    /// <summary>The target of a link differs.</summary>
    Target = 4,

    Mode = 8,

    Owner = 16,

    Group = 32,
}

/// <summary>A path that a push would change.</summary>
/// <param name="Local">What the node ought to hold, with POSTSYNC applied; null for nothing.</param>
/// <param name="Remote">What the node holds; null for nothing.</param>
/// <param name="Diff">The diff of the contents; null where it was not asked for, and where neither side is a file.</param>
public sealed record ComparedEntry(Entry? Local, Entry? Remote, ContentDiff? Diff = null)
{
    /// <summary>Why the contents of both sides are hidden, if they are.</summary>
    public Secrecy Secrecy { get; init; }

    public string Path => (Local ?? Remote)!.Path;

    public EntryState State => Local is null ? EntryState.OnlyRemote
        : Remote is null ? EntryState.OnlyLocal
        : EntryState.Differs;

    /// <summary>The differences; none where the path is on one side only.</summary>
    public Differences Differences
    {
        get
        {
            if (Local is null || Remote is null) return Differences.None;
            var found = Differences.None;
            if (Local.Kind != Remote.Kind) found |= Differences.Kind;
            else if (Local.Target != Remote.Target) found |= Differences.Target;
            else if (!Remote.HasContentOf(Local)) found |= Differences.Content;
            if (Local.Kind != EntryKind.Link && Remote.Kind != EntryKind.Link && Local.Mode != Remote.Mode)
            {
                found |= Differences.Mode;
            }
            if (!Remote.Owner.IsSameAs(Local.Owner)) found |= Differences.Owner;
            if (!Remote.Group.IsSameAs(Local.Group)) found |= Differences.Group;
            return found;
        }
    }

    /// <summary>The content differs, or a file is on one side only. False where one side is a file and the other is
    /// something else, because the difference in kind says enough.</summary>
    public bool HasContentToShow => State == EntryState.Differs
        ? (Differences & Differences.Content) != 0 && Local!.Kind == EntryKind.File
        : (Local ?? Remote)!.Kind == EntryKind.File;

    internal static ComparedEntry Of(Change change) => new(change.After, change.Before);
}
