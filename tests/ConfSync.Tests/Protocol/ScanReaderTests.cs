using System.Text;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Tests.Protocol;

/// <summary>What a peer says of its files, the odd and the hostile included.</summary>
public sealed class ScanReaderTests
{
    private static readonly string Sum = new('a', 64);

    [Test]
    public async Task Entries_of_all_kinds_and_names_are_put_together_with_their_digests()
    {
        var odd = "/d/a\\b\nc";
        var entries = await ReadAsync(
            "@f:644:0:root:0:root:3:1.5\0/d/f\0\0@d:755:33:www-data:33:www-data:4096:2\0/d\0\0@l:777:7:7:7:7:1:3\0/d/l\0to\nthere\0" +
            $"@s:600:0:root:0:root:0:4\0/d/s\0\0@f:4755:0:root:0:root:0:5\0{odd}\0\0" +
            $"{Sum}  /d/f\n\\{Sum}  /d/a\\\\b\\nc\n.\n");
        Assert.That(entries, Is.EqualTo(new[]
        {
            new Entry("/d/f", EntryKind.File, 0x1A4, new("root", 0), new("root", 0), 3, Sum, null, 1.5m),
            new Entry("/d", EntryKind.Directory, 0x1ED, new("www-data", 33), new("www-data", 33), Modified: 2),
            new Entry("/d/l", EntryKind.Link, 0x1FF, new("", 7), new("", 7), Target: "to\nthere", Modified: 3),
            new Entry("/d/s", EntryKind.Special, 0x180, new("root", 0), new("root", 0), Modified: 4),
            new Entry(odd, EntryKind.File, 0x9ED, new("root", 0), new("root", 0), 0, Sum, null, 5),
        }));
    }

    [Test]
    public async Task A_file_that_could_not_be_read_has_no_digest()
    {
        var entries = await ReadAsync(
            "@f:644:0:root:0:root:3:1\0/d/a\0\0@f:644:0:root:0:root:3:1\0/d/b\0\0" + $"{Sum}  /d/b\n.\n");
        Assert.That(entries.Select(entry => entry.Digest), Is.EqualTo(new[] { null, Sum }));
    }

    [Test]
    public async Task Digests_of_more_files_than_a_command_line_takes_come_in_between()
    {
        var (first, second, third) = (new string('a', 64), new string('b', 64), new string('c', 64));
        var entries = await ReadAsync(
            "@f:644:0:root:0:root:3:1\0/d/a\0\0@d:755:0:root:0:root:3:1\0/d/.\0\0" + $"{first}  /d/a\n" +
            "@f:644:0:root:0:root:3:1\0/d/unread\0\0" +
            "@f:644:0:root:0:root:3:1\0/d/b\0\0" + $"{second}  /d/b\n" + "@f:644:0:root:0:root:3:1\0/d/c\0\0" + $"{third}  /d/c\n.\n");
        Assert.That(entries.Select(entry => entry.Digest), Is.EqualTo(new[] { first, null, null, second, third }));
    }

    [TestCase("")]
    [TestCase("@f:644:0:root:0:root:3:1\0/d/f\0")]
    [TestCase("@f:644:0:root:0:root:3:1\0/d/f\0\0")]
    [TestCase("@nonsense\0/d/f\0\0.\n")]
    [TestCase("@f:999:0:root:0:root:3:1\0/d/f\0\0.\n")]
    [TestCase("@f:644:-1:root:0:root:3:1\0/d/f\0\0.\n")]
    [TestCase("@f:644:0:root:0:root:x:1\0/d/f\0\0.\n")]
    [TestCase("@f:644:0:root:0:root:99999999999999999999:1\0/d/f\0\0.\n")]
    [TestCase("@f:644:0:root:0:root:3:1\0/d/f\0\0zz  /d/f\n.\n")]
    [TestCase("@f:644:0:root:0:root:3:1\0/d/f\0\0\\short  /d/f\n.\n")]
    [TestCase("@f:644:0:root:0:root:3:1\0/d/f\0\0\\  /d/f\n.\n")]
    [TestCase("@f:644:0:root:0:root:3:1\0/d/f\0\0aaaa  /d/other\n.\n")]
    [TestCase("something else\n.\n")]
    public void What_makes_no_sense_is_refused(string text) => Assert.That(() => ReadAsync(text), RefusesIt);

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Nothing_that_a_peer_sends_breaks_out(byte[] bytes, bool gnu) => Assert.That(
        async () =>
        {
            try
            {
                await ReadAsync(bytes, gnu ? "gnu" : "plain");
            }
            catch (Exception exception) when (IsExpected(exception))
            {
                // What an exchange makes an error of the node of.
            }
        },
        Throws.Nothing);

    [Test]
    public void A_line_without_end_does_not_fill_the_memory()
    {
        var reader = new WireReader(new Endless("x"));
        Assert.That(() => reader.ReadLineAsync(default).AsTask(), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => reader.ReadTextAsync(int.MaxValue, default).AsTask(), Throws.InstanceOf<ProtocolException>());
        Assert.That(() => reader.ReadTextAsync(-1, default).AsTask(), Throws.InstanceOf<ProtocolException>());
    }

    [TestCase("gnu", "@f:644:0:root:0:root:3:1\0/d/f\0\0")]
    [TestCase("plain", "/d/f\0")]
    public void A_scan_without_end_does_not_fill_the_memory_either(string style, string entry)
    {
        var reader = new ScanReader(new WireReader(new Endless(entry)), default);
        Assert.That(
            () => reader.ReadEntriesAsync(style),
            Throws.InstanceOf<PeerException>().With.Message.StartsWith("more than 500000 files"));
    }

    [Test]
    public void Names_without_end_do_not_fill_the_memory()
    {
        var reader = new ScanReader(new WireReader(new Endless(new string('x', 1000 * 1000) + "\0")), default);
        Assert.That(
            () => reader.ReadEntriesAsync("plain"),
            Throws.InstanceOf<PeerException>().With.Message.Contains("names of more than 64 MiB"));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint RefusesIt => Throws.Exception.Matches<Exception>(IsExpected);

    private static bool IsExpected(Exception exception) =>
        exception is ProtocolException or EndOfStreamException or FormatException or OverflowException or ArgumentException;

    private static Task<List<Entry>> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text), "gnu");

    private static async Task<List<Entry>> ReadAsync(byte[] bytes, string style)
    {
        using var stream = new MemoryStream(bytes);
        return await new ScanReader(new WireReader(stream), default).ReadEntriesAsync(style);
    }

    private sealed class Endless(string text) : MemoryStream
    {
        private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);
        private int at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < buffer.Length; i++, at = (at + 1) % bytes.Length) buffer.Span[i] = bytes[at];
            return new(buffer.Length);
        }
    }
}
