using ConfSync.Changes;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

public class ComparedEntryTests
{
    private static readonly Entry File = SampleTrees.File("/etc/x/f", "one");

    [Test]
    public void Each_difference_is_told_by_itself_and_a_time_is_none()
    {
        Assert.That(Of(File with { Modified = 17 }), Is.EqualTo(Differences.None));
        Assert.That(Of(File with { Mode = 0x180 }), Is.EqualTo(Differences.Mode));
        Assert.That(Of(File with { Owner = new Account("www", 33) }), Is.EqualTo(Differences.Owner));
        Assert.That(Of(File with { Group = new Account("www", 33) }), Is.EqualTo(Differences.Group));
        Assert.That(Of(SampleTrees.File("/etc/x/f", "two")), Is.EqualTo(Differences.Content));
        Assert.That(Of(File with { Digest = null }), Is.EqualTo(Differences.Content), "what cannot be read is never the same");
        Assert.That(Of(SampleTrees.Link("/etc/x/f", "f")), Is.EqualTo(Differences.Kind));
        Assert.That(Of(SampleTrees.Directory("/etc/x/f", 0x1A4)), Is.EqualTo(Differences.Kind));
        Assert.That(
            new ComparedEntry(SampleTrees.Link("/l", "a"), SampleTrees.Link("/l", "b") with { Mode = 0 }).Differences,
            Is.EqualTo(Differences.Target), "a link has no mode");
        Assert.That(
            Of(File with { Owner = new Account("root", 17) }), Is.EqualTo(Differences.None), "an account is its name");

        static Differences Of(Entry remote) => new ComparedEntry(File, remote).Differences;
    }

    [Test]
    public void A_name_with_control_characters_is_shown_and_not_obeyed()
    {
        var entry = new ComparedEntry(SampleTrees.File("/etc/x/\e[2J\nFiles"), null);
        Assert.That(CompareText.Lines(entry), Has.One.EqualTo(@"Only in local:/etc/x: \x1b[2J\x0aFiles"));
    }

    // Booted at 1000 s, and up for 500 s.
    [TestCase("1400.0", "1500.000000", "50000", "45000", ExpectedResult = false)]
    [TestCase("1449.99", "1500.000000", "50000", "45000", ExpectedResult = false)]
    [TestCase("1450.2", "1500.000000", "50000", "45000", ExpectedResult = true)]
    [TestCase("1450", "1500.%N", "50000", "45000", ExpectedResult = false, TestName = "Within_the_second_that_busybox_does_not_tell")]
    [TestCase("1452", "1500.%N", "50000", "45000", ExpectedResult = true)]
    [TestCase("1450.2", "1500.%N", "50000", "45000", ExpectedResult = false)]
    [TestCase("0", "1500.0", "50000", "-", ExpectedResult = true, TestName = "Without_a_worker_nothing_is_served")]
    public bool A_file_is_pending_that_is_younger_than_the_oldest_worker(params string[] words) =>
        ChangeTimes.Parse(words).ChangedSinceStart;

    [TestCase("1", "2", "3")]
    [TestCase("x", "2", "3", "4")]
    public void An_answer_of_other_words_is_refused(params string[] words) =>
        Assert.That(() => ChangeTimes.Parse(words), Throws.InstanceOf<FormatException>());
}
