using ConfSync.Changes;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Changes;

public class ChangeSetTests
{
    [Test]
    public void Equal_trees_need_nothing()
    {
        var tree = Of(Directory("/c"), File("/c/a", "x"), Link("/c/l", "a"));

        Assert.That(ChangeSet.Between(tree, tree, Snapshot.Empty).IsEmpty);
    }

    [Test]
    public void Every_kind_of_change_is_told_apart_in_the_order_of_paths()
    {
        var desired = Of(
            Directory("/c", 0x1C0), File("/c/content", "new"), File("/c/mode", "m", 0x180), File("/c/new"),
            Link("/c/target", "there"), Directory("/c/was-file"));
        var actual = Of(
            Directory("/c"), File("/c/content", "old"), File("/c/gone"), File("/c/mode", "m"), Link("/c/target", "here"),
            File("/c/was-file"));

        var changes = ChangeSet.Between(desired, actual, Snapshot.Empty).Changes;

        Assert.That(changes.Select(change => (change.Path, change.Kind, change.NeedsContent)), Is.EqualTo(new[]
        {
            ("/c", ChangeKind.Attributes, false),
            ("/c/content", ChangeKind.Replace, true),
            ("/c/gone", ChangeKind.Delete, false),
            ("/c/mode", ChangeKind.Replace, false),
            ("/c/new", ChangeKind.Create, true),
            ("/c/target", ChangeKind.Replace, false),
            ("/c/was-file", ChangeKind.Replace, false),
        }));
    }

    [Test]
    public void An_owner_is_the_same_by_name_and_by_number_only_without_one()
    {
        var desired = Of(
            File("/c/a", owner: new("www", 33)), File("/c/b", owner: new("", 7)), File("/c/c", owner: new("", 7)));
        var actual = Of(
            File("/c/a", owner: new("www", 101)), File("/c/b", owner: new("", 7)), File("/c/c", owner: new("", 8)));

        var changes = ChangeSet.Between(desired, actual, Snapshot.Empty).Changes;

        Assert.That(PathsOf(changes), Is.EqualTo("/c/c"));
    }

    [Test]
    public void A_modification_time_is_no_difference()
    {
        var change = ChangeSet.Between(
            Of(File("/c/a") with { Modified = 1 }), Of(File("/c/a") with { Modified = 2.5m }), Snapshot.Empty);

        Assert.That(change.IsEmpty);
    }

    [Test]
    public void A_directory_that_is_to_go_stays_where_something_in_it_is_excluded()
    {
        var actual = Of(Directory("/c"), Directory("/c/d"), Directory("/c/d/e"), File("/c/d/x"), File("/c/d/e/y"));
        var excluded = Of(File("/c/d/e/local.conf"));

        var changes = ChangeSet.Between(Of(Directory("/c")), actual, excluded);

        Assert.That(PathsOf(changes.Changes), Is.EqualTo("/c/d/e/y /c/d/x"));
        Assert.That(changes.Conflicts, Is.Empty);
    }

    [Test]
    public void A_directory_with_something_excluded_in_it_is_not_replaced_by_a_file()
    {
        var changes = ChangeSet.Between(Of(File("/c/d")), Of(Directory("/c/d")), Of(File("/c/d/local.conf")));

        Assert.That(changes.Conflicts, Is.EqualTo(new[]
        {
            new Conflict("/c/d", ConflictKind.Excluded, File("/c/d/local.conf")),
        }));
        Assert.That(changes.Changes, Has.Length.EqualTo(1), "a comparison still tells the difference");
    }

    [Test]
    public void Nothing_is_created_where_the_peer_has_something_excluded()
    {
        // EXCLUDE="d/": a directory on the peer, a file on the primary.
        var changes = ChangeSet.Between(Of(File("/c/d")), Snapshot.Empty, Of(Directory("/c/d"), File("/c/d/x")));

        Assert.That(
            changes.Conflicts, Is.EqualTo(new[] { new Conflict("/c/d", ConflictKind.Excluded, Directory("/c/d")) }));
    }

    [Test]
    public void A_directory_is_not_created_where_the_peer_has_an_excluded_file()
    {
        // CONFPATHS="/c/d" EXCLUDE="d": a directory there is the transfer itself, a file is excluded.
        var changes = ChangeSet.Between(
            Of(Directory("/c/d"), File("/c/d/x")), Snapshot.Empty, Of(File("/c/d")));

        Assert.That(
            changes.Conflicts, Is.EqualTo(new[] { new Conflict("/c/d", ConflictKind.Excluded, File("/c/d")) }));
    }

    [Test]
    public void Nested_paths_beneath_an_excluded_directory_are_still_pushed()
    {
        // CONFPATHS="/c /c/sites/mine" EXCLUDE="sites"
        var changes = ChangeSet.Between(
            Of(Directory("/c"), Directory("/c/sites/mine"), File("/c/sites/mine/x")),
            Of(Directory("/c"), Directory("/c/sites/mine"), File("/c/sites/mine/y")),
            Of(Directory("/c/sites"), File("/c/sites/other")));

        Assert.That(changes.Conflicts, Is.Empty);
        Assert.That(PathsOf(changes.Changes), Is.EqualTo("/c/sites/mine/x /c/sites/mine/y"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Nothing_is_created_beneath_what_is_no_directory(bool isExcluded)
    {
        var file = Of(File("/c/sites"));
        var changes = ChangeSet.Between(
            Of(Directory("/c/sites/mine")), isExcluded ? Snapshot.Empty : file, isExcluded ? file : Snapshot.Empty);

        Assert.That(changes.Conflicts, Is.EqualTo(new[]
        {
            new Conflict(
                "/c/sites/mine", isExcluded ? ConflictKind.Excluded : ConflictKind.NotADirectory, File("/c/sites")),
        }));
    }

    [Test]
    public void A_socket_of_the_peer_is_not_removed()
    {
        var desired = Of(Directory("/c"), File("/c/replaced"));
        var actual = Of(
            Directory("/c"), Directory("/c/d"), Socket("/c/d/in-a-directory"), Socket("/c/gone"), Socket("/c/replaced"));

        var conflicts = ChangeSet.Between(desired, actual, Snapshot.Empty).Conflicts;

        Assert.That(
            string.Join(" ", conflicts.Select(conflict => conflict.Path)),
            Is.EqualTo("/c/d/in-a-directory /c/gone /c/replaced"));
        Assert.That(conflicts.All(conflict => conflict.Kind == ConflictKind.SpecialOnPeer));
    }

    [Test]
    public void What_the_primary_cannot_send_is_a_conflict_that_names_it()
    {
        var fifo = Socket("/c/fifo");
        var unreadable = File("/c/key") with { Digest = null };

        var conflicts = ChangeSet.Between(Of(fifo, unreadable), Of(fifo, unreadable), Snapshot.Empty).Conflicts;

        Assert.That(conflicts, Is.EqualTo(new[]
        {
            new Conflict("/c/fifo", ConflictKind.NotPushable, fifo),
            new Conflict("/c/key", ConflictKind.NotPushable, unreadable),
        }));
    }

    [Test]
    public void A_file_that_the_peer_cannot_read_is_replaced_and_named()
    {
        var unreadable = File("/c/key", "k") with { Digest = null };

        var changes = ChangeSet.Between(Of(File("/c/key", "k")), Of(unreadable), Snapshot.Empty);

        Assert.That(changes.Unreadable, Is.EqualTo(new[] { unreadable }));
        Assert.That(changes.Changes.Single().NeedsContent);
    }

    private static string PathsOf(IEnumerable<Change> changes) =>
        string.Join(" ", changes.Select(change => change.Path));
}
