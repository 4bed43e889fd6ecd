using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>Writes the content of a directory's <c>new/</c> as a tar archive (<see cref="TarHeader"/>). The length of the
/// archive is known in advance, because a payload to a peer is sent with its length.</summary>
public sealed class TarWriter(Stream output)
{
    private static readonly byte[] Zeros = new byte[2 * TarHeader.BlockSize];

    /// <summary>The number of bytes of the complete archive of these members.</summary>
    /// <exception cref="ArgumentException">A member cannot be written: it is a special file, or an account name has more
    /// than 32 bytes.</exception>
    public static long LengthOf(IEnumerable<StagedMember> members) =>
        members.Sum(member =>
            TarHeader.Of(member).Length + ContentOf(member) + TarHeader.PaddingAfter(ContentOf(member))) + Zeros.Length;

    /// <summary>Adds a file with this content, or a directory or link without content.</summary>
    /// <exception cref="InvalidDataException">The content does not have the size of the entry. The archive is then
    /// unusable.</exception>
    public async Task WriteAsync(
        StagedMember member, ReadOnlyMemory<byte> content = default, CancellationToken cancellation = default)
    {
        if (content.Length != ContentOf(member)) throw OtherSize(member);
        await output.WriteAsync(TarHeader.Of(member), cancellation);
        await output.WriteAsync(content, cancellation);
        await PadAsync(content.Length, cancellation);
    }

    /// <summary>Ends the archive. The output stays open.</summary>
    public async Task CompleteAsync(CancellationToken cancellation = default) =>
        await output.WriteAsync(Zeros, cancellation);

    private async Task PadAsync(long size, CancellationToken cancellation) =>
        await output.WriteAsync(Zeros.AsMemory(0, TarHeader.PaddingAfter(size)), cancellation);

    private static long ContentOf(StagedMember member) => member.Entry.Kind == EntryKind.File ? member.Entry.Size : 0;

    private static InvalidDataException OtherSize(StagedMember member) =>
        new($"{PosixText.Printable(member.Entry.Path)} is not of the size that it had when it was scanned");
}
