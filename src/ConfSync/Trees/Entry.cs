using ConfSync.Bytes;

namespace ConfSync.Trees;

public enum EntryKind
{
    File,
    Directory,
    Link,

    /// <summary>A socket, device or fifo: never pushed, an error unless excluded.</summary>
    Special,
}

/// <summary>An owner or group.</summary>
/// <param name="Name">Its name where it was seen, or empty where the number has none there.</param>
/// <param name="Id">Its number where it was seen. Numbers of one name may differ between machines.</param>
public readonly record struct Account(string Name, uint Id)
{
    /// <summary>The same account on another machine: by name, by number only where there is no name.</summary>
    public bool IsSameAs(Account desired) => desired.Name.Length > 0 ? Name == desired.Name : Id == desired.Id;

    public override string ToString() => Name.Length > 0 ? Name : Id.ToString(null, null);
}

/// <summary>What is at one path.</summary>
/// <param name="Path">Absolute, normalised, as <see cref="PosixText"/>.</param>
/// <param name="Mode">The permission bits (at most octal 7777); of no meaning for a link.</param>
/// <param name="Size">Bytes of content; 0 for what is no file.</param>
/// <param name="Digest">SHA-256 of a file's content in lower-case hexadecimal; null where it could not be read and for
/// what is no file.</param>
/// <param name="Target">A link's text, null for what is no link.</param>
/// <param name="Modified">Modification time in seconds since 1970, with fractions where the system tells them. Sent
/// along with a push, never compared.</param>
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
    /// <summary>Where a scan was asked for it: what the file is to be when it is read.</summary>
    public Identity? Identity { get; init; }

    /// <summary>The same content: what needs no bytes sent.</summary>
    public bool HasContentOf(Entry desired) =>
        Kind == desired.Kind && Digest == desired.Digest && Target == desired.Target &&
        (Kind != EntryKind.File || (Digest is not null && Size == desired.Size));

    /// <summary>The same mode, owner and group. A link has no mode of its own (POSIX leaves it open, Linux has none).</summary>
    public bool HasAttributesOf(Entry desired) =>
        (Mode == desired.Mode || Kind == EntryKind.Link) &&
        Owner.IsSameAs(desired.Owner) && Group.IsSameAs(desired.Group);
}
