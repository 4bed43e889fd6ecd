using ConfSync.Changes;
using ConfSync.Trees;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace ConfSync.Tests.Changes;

public class ChangePropertyTests
{
    private const string ConfPath = "/etc/app/conf";

    private static readonly Entry[] Ancestors = [SampleTrees.Directory("/etc"), SampleTrees.Directory("/etc/app", 0x1C0)];

    [Property(MaxTest = 500)]
    public void A_plan_makes_the_peer_as_desired_and_its_undo_as_it_was(
        Put[] common, Put[] onPrimary, Put[] onPeer, byte pathsMissing)
    {
        var world = new World(common, onPrimary, onPeer, pathsMissing);
        var changes = ChangeSet.Between(world.Desired, world.Actual, world.Excluded);
        if (!changes.Conflicts.IsEmpty) return;

        var plan = StagingPlan.From(changes, world.Peer, world.PeerAncestors, Ancestors);
        var peer = new PeerModel(
            world.Peer.Entries.Concat(world.PeerAncestors), world.Excluded.Entries.Select(entry => entry.Path));
        var before = peer.Snapshot.Entries;
        peer.Activate(plan);

        var (result, excluded) = Divide(peer.Snapshot);
        Assert.That(excluded.Entries, Is.EqualTo(world.Excluded.Entries));
        Assert.That(ChangeSet.Between(world.Desired, result, excluded).IsEmpty);
        Assert.That(result.Entries.Select(entry => entry.Path), Is.EquivalentTo(world.ExpectedPaths));
        foreach (var entry in world.Desired.Entries)
        {
            Assert.That(result[entry.Path]!.HasContentOf(entry) && result[entry.Path]!.HasAttributesOf(entry));
        }

        peer.Undo();
        Assert.That(peer.Snapshot.Entries, Is.EqualTo(before));
    }

    [Property(MaxTest = 300)]
    public void No_part_of_a_plan_is_within_another(Put[] common, Put[] onPrimary, Put[] onPeer, byte pathsMissing)
    {
        var world = new World(common, onPrimary, onPeer, pathsMissing);
        var changes = ChangeSet.Between(world.Desired, world.Actual, world.Excluded);
        if (!changes.Conflicts.IsEmpty) return;

        var plan = StagingPlan.From(changes, world.Peer, world.PeerAncestors, Ancestors);

        var moved = plan.Directories.SelectMany(directory =>
            directory.Created.Concat(directory.Replaced).Concat(directory.KindChanged).Concat(directory.Deleted)
                .Select(name => $"{directory.Path.TrimEnd('/')}/{name}")).ToList();
        var staying = plan.Directories.Select(directory => directory.Path)
            .Concat(plan.Attributes.Select(change => change.Path));
        Assert.That(moved, Is.Unique);
        foreach (var top in moved)
        {
            Assert.That(moved.Where(path => path != top && PeerModel.IsAtOrBeneath(path, top)), Is.Empty);
            Assert.That(staying.Where(path => PeerModel.IsAtOrBeneath(path, top)), Is.Empty);
            Assert.That(
                world.Excluded.Entries.Where(entry => PeerModel.IsAtOrBeneath(entry.Path, top)), Is.Empty);
        }
        var copied = plan.Directories.SelectMany(directory => directory.Members).Where(member => member.IsCopied);
        Assert.That(copied.All(member => world.Actual[member.Entry.Path]!.Digest == member.Entry.Digest));
    }

    [Property(MaxTest = 300)]
    public void There_is_a_conflict_exactly_where_something_protected_would_have_to_go(
        Put[] common, Put[] onPrimary, Put[] onPeer)
    {
        var world = new World(common, onPrimary, onPeer, 0);

        var conflicts = ChangeSet.Between(world.Desired, world.Actual, world.Excluded).Conflicts;

        // In a random tree there are two ways: a wanted file or link where the peer's protected directory is, or where
        // the peer has a directory with something protected in it.
        var expected = world.Desired.Entries.Where(wanted => wanted.Kind != EntryKind.Directory &&
            world.Excluded.Entries.Any(entry => PeerModel.IsAtOrBeneath(entry.Path, wanted.Path)));
        Assert.That(
            conflicts.Select(conflict => conflict.Path), Is.EqualTo(expected.Select(entry => entry.Path)));
        Assert.That(conflicts.All(conflict => conflict.Kind == ConflictKind.Excluded));
    }

    // A rule of the test's own: *.bak by name, directories called b or c.
    private static (Snapshot Included, Snapshot Excluded) Divide(Snapshot whole)
    {
        var under = whole.Entries.Where(entry => PeerModel.IsAtOrBeneath(entry.Path, ConfPath)).ToList();
        var tops = under.Where(entry => entry.Path.EndsWith(".bak", StringComparison.Ordinal) ||
            (entry.Kind == EntryKind.Directory && (entry.Path.EndsWith("/b", StringComparison.Ordinal) ||
                entry.Path.EndsWith("/c", StringComparison.Ordinal)))).Select(entry => entry.Path).ToList();
        var byExclusion = under.ToLookup(entry => tops.Any(top => PeerModel.IsAtOrBeneath(entry.Path, top)));
        return (new Snapshot(byExclusion[false]), new Snapshot(byExclusion[true]));
    }

    private sealed class World
    {
        public Snapshot Desired { get; }
        public Snapshot Peer { get; }
        public Snapshot Actual { get; }
        public Snapshot Excluded { get; }
        public IReadOnlyList<Entry> PeerAncestors { get; }

        public World(Put[] common, Put[] onPrimary, Put[] onPeer, byte pathsMissing)
        {
            Desired = Divide(new Snapshot(SampleTrees.From(ConfPath, common.Concat(onPrimary)).Values)).Included;
            // 0: there is nothing on the peer, 0…2 of the directories above it apart.
            var isMissing = pathsMissing is > 0 and < 64;
            Peer = isMissing ? Snapshot.Empty : new(SampleTrees.From(ConfPath, common.Concat(onPeer)).Values);
            PeerAncestors = [.. Ancestors.Take(isMissing ? pathsMissing % 3 : 2)];
            (Actual, Excluded) = Divide(Peer);
        }

        public IEnumerable<string> ExpectedPaths => Desired.Entries.Select(entry => entry.Path).Union(
            Actual.Entries.Select(entry => entry.Path).Where(path =>
                Excluded.Entries.Any(entry => PeerModel.IsAtOrBeneath(entry.Path, path))));
    }
}
