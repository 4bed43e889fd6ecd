using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Tests.Changes;

/// <summary>Changes that are kept as text, by a generation and by a decision.</summary>
public sealed class ChangeLineTests
{
    [Test]
    public void A_line_is_what_the_documentation_says()
    {
        var before = SampleTrees.File("/etc/a b", "x") with { Digest = "d1", Modified = 12.5m };
        var after = SampleTrees.Link("/etc/a b", "to:a b");

        Assert.That(ChangeLine.Format(new Change(before, after)), Is.EqualTo(
            "/etc/a%20b f:644:root:0:root:0:1:12.5:d1 l:777:root:0:root:0:0:0:to:a%20b"));
        Assert.That(ChangeLine.Format(new Change(null, SampleTrees.Directory("/etc/d"))), Is.EqualTo("/etc/d - d:755:root:0:root:0:0:0:"));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_change_is_read_as_it_was_written(Put[] before, Put[] after)
    {
        var (old, wanted) = (new Snapshot(SampleTrees.From("/etc/t", before).Values), new Snapshot(SampleTrees.From("/etc/t", after).Values));
        foreach (var change in ChangeSet.Between(wanted, old, Snapshot.Empty).Changes)
        {
            Assert.That(ChangeLine.Parse(ChangeLine.Format(change)), Is.EqualTo(change));
        }
    }

    [TestCase("")]
    [TestCase("/a -")]
    [TestCase("/a - -")]
    [TestCase("a - d:755:root:0:root:0:0:0:")]
    [TestCase("/a/../b - d:755:root:0:root:0:0:0:")]
    [TestCase("/a%00 - d:755:root:0:root:0:0:0:")]
    [TestCase("/ - d:755:root:0:root:0:0:0:")]
    [TestCase("/a%2 - d:755:root:0:root:0:0:0:")]
    [TestCase("/a - x:755:root:0:root:0:0:0:")]
    [TestCase("/a - d:799:root:0:root:0:0:0:")]
    [TestCase("/a - d:755:root:0:root:0:-1:0:")]
    [TestCase("/a - d:755:root:0:root:0:99999999999999999999:0:")]
    [TestCase("/a - d:755:root:0:root:0")]
    public void What_is_no_such_line_is_refused(string line) =>
        Assert.That(() => ChangeLine.Parse(line), Throws.InstanceOf<FormatException>());
}
