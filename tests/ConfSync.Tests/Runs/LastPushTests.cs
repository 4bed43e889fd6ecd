using ConfSync.Events;
using ConfSync.Runs;
using ConfSync.Trees;
using static ConfSync.Tests.Runs.PushScene;

namespace ConfSync.Tests.Runs;

/// <summary>When a push asks a node for what the last push left there.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LastPushTests
{
    [Test]
    public async Task The_generations_come_with_the_scan_and_cost_no_round_trip()
    {
        var scene = Scene();
        var peer = new ScriptedPeer(Holding(Before, Before));

        var report = await scene.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Updated>());
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin history scan stage test activate confirm"));
        Assert.That(scene.Timeline.Traffic[Node].RoundTrips, Is.EqualTo(4), "begin; stage; activate; confirm");
    }

    [Test]
    public async Task Their_changes_are_asked_for_only_where_the_node_holds_something_else()
    {
        var scene = Scene();
        var peer = new ScriptedPeer(Holding(Before, SomethingElse));

        var report = await scene.RunAsync(peer);

        Assert.That(report.Notes.OfType<NodeNote.EditedByHand>().ToList(), Has.Count.EqualTo(1));
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin history scan history stage test activate confirm"));
        Assert.That(scene.Timeline.Traffic[Node].RoundTrips, Is.EqualTo(5));
    }

    [Test]
    public async Task A_push_that_changes_nothing_waits_once()
    {
        var scene = Scene();
        var peer = new ScriptedPeer(Holding(After, After).With("begin", $"nginx {Digest}\nok begin\n"));

        var report = await scene.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Unchanged>());
        Assert.That(scene.Timeline.Traffic[Node].RoundTrips, Is.EqualTo(1));
    }

    private static PushScene Scene() => new() { LastPush = new LastPush(new PushScene().Request, ExcludeRules.None, () => Task.FromResult(RunMemory.None)) };

    // A peer whose only generation made a state.
    private static Answers Holding(Entry[] entries, Entry[] pushed) => Answers.Holding(entries).With(
        "history", $"generation 1 -\ninfo time 1000\ninfo primary root@here\ninfo digest {SnapshotDigest.Of(new Snapshot(pushed), Settings.Scope)}\nok history\n");
}
