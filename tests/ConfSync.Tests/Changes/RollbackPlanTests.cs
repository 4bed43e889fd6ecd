using ConfSync.Changes;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace ConfSync.Tests.Changes;

/// <summary>From what pushes recorded to the state that was before some of them.</summary>
public sealed class RollbackPlanTests
{
    private const string Root = "/etc/t";

    private static readonly Entry[] Ancestors = [Directory("/etc")];

    [Property(MaxTest = 500)]
    public void After_any_pushes_there_is_a_way_back_to_the_state_after_each(Put[] common, Put[] one, Put[] two, Put[] three)
    {
        var pushes = new Pushes(
            SampleTrees.From(Root, common), SampleTrees.From(Root, common.Concat(one)), SampleTrees.From(Root, common.Concat(two)),
            SampleTrees.From(Root, one.Concat(three)), SampleTrees.From(Root, common));
        for (var to = 0; to <= pushes.Generations.Count; to++)
        {
            var back = new RollbackPlan(pushes.Generations.Skip(to)).For(pushes.States[^1], Ancestors, ExcludeRules.None, [Root]);

            Assert.That(back.Edited, Is.Empty);
            Assert.That(back.Outside, Is.Empty);
            Assert.That(back.Homeless, Is.Empty);
            Assert.That(ChangeSet.Between(pushes.States[to], back.Desired, Snapshot.Empty).Changes, Is.Empty);
            foreach (var change in ChangeSet.Between(back.Desired, pushes.States[^1], Snapshot.Empty).Changes.Where(change => change.NeedsContent))
            {
                Assert.That(pushes.Retained[back.Contents[change.Path]], Is.EqualTo((change.Path, change.After!.Digest)));
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Whatever_somebody_did_since_is_found_where_it_would_be_lost(Put[] common, Put[] one, Put[] edits)
    {
        var pushes = new Pushes(SampleTrees.From(Root, common), SampleTrees.From(Root, common.Concat(one)));
        var now = new Snapshot(SampleTrees.From(Root, common.Concat(one).Concat(edits)).Values);

        var back = new RollbackPlan(pushes.Generations).For(now, Ancestors, ExcludeRules.None, [Root]);

        var lost = now.Entries.Where(entry =>
            !ChangeSet.Between(Of(entry), pushes.States[^1], Snapshot.Empty).Changes.All(change => change.After is null) &&
            (back.Desired[entry.Path] is not { } after || !entry.HasContentOf(after) || !entry.HasAttributesOf(after)));
        Assert.That(back.Edited, Is.SupersetOf(lost.Select(entry => entry.Path)));
    }

    [Test]
    public void What_somebody_put_back_by_hand_is_no_edit()
    {
        var pushes = new Pushes(Tree(File($"{Root}/a", "old")), Tree(File($"{Root}/a", "new")));
        Assert.That(For(pushes, Tree(File($"{Root}/a", "old"))).Edited, Is.Empty);
        Assert.That(For(pushes, Tree(File($"{Root}/a", "other"))).Edited, Is.EqualTo(new[] { $"{Root}/a" }));
    }

    [Test]
    public void What_was_made_in_a_directory_that_is_to_go_is_an_edit()
    {
        var pushes = new Pushes(Tree(), Tree(Directory($"{Root}/d"), File($"{Root}/d/f")));
        var back = For(pushes, Tree(Directory($"{Root}/d"), File($"{Root}/d/f"), File($"{Root}/d/mine")));
        Assert.That(back.Edited, Is.EqualTo(new[] { $"{Root}/d/mine" }));
        Assert.That(back.Desired.Entries.Select(entry => entry.Path), Is.EqualTo(new[] { Root }));
    }

    /// <summary>A push of another configuration file, and the roll-back of it.</summary>
    [Test]
    public void What_pushes_together_left_as_it_was_elsewhere_is_not_in_the_way()
    {
        var pushes = new Pushes(Tree(), Tree(File($"{Root}/a", "one")), Tree());

        Assert.That(Outside(1), Is.EqualTo(new[] { $"{Root}/a" }));
        Assert.That(Outside(2), Is.Empty);

        IEnumerable<string> Outside(int generations) =>
            new RollbackPlan(pushes.Generations.Take(generations)).For(new Snapshot([]), Ancestors, ExcludeRules.None, ["/etc/other"]).Outside;
    }

    [Test]
    public void What_has_no_directory_to_go_back_to_is_named()
    {
        var pushes = new Pushes(Tree(Directory($"{Root}/d"), File($"{Root}/d/f")), Tree(Directory($"{Root}/d")));
        Assert.That(For(pushes, Tree()).Homeless, Is.EqualTo(new[] { $"{Root}/d/f" }));
        Assert.That(For(pushes, Tree(File($"{Root}/d"))).Homeless, Is.EqualTo(new[] { $"{Root}/d/f" }));
    }

    [Test]
    public void What_may_not_be_touched_today_is_named()
    {
        var pushes = new Pushes(
            Tree(Directory($"{Root}/cache"), File($"{Root}/cache/x"), File($"{Root}/a")), Tree(File($"{Root}/b.bak")));
        var rules = new ExcludeRules(["cache/", "*.bak"]);

        var back = new RollbackPlan(pushes.Generations).For(pushes.States[^1], Ancestors, rules, [Root]);
        Assert.That(back.Outside, Is.EqualTo(new[] { $"{Root}/b.bak", $"{Root}/cache", $"{Root}/cache/x" }));
        var elsewhere = new RollbackPlan(pushes.Generations).For(Snapshot.Empty, Ancestors, ExcludeRules.None, [$"{Root}/a"]);
        Assert.That(elsewhere.Outside, Has.Length.EqualTo(3).And.None.EqualTo($"{Root}/a"));
    }

    [Test]
    public void A_generation_that_does_not_keep_what_it_replaced_is_named()
    {
        var pushes = new Pushes(Tree(File($"{Root}/a", "old")), Tree(File($"{Root}/a", "new")));
        Assert.That(
            () => new RollbackPlan(pushes.Generations.Select(generation => generation with { Retained = [] })),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo($"generation 1 does not keep {Root}/a"));
    }

    private static RollbackPlan.Result For(Pushes pushes, Dictionary<string, Entry> now) =>
        new RollbackPlan(pushes.Generations).For(new Snapshot(now.Values), Ancestors, ExcludeRules.None, [Root]);

    private static Dictionary<string, Entry> Tree(params Entry[] entries) =>
        entries.Prepend(Directory(Root)).ToDictionary(entry => entry.Path);

    /// <summary>A peer to which these states were pushed, one after the other, and what that left.</summary>
    private sealed class Pushes
    {
        /// <summary>What the peer held after generation N.</summary>
        public List<Snapshot> States { get; } = [];

        public List<Generation> Generations { get; } = [];

        /// <summary>What the peer keeps in each old.K: the path that it was at, and its digest.</summary>
        public Dictionary<RetainedFile, (string Path, string? Digest)> Retained { get; } = [];

        public Pushes(params Dictionary<string, Entry>[] trees)
        {
            States.Add(new Snapshot(trees[0].Values));
            foreach (var tree in trees.Skip(1)) Push(new Snapshot(tree.Values));
        }

        private void Push(Snapshot desired)
        {
            var peer = new PeerModel(States[^1].Entries.Concat(Ancestors), []);
            var changes = ChangeSet.Between(desired, States[^1], Snapshot.Empty);
            if (changes.IsEmpty) return;
            var plan = StagingPlan.From(changes, States[^1], Ancestors, Ancestors);
            var number = Generations.Count + 1;
            var kept = plan.Directories.SelectMany((directory, index) =>
                directory.Replaced.Concat(directory.KindChanged).Concat(directory.Deleted)
                    .Select(name => new RetainedPath(index + 1, $"{directory.Path}/{name}"))).ToList();
            foreach (var (part, top) in kept)
            {
                foreach (var entry in States[^1].Entries.Where(entry => PeerModel.IsAtOrBeneath(entry.Path, top)))
                {
                    Retained[new RetainedFile(number, part, entry.Path[(plan.Directories[part - 1].Path.Length + 1)..])] = (entry.Path, entry.Digest);
                }
            }
            peer.Activate(plan);
            States.Add(new Snapshot(peer.Snapshot.Entries.Where(entry => PeerModel.IsAtOrBeneath(entry.Path, Root))));
            Generations.Add(new Generation(
                number, DateTimeOffset.UnixEpoch, "", "", null, null, changes.Changes.Length, changes.Changes, [.. kept]));
        }
    }
}
