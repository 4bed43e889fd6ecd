using ConfSync.Trees;

namespace ConfSync.Changes;

public enum ChangeKind
{
    Create,

    /// <summary>Other content, another kind or another link target; or a file or link with other attributes, which is
    /// replaced as well since attributes cannot be changed in the same instant as other things.</summary>
    Replace,

    Delete,

    /// <summary>A directory whose mode, owner or group differs: the one thing that is changed in place.</summary>
    Attributes,
}

/// <summary>What is to become of one path.</summary>
/// <param name="Before">What the peer has; null where it has nothing.</param>
/// <param name="After">What it ought to have; null where that is nothing.</param>
public sealed record Change(Entry? Before, Entry? After)
{
    public string Path => (After ?? Before)!.Path;

    public ChangeKind Kind => (Before, After) switch
    {
        (null, _) => ChangeKind.Create,
        (_, null) => ChangeKind.Delete,
        ({ Kind: EntryKind.Directory }, { Kind: EntryKind.Directory }) => ChangeKind.Attributes,
        _ => ChangeKind.Replace,
    };

    /// <summary>A file whose bytes the peer does not have at this path.</summary>
    public bool NeedsContent => After is { Kind: EntryKind.File } && Before?.HasContentOf(After) != true;
}
