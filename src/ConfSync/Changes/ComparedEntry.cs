using ConfSync.Trees;

namespace ConfSync.Changes;

public enum EntryState
{
    /// <summary>There on both sides, and not the same.</summary>
    Differs,

    OnlyLocal,

    OnlyRemote,
}

/// <summary>In what two entries of one path differ. Modification times alone are no difference.</summary>
[Flags]
public enum Differences
{
    None = 0,

    /// <summary>File, directory, link or other; then nothing else is compared but mode, owner and group.</summary>
    Kind = 1,

    Content = 2,

    /// <summary>A link's text.</summary>
    Target = 4,

    Mode = 8,

    Owner = 16,

    Group = 32,
}

/// <summary>A path that a push would change.</summary>
/// <param name="Local">What the node ought to hold, POSTSYNC applied; null where that is nothing.</param>
/// <param name="Remote">What the node holds; null where that is nothing.</param>
/// <param name="Diff">What is known of the contents; null where nobody asked, and for what is no file on either
/// side.</param>
public sealed record ComparedEntry(Entry? Local, Entry? Remote, ContentDiff? Diff = null)
{
    /// <summary>Why neither side's contents may be shown.</summary>
    public Secrecy Secrecy { get; init; }

    public string Path => (Local ?? Remote)!.Path;

    public EntryState State => Local is null ? EntryState.OnlyRemote
        : Remote is null ? EntryState.OnlyLocal
        : EntryState.Differs;

    /// <summary>None where a path is on one side only.</summary>
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

    /// <summary>Contents differ, be it that there is none on one side. Where a file is something else on the other side,
    /// that says all.</summary>
    public bool HasContentToShow => State == EntryState.Differs
        ? (Differences & Differences.Content) != 0 && Local!.Kind == EntryKind.File
        : (Local ?? Remote)!.Kind == EntryKind.File;

    internal static ComparedEntry Of(Change change) => new(change.After, change.Before);
}
