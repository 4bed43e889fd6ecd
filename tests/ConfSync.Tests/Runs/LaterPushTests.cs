using ConfSync.Changes;
using ConfSync.Primary;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

/// <summary>Whether another primary's push is later than a decision of this one.</summary>
public sealed class LaterPushTests
{
    private const string Here = "root@a";

    private static readonly DateTimeOffset Decided = DateTimeOffset.FromUnixTimeSeconds(2000);

    private static readonly DecidedNode Node = new(SampleNodes.Of("web1"), [], [new Change(null, SampleTrees.File("/c/site"))]);

    private static readonly CommitRecord Decision = new(
        At(2000).Id, Decided, Here, "/etc/nginx-sync.conf", true, ["/c"], [], [Node], System.Collections.Immutable.ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty);

    private static readonly string Scope = SnapshotDigest.ScopeOf(["/c"], []);

    [Test]
    public void A_push_of_another_machine_after_it_is() => Assert.That(IsLater(Of("root@b", 3000)), Is.True);

    [Test]
    public void What_this_machine_pushed_and_what_was_there_before_is_not()
    {
        Assert.That(IsLater(Of(Here, 3000)), Is.False);
        Assert.That(IsLater(Of("root@b", 1000)), Is.False, "this machine pushed over it with --force");
        Assert.That(IsLater(Of("root@b", 3000) with { Run = At(2000) with { Id = Decision.Id } }), Is.False, "the decision itself");
    }

    [Test]
    public void Either_clock_may_be_behind()
    {
        Assert.That(IsLater(Of("root@b", 3000) with { Time = Decided.AddHours(-1) }), Is.True);
        Assert.That(IsLater(Of("root@b", 1000) with { Time = Decided.AddHours(1) }), Is.True);
    }

    [Test]
    public void A_push_of_other_paths_is_not_unless_it_changed_one_that_was_decided()
    {
        var other = Of("root@b", 3000) with { Digest = "0123:" + SnapshotDigest.ScopeOf(["/d"], []) };

        Assert.That(IsLater(other), Is.False);
        Assert.That(IsLater(other with { Changes = [new Change(null, SampleTrees.File("/c/site", "other"))] }), Is.True);
    }

    private static bool IsLater(Generation generation) => LaterPush.IsLater(generation, Decision, Node, Here);

    private static RunRecord At(long seconds) => RunRecord.New(DateTimeOffset.FromUnixTimeSeconds(seconds), "1.0", null);

    private static Generation Of(string who, long seconds) => new(
        7, DateTimeOffset.FromUnixTimeSeconds(seconds), who, SnapshotDigest.Of(SampleTrees.Of(SampleTrees.Directory("/c")), Scope), null, At(seconds), 1, [], []);
}
