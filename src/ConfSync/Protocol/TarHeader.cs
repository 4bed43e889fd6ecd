using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>
/// The 512-byte header blocks of GNU tar's format (GNU tar manual, "Basic Tar Format"): ustar with 'L' and 'K' records for
/// long names and link targets, and base-256 for large numbers. GNU and busybox tar both read it; busybox does not know pax
/// names. busybox extracts links as root's, whatever the header says.
/// </summary>
/// <remarks>It is not System.Formats.Tar, because that writes names as UTF-8 only and a POSIX name is any bytes.</remarks>
internal static class TarHeader
{
    public const int BlockSize = 512;
    private const int NameSize = 100;
    private const int AccountSize = 32;

    /// <summary>All blocks before the member's content.</summary>
    /// <exception cref="ArgumentException">The member cannot be written: it is a special file, or an account name has more
    /// than 32 bytes.</exception>
    public static byte[] Of(StagedMember member)
    {
        var entry = member.Entry;
        var isDirectory = entry.Kind == EntryKind.Directory;
        var name = PosixText.Encode(isDirectory ? member.Name + "/" : member.Name);
        var target = PosixText.Encode(entry.Target ?? "");

        using var blocks = new MemoryStream();
        if (name.Length > NameSize) WriteLong(blocks, 'L', name);
        if (target.Length > NameSize) WriteLong(blocks, 'K', target);
        blocks.Write(Block(name, target, TypeOf(entry), entry));
        return blocks.ToArray();
    }

    public static int PaddingAfter(long size) => (int)(-size & (BlockSize - 1));

    private static char TypeOf(Entry entry) => entry.Kind switch
    {
        EntryKind.File => '0',
        EntryKind.Link => '2',
        EntryKind.Directory => '5',
        _ => throw new ArgumentException($"{PosixText.Printable(entry.Path)} is no file, directory or link"),
    };

    // A record of its own, whose content is the text and a NUL. The member's header follows, with the text cut off.
    private static void WriteLong(MemoryStream blocks, char type, byte[] text)
    {
        var root = new Account("root", 0);
        var record = new Entry("", EntryKind.File, 0, root, root, text.Length + 1);
        blocks.Write(Block("././@LongLink"u8, [], type, record));
        blocks.Write(text);
        blocks.Write(new byte[1 + PaddingAfter(text.Length + 1)]);
    }

    private static byte[] Block(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, char type, Entry entry)
    {
        var block = new byte[BlockSize];
        var fields = block.AsSpan();
        name[..Math.Min(name.Length, NameSize)].CopyTo(fields);
        WriteNumber(fields.Slice(100, 8), type == '2' ? 0x1FF : entry.Mode);
        WriteNumber(fields.Slice(108, 8), entry.Owner.Id);
        WriteNumber(fields.Slice(116, 8), entry.Group.Id);
        WriteNumber(fields.Slice(124, 12), type is '2' or '5' ? 0 : entry.Size);
        // The format has whole seconds only. A time before 1970 is written as 0.
        WriteNumber(fields.Slice(136, 12), Math.Max(0, (long)Math.Floor(entry.Modified)));
        fields[156] = (byte)type;
        target[..Math.Min(target.Length, NameSize)].CopyTo(fields[157..]);
        "ustar  \0"u8.CopyTo(fields[257..]);
        WriteAccount(fields.Slice(265, AccountSize), entry.Owner);
        WriteAccount(fields.Slice(297, AccountSize), entry.Group);

        // The checksum counts its own field as spaces.
        fields.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in block) sum += b;
        WriteNumber(fields.Slice(148, 7), sum);
        return block;
    }

    private static void WriteNumber(Span<byte> field, long value)
    {
        var digits = field.Length - 1;
        if (value >> (3 * digits) != 0)
        {
            for (var i = digits; i >= 0; i--, value >>= 8) field[i] = (byte)value;
            field[0] |= 0x80;
            return;
        }
        field[digits] = 0;
        for (var i = digits - 1; i >= 0; i--, value >>= 3) field[i] = (byte)('0' + (value & 7));
    }

    private static void WriteAccount(Span<byte> field, Account account)
    {
        var name = PosixText.Encode(account.Name);
        if (name.Length > field.Length)
        {
            throw new ArgumentException(
                $"the account name {PosixText.Printable(account.Name)} is too long for tar ({field.Length} bytes at most)");
        }
        name.CopyTo(field);
    }
}
