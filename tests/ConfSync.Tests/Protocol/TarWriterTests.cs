using System.Diagnostics;
using ConfSync.Changes;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Tests.Protocol;

/// <summary>What is written, the real programs extract, and <c>find</c> tells what came out.</summary>
[TestFixture("tar")]
[TestFixture("busybox tar")]
public sealed class TarWriterTests(string reader)
{
    private static readonly Account Root = new("root", 0);

    private string directory = "";

    [SetUp]
    public void CreateDirectory() => directory = Directory.CreateTempSubdirectory("tar-test-").FullName;

    [TearDown]
    public void DeleteDirectory() => Process.Start("rm", ["-rf", directory]).WaitForExit();

    [Test]
    public async Task Names_of_every_sort_survive()
    {
        string[] names =
        [
            "plain", "a b", "new\nline", "'q\"", "-rf", "--help", "\uDCFF\uDC80", "é", "back\\", "\\n", "$(x)", "..x", "*",
            "\t", "end.", "@x", Long('h', 99), Long('h', 100), Long('h', 101), Long('n', 255),
        ];
        string[] directories = ["", "dir/", $"dir/{Long('d', 90)}/", $"dir/{Long('e', 250)}/", "dir/-x\uDCFF/"];
        var members = directories.Skip(1).Select(name => Member(name.TrimEnd('/'), EntryKind.Directory)).Concat(
            directories.SelectMany(above => names.Select(name => Member(above + name, EntryKind.File)))).ToList();

        await ExtractAsync(members);

        Assert.That(await FindAsync(@"%P\0"), Is.EquivalentTo(members.Select(member => member.Name)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(511)]
    [TestCase(512)]
    [TestCase(513)]
    [TestCase(300_000)]
    public async Task Content_survives(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        StagedMember[] members = [Member("before", EntryKind.File, size), Member("after", EntryKind.File, size)];

        await ExtractAsync(members, content);

        foreach (var member in members)
        {
            Assert.That(await File.ReadAllBytesAsync($"{directory}/{member.Name}"), Is.EqualTo(content));
        }
    }

    [Test]
    public async Task Link_targets_survive()
    {
        string[] targets =
            ["x", "/abs/../x", "a b\n'", "\uDCFF", "back\\", Long('t', 100), Long('t', 101), Long('t', 1000), "-rf"];
        var members = targets.Select((target, index) => WithTarget($"link{index:00}", target))
            .Append(WithTarget(Long('l', 200), Long('t', 200))).ToList();

        await ExtractAsync(members);

        Assert.That(
            await FindAsync(@"%P\0%l\0"), Is.EquivalentTo(members.SelectMany(member =>
                new[] { member.Name, member.Entry.Target! })));

        static StagedMember WithTarget(string name, string target)
        {
            var member = Member(name, EntryKind.Link);
            return member with { Entry = member.Entry with { Target = target } };
        }
    }

    [TestCase("644")]
    [TestCase("4755")]
    [TestCase("2711")]
    [TestCase("1777")]
    [TestCase("0")]
    public async Task Modes_and_times_survive(string octal)
    {
        var mode = Convert.ToInt32(octal, 8);
        var members = new[] { Member("file", EntryKind.File), Member("dir", EntryKind.Directory) }.Select(
            member => member with { Entry = member.Entry with { Mode = mode, Modified = 1711349598.75m } }).ToList();

        await ExtractAsync(members);

        Assert.That(await FindAsync(@"%P %m %T@\0"), Is.EquivalentTo(members.Select(member =>
            $"{member.Name} {octal} 1711349598.0000000000")));
    }

    [TestCase("daemon", 54321u, "1", TestName = "A name that is known there counts more than the number")]
    [TestCase("no-such-name", 54321u, "54321", TestName = "The number counts where the name is not known")]
    [TestCase("", 54321u, "54321", TestName = "The number counts where there is no name")]
    [TestCase("", 2097151u, "2097151", TestName = "The largest number in octal")]
    [TestCase("", 2097152u, "2097152", TestName = "The smallest number in base-256")]
    [TestCase("", 4294967294u, "4294967294", TestName = "The largest number")]
    public async Task Owners_survive(string name, uint id, string expected)
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("only root can give files away");
        var account = new Account(name, id);
        var members = new[] { Member("file", EntryKind.File), Member("d", EntryKind.Directory), Member("l", EntryKind.Link) }
            .Select(member => member with { Entry = member.Entry with { Owner = account, Group = account, Mode = 0x9ED } })
            .ToList();

        await ExtractAsync(members);

        // busybox tar gives no links away: the peer's side has to do that itself (chown -h).
        var linkOwner = reader == "tar" ? expected : "0";
        Assert.That(await FindAsync(@"%U %P\0"), Is.EquivalentTo(
            new[] { $"{expected} file", $"{expected} d", $"{linkOwner} l" }));
        Assert.That(await FindAsync(@"%G\0", "!", "-type", "l"), Is.EqualTo(Enumerable.Repeat(expected, 2)));
        Assert.That(await FindAsync(@"%m\0", "-type", "f"), Is.EqualTo(Enumerable.Repeat("4755", 1)), "setuid survives");
    }

    [TestCase(2)]
    [TestCase(4)]
    public void Content_of_another_size_is_refused(int size)
    {
        var archive = new TarWriter(Stream.Null);
        var member = Member("file", EntryKind.File, 3);

        Assert.That(
            async () => await archive.WriteAsync(member, new byte[size]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("/x/file"));
    }

    [Test]
    public void What_tar_cannot_hold_is_refused_before_anything_is_sent()
    {
        var member = Member("file", EntryKind.File);
        var socket = member with { Entry = member.Entry with { Kind = EntryKind.Special } };
        var longName = member with { Entry = member.Entry with { Owner = new(Long('u', 33), 1) } };

        Assert.That(() => TarWriter.LengthOf([socket]), Throws.ArgumentException.With.Message.Contains("/x/file"));
        Assert.That(() => TarWriter.LengthOf([longName]), Throws.ArgumentException.With.Message.Contains("too long"));
    }

    private static string Long(char c, int length) => new(c, length);

    private static StagedMember Member(string name, EntryKind kind, long size = 0) => new(
        name,
        new Entry(
            $"/x/{name}", kind, kind == EntryKind.File ? 0x1A4 : 0x1ED, Root, Root, size,
            Target: kind == EntryKind.Link ? "x" : null),
        IsCopied: false);

    private async Task ExtractAsync(IReadOnlyList<StagedMember> members, byte[]? content = null)
    {
        using var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        foreach (var member in members) await writer.WriteAsync(member, member.Entry.Kind == EntryKind.File ? content ?? [] : []);
        await writer.CompleteAsync();
        Assert.That(archive.Length, Is.EqualTo(TarWriter.LengthOf(members)));

        var (status, _, error) = await Programs.RunAsync(
            "sh", ["-c", $"umask 077; exec {reader} -xpf - -C \"$1\"", "sh", directory], archive.ToArray());
        Assert.That(error, Is.Empty);
        Assert.That(status, Is.Zero);
    }

    private async Task<string[]> FindAsync(string format, params string[] tests)
    {
        var (_, found, _) = await Programs.RunAsync("find", [directory, "-mindepth", "1", .. tests, "-printf", format], []);
        return found.Split('\0')[..^1];
    }
}
