using ConfSync.Bytes;

namespace ConfSync.Trees;

public enum EntryKind
{
    File,
    Directory,
    Link,

    /// <summary>A socket, device or fifo. It is never pushed; it is an error unless it is excluded.</summary>
    Special,
}

/// <summary>An owner or group.</summary>
/// <param name="Name">The name on the machine where it was scanned; empty where the number has no name there.</param>
/// <param name="Id">The number on the machine where it was scanned. One name may have different numbers on different
/// machines.</param>
public readonly record struct Account(string Name, uint Id)
{
    /// <summary>Whether this is the same account on another machine. Accounts are compared by name, and by number only if
    /// the desired one has no name.</summary>
    public bool IsSameAs(Account desired) => desired.Name.Length > 0 ? Name == desired.Name : Id == desired.Id;

    public override string ToString() => Name.Length > 0 ? Name : Id.ToString(null, null);
}

/// <summary>What is at one path.</summary>
/// <param name="Path">The path: absolute, normalised, as <see cref="PosixText"/>.</param>
/// <param name="Mode">The permission bits (at most octal 7777). They have no meaning for a link.</param>
/// <param name="Size">The size of the content in bytes; 0 for what is no file.</param>
/// <param name="Digest">SHA-256 of a file's content in lower-case hexadecimal; null for what is no file, and where the file
/// could not be read.</param>
/// <param name="Target">The target of a link; null for what is no link.</param>
/// <param name="Modified">The modification time in seconds since 1970, with fractions where the system has them. It is sent
/// with a push, never compared.</param>
public sealed record Entry(
    string Path,
    EntryKind Kind,
    int Mode,
    Account Owner,
    Account Group,
    long Size = 0,
    string? Digest = null,
    string? Target = null,
    decimal Modified = 0)
{
    /// <summary>The identity of the file, by which a later read recognises it; null where the scan did not ask for
    /// it.</summary>
    public Identity? Identity { get; init; }

    /// <summary>Whether the kind and the content are the same, so that no content needs to be sent.</summary>
    public bool HasContentOf(Entry desired) =>
        Kind == desired.Kind && Digest == desired.Digest && Target == desired.Target &&
        (Kind != EntryKind.File || (Digest is not null && Size == desired.Size));

    /// <summary>Whether mode, owner and group are the same. The mode of a link is ignored (POSIX leaves it open, Linux has
    /// none).</summary>
    public bool HasAttributesOf(Entry desired) =>
        (Mode == desired.Mode || Kind == EntryKind.Link) &&
        Owner.IsSameAs(desired.Owner) && Group.IsSameAs(desired.Group);
}
