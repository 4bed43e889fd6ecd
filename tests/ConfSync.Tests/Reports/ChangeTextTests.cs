using ConfSync.Changes;
using ConfSync.Reports;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Reports;

/// <summary>How much a push changes is always said, and each path that it takes away is named.</summary>
public sealed class ChangeTextTests
{
    private static readonly Change Created = new(null, File("/etc/new"));
    private static readonly Change Replaced = new(File("/etc/file", "old"), File("/etc/file", "new"));
    private static readonly Change Remoded = new(Directory("/etc/d"), Directory("/etc/d", 0x1C0));
    private static readonly Change Deleted = new(File("/etc/gone"), null);

    [Test]
    public void What_there_is_none_of_is_left_out()
    {
        Assert.That(ChangeText.Count([Created, Replaced, Remoded, Deleted]), Is.EqualTo("2 changed, 1 created, 1 deleted"));
        Assert.That(ChangeText.Count([Deleted, Deleted]), Is.EqualTo("2 deleted"));
    }

    [Test]
    public void Deletions_are_named_though_nobody_asked() => Assert.That(
        ChangeText.Lines([Created, Deleted, Replaced], all: false), Is.EqualTo(["    1 changed, 1 created, 1 deleted", "    delete  /etc/gone"]));

    [Test]
    public void All_paths_are_named_in_their_order_where_that_is_asked_for() => Assert.That(
        ChangeText.Lines([Created, Deleted, Replaced], all: true),
        Is.EqualTo(["    1 changed, 1 created, 1 deleted", "    create  /etc/new", "    delete  /etc/gone", "    replace /etc/file"]));

    [Test]
    public void After_twenty_deletions_the_rest_is_counted()
    {
        var changes = Enumerable.Range(10, 23).Select(number => new Change(File($"/etc/{number}"), null)).ToList();

        var lines = ChangeText.Lines(changes, all: false).ToList();

        Assert.That(lines, Has.Count.EqualTo(22).And.One.EqualTo("    delete  /etc/29").And.None.EqualTo("    delete  /etc/30"));
        Assert.That(lines[^1], Is.EqualTo("    and 3 more deleted (-r names them)"));
    }
}
