using ConfSync.Changes;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Changes;

public class StagingPlanTests
{
    private static readonly Entry[] Etc = [Directory("/etc")];

    [Test]
    public void Changes_are_sorted_into_the_ways_of_renaming()
    {
        var desired = Of(
            Directory("/etc/c", 0x1C0), File("/etc/c/content", "new"), Directory("/etc/c/dir"), File("/etc/c/dir/in"),
            File("/etc/c/file-to-link-and-back"), File("/etc/c/mode", "m", 0x180), Link("/etc/c/was-dir", "dir"),
            Directory("/etc/c/was-link"), File("/etc/c/was-link/in"));
        var actual = Of(
            Directory("/etc/c"), File("/etc/c/content", "old"), Link("/etc/c/file-to-link-and-back", "x"),
            Directory("/etc/c/gone"), File("/etc/c/gone/in"), File("/etc/c/mode", "m"), Directory("/etc/c/was-dir"),
            File("/etc/c/was-dir/in"), Link("/etc/c/was-link", "x"));

        var plan = Plan(desired, actual, Etc, Etc);

        var directory = plan.Directories.Single();
        Assert.That(directory.Path, Is.EqualTo("/etc/c"));
        Assert.That(string.Join(" ", directory.Created), Is.EqualTo("dir"));
        Assert.That(string.Join(" ", directory.Replaced), Is.EqualTo("content file-to-link-and-back mode"));
        Assert.That(string.Join(" ", directory.KindChanged), Is.EqualTo("was-dir was-link"));
        Assert.That(string.Join(" ", directory.Deleted), Is.EqualTo("gone"));
        Assert.That(directory.Members.Select(member => (member.Name, member.IsCopied)), Is.EqualTo(new[]
        {
            ("content", false), ("dir", false), ("dir/in", false), ("file-to-link-and-back", false), ("mode", true),
            ("was-dir", false), ("was-link", false), ("was-link/in", false),
        }));
        Assert.That(plan.Attributes.Single().Path, Is.EqualTo("/etc/c"));
    }

    [Test]
    public void Missing_parents_are_made_once_as_the_primary_has_them()
    {
        Entry[] onPrimary = [Directory("/etc"), Directory("/etc/x", 0x1C0), Directory("/etc/x/y", 0x1F8)];
        var desired = Of(File("/etc/x/a.conf"), Directory("/etc/x/y/d"), File("/etc/x/y/d/b.conf"));

        var directory = Plan(desired, Snapshot.Empty, Etc, onPrimary).Directories.Single();

        Assert.That(directory.Path, Is.EqualTo("/etc"));
        Assert.That(string.Join(" ", directory.Created), Is.EqualTo("x"));
        Assert.That(directory.Members.Select(member => (member.Name, member.Entry.Mode)), Is.EqualTo(new[]
        {
            ("x", 0x1C0), ("x/a.conf", 0x1A4), ("x/y", 0x1F8), ("x/y/d", 0x1ED), ("x/y/d/b.conf", 0x1A4),
        }));
    }

    [Test]
    public void A_parent_of_which_nothing_is_known_is_an_error()
    {
        Assert.That(
            () => Plan(Of(File("/opt/x/a.conf")), Snapshot.Empty, Etc, Etc),
            Throws.ArgumentException.With.Message.Contains("/opt/x"));
    }

    [Test]
    public void A_path_right_under_the_root_is_staged_in_the_root()
    {
        var directory = Plan(Of(Directory("/c")), Snapshot.Empty, [], []).Directories.Single();

        Assert.That(directory.Path, Is.EqualTo("/"));
        Assert.That(directory.Members.Single().Name, Is.EqualTo("c"));
    }

    [Test]
    public void What_is_beneath_an_excluded_directory_is_staged_in_place()
    {
        var excluded = Of(Directory("/etc/sites"));
        var changes = ChangeSet.Between(Of(File("/etc/sites/mine")), Snapshot.Empty, excluded);

        Assert.That(
            StagingPlan.From(changes, excluded, Etc, Etc).Directories.Single().Path, Is.EqualTo("/etc/sites"));
    }

    [Test]
    public void Conflicts_cannot_be_planned()
    {
        Assert.That(
            () => Plan(Of(File("/etc/c")), Of(Socket("/etc/c")), Etc, Etc),
            Throws.ArgumentException.With.Message.Contains(nameof(ConflictKind.SpecialOnPeer)));
    }

    private static StagingPlan Plan(Snapshot desired, Snapshot actual, Entry[] peerAncestors, Entry[] primaryAncestors) =>
        StagingPlan.From(
            ChangeSet.Between(desired, actual, Snapshot.Empty), actual, peerAncestors, primaryAncestors);
}
