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

        Assert.That(HandEdits.Of(held, [], Generations, Scope, ExcludeRules.None, ["/c"]).IsEmpty, Is.True);
    }

    [Test]
    public void Another_scope_says_nothing() => Assert.That(
        HandEdits.Of(SampleTrees.Of(Top), Changes(SampleTrees.Of(Top)), Generations, "fedcba9876543210", ExcludeRules.None, ["/c"]).IsEmpty, Is.True);

    /// <summary>Another configuration file of the same primary pushes other paths, and some of these.</summary>
    [Test]
    public void Pushes_of_another_scope_are_no_edits()
    {
        var replaced = SampleTrees.File("/c/old", "by the other configuration");
        var further = SampleTrees.File("/c/further", "by the other configuration");
        Generation[] generations =
        [
            OfOther(1, new Change(null, SampleTrees.File("/elsewhere/file"))),
            .. Generations.Select(generation => generation with { Number = 2 }),
            OfOther(3, new Change(Old, SampleTrees.File("/c/old", "for a while")), new Change(null, further)),
            OfOther(4, new Change(SampleTrees.File("/c/old", "for a while"), replaced), new Change(Made, null)),
        ];
        var held = SampleTrees.Of(Top, replaced, further);

        Assert.That(Find(held, generations).IsEmpty, Is.True);
        Assert.That(Find(SampleTrees.Of(Top, SampleTrees.File("/c/old", "by hand"), further), generations).Paths, Is.EqualTo(["/c/old"]));
    }

    [Test]
    public void The_last_generation_that_changed_a_path_is_found()
    {
        var other = SampleTrees.File("/c/other");
        Generation[] generations = [OfOther(1, new Change(Old, null), new Change(other, null)), OfOther(2, new Change(null, Old)), OfOther(3)];

        Assert.That(HandEdits.LastToChange([new Change(Old, null), new Change(other, null), new Change(Made, null)], generations).Select(generation => generation.Number), Is.EqualTo([1, 2]));
        Assert.That(HandEdits.LastToChange([new Change(Old, null)], generations).Select(generation => generation.Number), Is.EqualTo([2]));
    }

    private static ImmutableArray<Generation> Generations =>
    [
        new(1, DateTimeOffset.FromUnixTimeSeconds(1000), "root@a", SnapshotDigest.Of(Pushed, Scope), null, null, 1, [new Change(null, Made)], []),
    ];

    private static Generation OfOther(int number, params ImmutableArray<Change> changes) =>
        new(number, DateTimeOffset.FromUnixTimeSeconds(1000), "root@a", SnapshotDigest.Of(Snapshot.Empty, "fedcba9876543210"), null, null, changes.Length, changes, []);

    private static HandEdits Find(Snapshot held) => Find(held, Generations);

    private static HandEdits Find(Snapshot held, IReadOnlyCollection<Generation> generations) =>
        HandEdits.Of(held, Changes(held), generations, Scope, ExcludeRules.None, ["/c"]);

    // A push that makes everything as it was.
    private static ImmutableArray<Change> Changes(Snapshot held) => ChangeSet.Between(Pushed, held, Snapshot.Empty).Changes;
}
