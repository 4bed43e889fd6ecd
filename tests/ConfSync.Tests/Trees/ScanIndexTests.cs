using System.Security.Cryptography;
using System.Text;
using ConfSync.Trees;

namespace ConfSync.Tests.Trees;

/// <summary>A scan that takes digests from an index finds what a scan finds that hashes everything, whatever was done to the files
/// between them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ScanIndexTests
{
    [Test]
    public void No_sequence_of_edits_and_clocks_makes_a_scan_with_an_index_differ([Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var machine = new Machine(random);
        ScanIndex? index = null;
        var used = 0;
        for (var step = 0; step < 300; step++)
        {
            machine.Change();
            if (random.Next(4) != 0) continue;
            var whole = machine.Scan(since: 0);
            var found = index?.Complete(machine.Scan(index.Since), machine.Name, machine.Clock);
            if (found is not null)
            {
                used++;
                Assert.That(found, Is.EqualTo(whole), $"step {step}");
            }
            index = ScanIndexText.Parse(ScanIndexText.Format(ScanIndex.Of(machine.Name, machine.Clock, found ?? whole)));
            Assert.That(index, Is.Not.Null);
        }
        Assert.That(used, Is.GreaterThan(5), "the index is of use");
    }

    [Test]
    public void A_file_that_was_changed_in_the_last_two_seconds_is_hashed_again()
    {
        var old = new Entry("/etc/a", EntryKind.File, 0x1A4, default, default, 1, "a") { Identity = new Identity(1, 2, 97.5m) };
        var young = old with { Path = "/etc/b", Identity = new Identity(1, 3, 98.5m) };
        var index = ScanIndex.Of("machine", 100, [old, young]);

        Assert.That(index.Files.Keys, Is.EqualTo([old.Path]));
        Assert.That(index.Since, Is.EqualTo(98));
        Assert.That(index.Complete([old with { Digest = null }], "machine", 100), Is.EqualTo([old]));
        Assert.That(index.Complete([young with { Digest = null }], "machine", 100), Is.Null);
    }

    [Test]
    public void An_index_of_another_machine_or_of_a_time_to_come_is_not_used()
    {
        var index = ScanIndex.Of("machine", 100, []);

        Assert.That(index.Complete([], "machine", 100), Is.Empty);
        Assert.That(index.Complete([], "machine", 99), Is.Null);
        Assert.That(index.Complete([], "another", 101), Is.Null);
        Assert.That(index.Complete([], null, 101), Is.Null);
    }

    [Test]
    public void A_damaged_text_is_no_index()
    {
        var entry = new Entry("/etc/nginx/a b\nc", EntryKind.File, 0x1A4, default, default, 3, new string('a', 64)) { Identity = new Identity(ulong.MaxValue, 7, 90.123456789m) };
        var index = ScanIndex.Of("boot 1:2 host", 100, [entry]);
        var text = ScanIndexText.Format(index);

        Assert.That(ScanIndexText.Parse(text)!.HasAllOf(index), Is.True);
        for (var i = 0; i < text.Length; i++)
        {
            Assert.That(ScanIndexText.Parse(text.AsSpan(0, i)), Is.Null, $"cut at {i}");
            var damaged = text.ToArray();
            damaged[i] ^= 1;
            Assert.That(ScanIndexText.Parse(damaged), Is.Null, $"damaged at {i}");
        }
    }

    // Files by path, with hard links; a clock that jumps and stands still; a boot.
    private sealed class Machine(Random random)
    {
        private static readonly string[] Names = ["/etc/a", "/etc/b", "/etc/c", "/etc/dir/a", "/etc/dir/b", "/etc/other/a", "/etc/other/b"];
        private readonly SortedDictionary<string, Inode> files = new(StringComparer.Ordinal);
        private decimal time = 1000;
        private int boot;
        private ulong last;

        public string Name => $"boot {boot}";

        public long Clock => (long)Math.Floor(time);

        /// <summary>Does one thing that users or programs may do.</summary>
        public void Change()
        {
            Tick();
            var (path, other) = (Names[random.Next(Names.Length)], Names[random.Next(Names.Length)]);
            var there = files.GetValueOrDefault(path);
            switch (random.Next(10))
            {
                case 0 or 1:
                    files[path] = new Inode(++last, Content(), time);
                    break;
                // In place, often of the same size, with whatever modification time: that is not looked at.
                case 2 or 3 when there is not null:
                    (there.Content, there.Changed) = (Content(), time);
                    break;
                case 4 when there is not null:
                    there.Changed = time;
                    break;
                case 5 when there is not null:
                    files.Remove(path);
                    (files[other], there.Changed) = (there, time);
                    break;
                case 6 when there is not null:
                    (files[other], there.Changed) = (there, time);
                    break;
                case 7:
                    RenameDirectory();
                    break;
                case 8 when random.Next(10) == 0:
                    time = 2000 + (decimal)(random.NextDouble() * 4000);
                    break;
                case 9 when random.Next(20) == 0:
                    boot++;
                    break;
                default:
                    files.Remove(path);
                    break;
            }
        }

        public IReadOnlyList<Entry> Scan(long since) =>
        [
            .. files.Select(file => new Entry(
                file.Key, EntryKind.File, 0x1A4, default, default, file.Value.Content.Length, file.Value.Changed > since ? Digest(file.Value.Content) : null)
            {
                Identity = new Identity(1, file.Value.Number, file.Value.Changed),
            }),
        ];

        // The files in it are not touched.
        private void RenameDirectory()
        {
            foreach (var name in (string[])["a", "b"])
            {
                var (one, two) = (files.GetValueOrDefault($"/etc/dir/{name}"), files.GetValueOrDefault($"/etc/other/{name}"));
                Put($"/etc/dir/{name}", two);
                Put($"/etc/other/{name}", one);
            }

            void Put(string path, Inode? file)
            {
                if (file is null) files.Remove(path);
                else files[path] = file;
            }
        }

        // The kernel's times have ticks: two changes may have the same one.
        private void Tick()
        {
            if (random.Next(3) > 0) time += random.Next(2) == 0 ? 0.004m : (decimal)random.NextDouble() * 5;
        }

        private string Content() => new((char)('a' + random.Next(26)), 1 + random.Next(2));

        private static string Digest(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content)));

        private sealed class Inode(ulong number, string content, decimal changed)
        {
            public ulong Number => number;

            public string Content { get; set; } = content;

            public decimal Changed { get; set; } = changed;
        }
    }
}
