using ConfSync.Trees;

namespace ConfSync.Changes;

public enum ChangeKind
{
    Create,

    /// <summary>
    /// The content, the kind or the target of a link differs; or the attributes of a file or link differ. A file with other
    /// attributes is replaced too, because its attributes cannot be changed in the same instant as its content.
    /// </summary>
    Replace,

    Delete,

    /// <summary>The mode, owner or group of a directory differs. This is the only change that is made in place.</summary>
    Attributes,
}

/// <summary>The change of one path.</summary>
/// <param name="Before">What the peer has; null for nothing.</param>
/// <param name="After">What the peer ought to have; null for nothing.</param>
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

    /// <summary>The change makes a file whose content the peer does not have at this path.</summary>
    public bool NeedsContent => After is { Kind: EntryKind.File } && Before?.HasContentOf(After) != true;
}
