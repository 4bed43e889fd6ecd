using System.Text;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

public class UnifiedDiffTests
{
    [Test]
    public void Hunks_have_three_lines_around_them_and_touching_ones_are_one()
    {
        var remote = string.Concat(Enumerable.Range(1, 20).Select(i => $"line {i}\n"));
        var local = remote.Replace("line 2\n", "line two\n", StringComparison.Ordinal)
            .Replace("line 8\n", "", StringComparison.Ordinal).Replace("line 20\n", "line 20", StringComparison.Ordinal);
        Assert.That(Join(Entry("/etc/x/f", remote, local)), Is.EqualTo("""
            --- remote:/etc/x/f	2024-03-25 06:53:18.250000000 +0000
            +++ local:/etc/x/f	2024-03-25 06:53:20.000000000 +0000
            @@ -1,11 +1,10 @@
             line 1
            -line 2
            +line two
             line 3
             line 4
             line 5
             line 6
             line 7
            -line 8
             line 9
             line 10
             line 11
            @@ -17,4 +16,4 @@
             line 17
             line 18
             line 19
            -line 20
            +line 20
            \ No newline at end of file

            """));
    }

    [Test]
    public void A_file_on_one_side_only_has_the_time_at_which_patch_creates_and_removes()
    {
        var only = new ComparedEntry(SampleTrees.File("/a b\t\"é\n", "x"), null, Contents.Diff(default, "x\n"u8.ToArray()));
        Assert.That(UnifiedDiff.Lines(only), Is.EqualTo((string[])
        [
            "--- \"remote:/a b\\011\\\"\\303\\251\\012\"\t1970-01-01 00:00:00.000000000 +0000",
            "+++ \"local:/a b\\011\\\"\\303\\251\\012\"\t1970-01-01 00:00:01.000000000 +0000",
            "@@ -0,0 +1 @@",
            "+x",
        ]));
    }

    [Test]
    public void Control_characters_are_shown_and_not_obeyed_and_such_a_diff_is_not_exact()
    {
        var evil = Entry("/f", "a\tb \\. \r\n", "\e]0;title\a \u202Egnp.exe \u0085\rx\n");
        Assert.That(UnifiedDiff.IsExact(evil.Diff!), Is.False);
        Assert.That(Join(evil), Does.Contain("-a\tb \\. \r\n").And
            .Contain(@"+\x1b]0;title\x07 \xe2\x80\xaegnp.exe \xc2\x85\x0dx" + "\n"));
        Assert.That(UnifiedDiff.IsExact(Entry("/f", "a\tb \\. \r\n", "é\r\n").Diff!), Is.True);
    }

    [TestCase("a\0b", "ab", ContentDiffKind.Binary)]
    [TestCase("ab", "x\n-----BEGIN EC PRIVATE KEY-----\nMH", ContentDiffKind.Secret)]
    [TestCase("-----BEGIN PRIVATE KEY-----\n", "", ContentDiffKind.Secret)]
    [TestCase("-----BEGIN CERTIFICATE-----\n", "", ContentDiffKind.Text)]
    public void What_is_no_text_or_secret_has_no_hunks(string remote, string local, ContentDiffKind kind)
    {
        var diff = Entry("/f", remote, local).Diff!;
        Assert.That(diff.Kind, Is.EqualTo(kind));
        Assert.That(diff.Hunks.IsEmpty, Is.EqualTo(kind != ContentDiffKind.Text));
    }

    [Test]
    public void Invalid_utf8_has_no_hunks() =>
        Assert.That(Contents.Diff("a"u8.ToArray(), new byte[] { 0x61, 0xFF }).Kind, Is.EqualTo(ContentDiffKind.NotUtf8));

    [Test]
    public void Changes_inside_lines_are_marked_side_by_side()
    {
        var diff = Entry("/f", "listen 80;\nsame\n", "listen 8080;\nsame\nmore\n").Diff!;
        var rows = SideBySide.Rows(diff.Hunks[0]).ToList();
        Assert.That(rows, Has.Count.EqualTo(3));
        Assert.That(rows[0].Remote!.Text, Is.EqualTo("listen 80;"));
        Assert.That(rows[0].Local!.Parts.Where(part => part.Changed).Select(part => part.Text), Does.Contain("8080;"));
        Assert.That(rows[0].Local!.Parts.First(), Is.EqualTo(new SidePart("listen", false)));
        Assert.That(rows[1].Remote!.Changed, Is.False);
        Assert.That(rows[2].Remote, Is.Null);
        Assert.That(rows[2].Local!.Number, Is.EqualTo(3));
    }

    [Test, CancelAfter(20_000)]
    public void A_megabyte_that_differs_in_every_line_is_one_change_and_soon_found()
    {
        var remote = string.Concat(Enumerable.Range(0, 150_000).Select(i => $"r{i}\n"));
        var local = string.Concat(Enumerable.Range(0, 150_000).Select(i => $"l{i}\n"));
        var diff = Entry("/f", "same\n" + remote + "end\n", "same\n" + local + "end\n").Diff!;
        Assert.That(diff.Hunks, Has.Length.EqualTo(1));
        Assert.That(diff.Hunks[0].RemoteCount, Is.EqualTo(150_002));
        Assert.That(SideBySide.Rows(diff.Hunks[0]).Count(), Is.EqualTo(300_002));
    }

    internal static ComparedEntry Entry(string path, string remote, string local)
    {
        byte[] there = PosixText.Encode(remote), here = PosixText.Encode(local);
        return new ComparedEntry(
            SampleTrees.File(path, local) with { Modified = 1711349600 }, SampleTrees.File(path, remote) with { Modified = 1711349598.25m },
            Contents.Diff(there, here));
    }

    private static string Join(ComparedEntry entry)
    {
        var text = new StringBuilder();
        foreach (var line in UnifiedDiff.Lines(entry)) text.Append(line).Append('\n');
        return text.ToString();
    }
}
