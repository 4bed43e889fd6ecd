using ConfSync.Trees;

namespace ConfSync.Tests.Trees;

/// <summary>Which directories another user could play tricks in.</summary>
public sealed class ForeignDirectoriesTests
{
    private static readonly ForeignDirectories Foreign = new(new HashSet<uint> { 0, 1000 });

    [TestCase(0u, 0x1ED, ExpectedResult = false)]
    [TestCase(1000u, 0x1ED, ExpectedResult = false)]
    [TestCase(33u, 0x1ED, ExpectedResult = true)]
    [TestCase(0u, 0x1FD, ExpectedResult = true)]
    [TestCase(0u, 0x1EF, ExpectedResult = true)]
    [TestCase(0u, 0x3FF, ExpectedResult = true)]
    public bool Others_own_it_or_may_write(uint owner, int mode) => Foreign.Within([Directory("/d", owner, mode)]).Any();

    [Test]
    public void On_the_way_the_sticky_bit_protects_what_is_not_another_users()
    {
        Entry[] above = [Directory("/", 0, 0x1ED), Directory("/tmp", 0, 0x3FF)];
        Assert.That(Foreign.AmongAncestors(above, [Directory("/tmp/d", 0, 0x1ED)]), Is.Empty);
        Assert.That(Foreign.AmongAncestors(above, [Directory("/tmp/d", 33, 0x1ED)]).Single().Path, Is.EqualTo("/tmp/d"));
        Assert.That(Foreign.AmongAncestors([Directory("/tmp", 33, 0x3FF)], []).Single().Path, Is.EqualTo("/tmp"));
        Assert.That(Foreign.AmongAncestors([Directory("/tmp", 0, 0x1FF)], []).Single().Path, Is.EqualTo("/tmp"));
    }

    [Test]
    public void What_is_in_such_a_directory_can_be_swapped()
    {
        Entry[] entries =
        [
            Directory("/d", 0, 0x1ED), Directory("/d/bob", 33, 0x1ED), Directory("/d/bob/sub", 0, 0x1ED), Directory("/d/bob/sub/sub", 0, 0x1ED),
        ];
        Assert.That(Foreign.Swappable(entries).Select(entry => entry.Path), Is.EqualTo((string[])["/d/bob/sub"]));
    }

    [Test]
    public void Each_is_counted_once_by_its_path()
    {
        Entry[] twice = [Directory("/d", 33, 0x1FD), Directory("/c", 33, 0x1ED), Directory("/d", 33, 0x1FD)];
        Assert.That(ForeignDirectories.Distinct(twice).Select(entry => entry.Path), Is.EqualTo((string[])["/c", "/d"]));
    }

    private static Entry Directory(string path, uint owner, int mode) =>
        new(path, EntryKind.Directory, mode, new Account(owner == 33 ? "www-data" : "", owner), new Account(owner == 33 ? "www-data" : "", owner));
}
