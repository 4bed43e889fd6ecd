using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Runs;
using static ConfSync.Tests.Runs.PushScene;

namespace ConfSync.Tests.Runs;

/// <summary>The end of a node's way through a push: what is live and seen to work is confirmed or undone.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConcludePhaseTests
{
    private static readonly UndoReason OtherFailed = new UndoReason.NodeFailed(SampleNodes.Of("other"));

    [Test]
    public async Task What_is_verified_and_agreed_is_confirmed()
    {
        var scene = new PushScene { Coordinator = new KnownDecision(CommitDecision.Commit) };
        var peer = new ScriptedPeer(Answers.Holding(Before).With("confirm", Answers.Text("warning", "not kept") + "ok confirm reloaded -\n"));

        var report = await scene.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Updated>());
        var updated = (NodeReport.Updated)report;
        Assert.That(updated.Changes.Single().Path, Is.EqualTo("/etc/nginx/b"));
        Assert.That((updated.Test, updated.Reload), Is.EqualTo((new NodeTest("the test is successful", null), ReloadOutcome.Reloaded)));
        Assert.That(updated.Notes.Single(), Is.EqualTo(new NodeNote.Warning("not kept")));
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin scan stage test activate confirm"));
        Assert.That(string.Join(' ', ((KnownDecision)scene.Coordinator).Votes), Is.EqualTo("for"));
        Assert.That(await scene.TurnOfTheOther(), Is.True);
    }

    [Test]
    public async Task Where_another_node_failed_it_is_undone_and_says_whose_fault_it_is()
    {
        var peer = new ScriptedPeer(Answers.Holding(Before));

        var report = await new PushScene { Coordinator = new KnownDecision(new CommitDecision(false, OtherFailed)) }.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Undone>().With.Property("Why").EqualTo(OtherFailed));
        Assert.That(peer.Requests.Last(), Is.EqualTo("undo"));
    }

    [Test]
    public async Task Where_nothing_could_be_recorded_it_is_undone_and_says_why()
    {
        var report = await new PushScene { Coordinator = new KnownDecision(new CommitDecision(false, new UndoReason.NotRecorded("no space here"))) }.RunAsync(Answers.Holding(Before));

        Assert.That(report, Is.InstanceOf<NodeReport.Undone>().With.Property("Why").EqualTo(new UndoReason.NotRecorded("no space here")));
    }

    [Test]
    public async Task What_cannot_be_undone_is_no_undone_node()
    {
        var report = await new PushScene { Coordinator = new KnownDecision(new CommitDecision(false, OtherFailed)) }.RunAsync(
            Answers.Holding(Before).With("undo", $"{Answers.Text("undo", "no room")}not-undone\n"));

        Assert.That(report, Is.InstanceOf<NodeReport.Rejected>());
        Assert.That(((NodeReport.Failed)report).Failure.State, Is.EqualTo(PeerState.NotUndone));
        Assert.That(((NodeReport.Failed)report).Failure.UndoWords, Is.EqualTo("no room"));
    }

    [Test]
    public async Task An_interruption_during_the_activation_is_undone()
    {
        var scene = new PushScene();
        var peer = new ScriptedPeer(Answers.Holding(Before)) { Asked = verb => { if (verb == "activate") scene.Interruption.Cancel(); } };

        var report = await scene.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Rejected>());
        var failure = ((NodeReport.Failed)report).Failure;
        Assert.That((failure.Kind, failure.State), Is.EqualTo((PeerFailure.Interrupted, PeerState.Undone)));
        Assert.That(peer.Requests.Last(), Is.EqualTo("undo"));
        Assert.That(await scene.TurnOfTheOther(), Is.False);
    }

    [Test]
    public async Task A_session_that_is_lost_at_the_confirmation_is_looked_at_again()
    {
        var report = await new PushScene().RunAsync(Answers.Holding(Before).With("confirm", Answers.Lost), Answers.Holding(After));

        Assert.That(report, Is.InstanceOf<NodeReport.Updated>());
    }

    [Test]
    public async Task A_session_that_is_lost_at_the_undo_is_looked_at_again()
    {
        var report = await new PushScene { Coordinator = new KnownDecision(new CommitDecision(false, OtherFailed)) }.RunAsync(
            Answers.Holding(Before).With("undo", Answers.Lost), Answers.Holding(Before));

        Assert.That(report, Is.InstanceOf<NodeReport.Rejected>());
        Assert.That(((NodeReport.Failed)report).Failure.State, Is.EqualTo(PeerState.Undone));
    }

    [TestCase("confirmed\n")]
    [TestCase("")]
    public async Task A_node_that_is_lost_after_all_agreed_is_brought_on_and_not_looked_at(string after)
    {
        var votes = new KnownDecision(CommitDecision.Commit);
        var peer = new ScriptedPeer(Answers.Holding(Before).With("confirm", Answers.Fail("died", "its runner was killed", after)));

        await new PushScene { Coordinator = votes }.RunAsync(peer);

        Assert.That(string.Join(' ', votes.Votes), Is.EqualTo("for against against brought-on"));
        Assert.That(peer.Requests.Last(), Is.EqualTo("confirm"));
    }
}
