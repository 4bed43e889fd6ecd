using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Tests.Changes;

/// <summary>What was edited on a node since the last push.</summary>
public sealed class HandEditsTests
{
    private const string Scope = "0123456789abcdef";

    private static readonly Entry Top = SampleTrees.Directory("/c");
    private static readonly Entry Old = SampleTrees.File("/c/old", "old"), Made = SampleTrees.File("/c/made", "made");
    private static readonly Snapshot Pushed = SampleTrees.Of(Top, Old, Made);

    [Test]
    public void Nothing_is_where_the_state_is_that_of_the_last_push() => Assert.That(Find(Pushed).IsEmpty, Is.True);

    [Test]
    public void A_path_that_a_push_made_and_that_is_something_else_now_is_named()
    {
        var edits = Find(SampleTrees.Of(Top, Old, SampleTrees.File("/c/made", "by hand")));

        Assert.That((edits.Paths, edits.IsComplete), Is.EqualTo((ImmutableArray.Create("/c/made"), true)).Using<(ImmutableArray<string> Paths, bool), (ImmutableArray<string> Paths, bool)>(
            (one, other) => one.Paths.SequenceEqual(other.Paths) && one.Item2 == other.Item2));
    }

    [Test]
    public void A_path_that_no_generation_knows_is_named_if_it_is_younger_than_the_last_push()
    {
        var young = SampleTrees.File("/c/old", "by hand") with { Modified = 2000 };

        Assert.That(Find(SampleTrees.Of(Top, young, Made)).Paths, Is.EqualTo(["/c/old"]));
        Assert.That(Find(SampleTrees.Of(Top, Old, Made, SampleTrees.File("/c/new") with { Modified = 1000.5m })).Paths, Is.EqualTo(["/c/new"]));
    }

    [Test]
    public void What_cannot_be_told_is_not_kept_silent()
    {
        var edits = Find(SampleTrees.Of(Top, SampleTrees.File("/c/old", "copied with its time") with { Modified = 1 }, Made));

        Assert.That((edits.Paths.Length, edits.IsComplete), Is.EqualTo((0, false)));
    }

    [Test]
    public void An_edit_that_the_push_does_not_touch_is_none_of_its_business()
    {
        var held = SampleTrees.Of(Top, Old, SampleTrees.File("/c/made", "by hand"));

        Assert.That(HandEdits.Of(held, [], Generations, Scope).IsEmpty, Is.True);
    }

    [Test]
    public void Another_scope_says_nothing() => Assert.That(
        HandEdits.Of(SampleTrees.Of(Top), Changes(SampleTrees.Of(Top)), Generations, "fedcba9876543210").IsEmpty, Is.True);

    private static ImmutableArray<Generation> Generations =>
    [
        new(1, DateTimeOffset.FromUnixTimeSeconds(1000), "root@a", SnapshotDigest.Of(Pushed, Scope), null, null, 1, [new Change(null, Made)], []),
    ];

    private static HandEdits Find(Snapshot held) => HandEdits.Of(held, Changes(held), Generations, Scope);

    // A push that makes everything as it was.
    private static ImmutableArray<Change> Changes(Snapshot held) => ChangeSet.Between(Pushed, held, Snapshot.Empty).Changes;
}
