using ConfSync.Changes;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Changes;

/// <summary>How much a push may delete on a node before it has to be told that this is meant.</summary>
public sealed class DeletionRuleTests
{
    private static readonly string[] Tops = ["/etc/a", "/etc/b"];

    [TestCase(20, 10, ExpectedResult = false, Description = "ten are few, whatever the share")]
    [TestCase(10, 10, ExpectedResult = false)]
    [TestCase(22, 11, ExpectedResult = false, Description = "half of them is not more than half")]
    [TestCase(21, 11, ExpectedResult = true)]
    [TestCase(11, 11, ExpectedResult = true)]
    [TestCase(1000, 500, ExpectedResult = false)]
    [TestCase(1000, 501, ExpectedResult = true)]
    public bool More_than_ten_and_more_than_half_are_too_many(int held, int deleted) => Find(Files("/etc/a", held), deleted) is not null;

    [Test]
    public void Each_of_CONFPATHS_counts_for_itself()
    {
        var held = new Snapshot([.. Files("/etc/a", 100), .. Files("/etc/b", 15)]);
        var changes = Files("/etc/b", 12).Concat(Files("/etc/a", 3)).Select(entry => new Change(entry, null));

        var found = DeletionRule.Find(changes, held, Tops, most: null);

        Assert.That((found!.Top, found.Held, found.Deleted.Length, found.All), Is.EqualTo(("/etc/b", 15, 12, 15)));
    }

    [TestCase(0, 1, ExpectedResult = true)]
    [TestCase(3, 3, ExpectedResult = false)]
    [TestCase(3, 4, ExpectedResult = true)]
    [TestCase(200, 100, ExpectedResult = false)]
    public bool A_number_that_the_user_gave_decides_alone(int most, int deleted) => Find(Files("/etc/a", 100), deleted, most) is not null;

    [Test]
    public void What_is_created_or_replaced_does_not_count()
    {
        var held = Files("/etc/a", 20);
        var changes = held.Select(entry => new Change(entry, entry with { Mode = 0 })).Append(new Change(null, File("/etc/a/new")));

        Assert.That(DeletionRule.Find(changes, new Snapshot(held), Tops, most: 0), Is.Null);
    }

    private static ExcessDeletions? Find(Entry[] held, int deleted, int? most = null) =>
        DeletionRule.Find(held.Take(deleted).Select(entry => new Change(entry, null)), new Snapshot(held), Tops, most);

    private static Entry[] Files(string directory, int count) =>
        [.. Enumerable.Range(0, count).Select(number => File($"{directory}/{number:D4}"))];
}
