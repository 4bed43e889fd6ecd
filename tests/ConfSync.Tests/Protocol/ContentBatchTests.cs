using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Tests.Protocol;

/// <summary>Contents that come one after the other are told apart, whatever has changed meanwhile.</summary>
public sealed class ContentBatchTests
{
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Only_what_has_changed_is_missed_and_what_is_received_is_what_was_seen(int[] sizes, int[] changed)
    {
        // No two alike, so that none is taken for another.
        var files = sizes.Select((size, i) => ($"/f{i}", $"{i}:{new string('x', Math.Abs(size % 50))}")).ToDictionary();
        var there = new Dictionary<string, string>(files);
        foreach (var (number, i) in changed.Where(_ => files.Count > 0).Select((number, i) => (Math.Abs(number % files.Count), i)))
        {
            // Emptied or gone, grown, other bytes of the same length.
            there[$"/f{number}"] = (i % 4) switch
            {
                0 or 1 => "",
                2 => files[$"/f{number}"] + "1+",
                _ => new string('y', files[$"/f{number}"].Length),
            };
        }
        var received = new Dictionary<string, string>();
        var missed = new List<string>();
        var batches = ContentBatch.Of(files.Select(file => Entry(file.Key, file.Value))).ToList();
        for (var rounds = 0; batches.Count > 0; rounds++)
        {
            Assert.That(rounds, Is.LessThan(10), "halves soon come to an end");
            batches = [.. batches.SelectMany(batch =>
            {
                var content = Encoding.ASCII.GetBytes(string.Concat(batch.Files.Select(file => there[file.Path])));
                var (gone, again) = batch.Divide(content, new HashSet<Entry>(), (file, bytes) => received.Add(file.Path, Encoding.ASCII.GetString(bytes.Span)));
                missed.AddRange(gone.Select(file => file.Path));
                return again;
            })];
        }
        Assert.That(received, Is.EquivalentTo(files.Where(file => there[file.Key] == file.Value)));
        Assert.That(missed, Is.EquivalentTo(files.Keys.Except(received.Keys)));
    }

    [Test]
    public void A_file_that_is_another_one_by_now_or_was_in_a_directory_that_is_counts_as_changed_whatever_came()
    {
        ImmutableArray<Entry> files =
        [
            Entry("/d/a", "/d/a") with { Identity = new Identity(7, 0, 1.5m) },
            Entry("/d/b", "/d/b") with { Identity = new Identity(7, 1, 1.5m) },
            Entry("/d/s/c", "/d/s/c") with { Identity = new Identity(7, 2, 1.5m) },
        ];
        var swappable = new Dictionary<string, Identity> { ["/d/s"] = new(7, 20, 1), ["/other"] = new(7, 21, 1) };
        var batch = new ContentBatch(files);
        Assert.That(batch.Beside(swappable), Is.EqualTo((string[])["/d/s"]));

        Assert.That(Divided("7:0:1.5\n7:1:1.5\n7:2:1.5\n7:20:1\n"), Is.EqualTo(" /d/a /d/b /d/s/c"));
        Assert.That(Divided("7:0:1.5\n7:9:1.5\n7:2:1.5\n7:20:1\n"), Is.EqualTo("/d/b /d/a /d/s/c"));
        Assert.That(Divided("7:0:1.5\n8:1:1.5\n7:2:1.6\n7:20:1\n"), Is.EqualTo("/d/b,/d/s/c /d/a"));
        Assert.That(Divided("7:0:1.5\n7:1:1.5\n7:2:1.5\n7:20:2\n"), Is.EqualTo("/d/s/c /d/a /d/b"));
        Assert.That(batch.Touched("7:0:1.5\n7:2:1.5\n7:20:1\n"u8, swappable), Is.Null, "one is gone, and it is not known which");
        var (changed, again) = batch.Divide("/d/a/d/b/d/s/c"u8.ToArray(), null, (_, _) => Assert.Fail());
        Assert.That(changed, Is.Empty);
        Assert.That(again.SelectMany(half => half.Files), Is.EqualTo(files));

        string Divided(string identities)
        {
            var received = new List<string>();
            var touched = batch.Touched(Encoding.ASCII.GetBytes(identities), swappable);
            var result = batch.Divide("/d/a/d/b/d/s/c"u8.ToArray(), touched, (file, _) => received.Add(file.Path));
            Assert.That(result.Again, Is.Empty);
            return $"{string.Join(',', result.Changed.Select(file => file.Path))} {string.Join(' ', received)}";
        }
    }

    [Test]
    public void A_batch_has_200_files_or_a_mebibyte_and_a_larger_file_is_one_of_its_own()
    {
        int[] Sizes(params IEnumerable<int> sizes) =>
            [.. ContentBatch.Of(sizes.Select(size => SampleTrees.File("/f") with { Size = size })).Select(batch => batch.Files.Length)];
        Assert.That(Sizes(), Is.Empty);
        Assert.That(Sizes(Enumerable.Repeat(10, 401)), Is.EqualTo((int[])[200, 200, 1]));
        Assert.That(Sizes(600_000, 500_000, 5_000_000, 1, 1), Is.EqualTo((int[])[1, 1, 1, 2]));
    }

    [TestCase("abcd", 4, ExpectedResult = "abcd", TestName = "As_many_as_expected")]
    [TestCase("ab", 4, ExpectedResult = "ab", TestName = "Fewer")]
    [TestCase("abcdefghij", 4, ExpectedResult = "abcdefghij", TestName = "More")]
    [TestCase("", 0, ExpectedResult = "", TestName = "None")]
    public async Task<string> Contents_end_at_the_mark_and_the_next_line_is_what_follows(string content, int expected)
    {
        var mark = "\nMARK\n"u8.ToArray();
        var reader = new WireReader(new MemoryStream(Encoding.ASCII.GetBytes($"{content}\nMARK\n\nMARK\nok\n")));
        var read = await reader.ReadToMarkAsync(expected, mark, CancellationToken.None);
        Assert.That((await reader.ReadToMarkAsync(3, mark, CancellationToken.None)).Length, Is.Zero, "the next ones");
        Assert.That(await reader.ReadLineAsync(CancellationToken.None), Is.EqualTo("ok"));
        return Encoding.ASCII.GetString(read.Span);
    }

    [TestCase(0)]
    [TestCase(20 * 1024 * 1024)]
    public void Contents_without_an_end_are_no_contents(int length) => Assert.That(
        async () => await new WireReader(new MemoryStream(new byte[length])).ReadToMarkAsync(1, "\nMARK\n"u8.ToArray(), default),
        length == 0 ? Throws.InstanceOf<EndOfStreamException>() : Throws.InstanceOf<ProtocolException>());

    private static Entry Entry(string path, string content) => SampleTrees.File(path) with
    {
        Size = content.Length,
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content))),
    };
}
