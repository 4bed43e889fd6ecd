using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Trees;
using static ConfSync.Tests.Runs.PushScene;

namespace ConfSync.Tests.Runs;

/// <summary>A node's way through a push from its turn to where it is seen to work: what is live is proven or undone, or the
/// node is looked at again.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ActivatePhaseTests
{
    private static readonly Answers LostAtActivation = Answers.Holding(Before).With("activate", Answers.Lost);

    [Test]
    public async Task What_is_there_and_not_known_to_be_served_is_reloaded()
    {
        var scene = new PushScene();
        var peer = new ScriptedPeer(Answers.Holding(After).With("serve", Answers.Text("warning", "a stale pid file") + "ok serve reloaded\n"));

        var report = await scene.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Unchanged>().With.Property("Reload").EqualTo(ReloadOutcome.Reloaded));
        Assert.That(report.Notes.Single(), Is.EqualTo(new NodeNote.Warning("a stale pid file")));
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin scan serve"));
        Assert.That(await scene.TurnOfTheOther(), Is.True);
    }

    [TestCase("undone\n", PeerState.Undone)]
    [TestCase("text undo 7\nno room\nnot-undone\n", PeerState.NotUndone)]
    [TestCase("text undo 7\nno room\nrestored\n", PeerState.Restored)]
    public async Task A_node_that_cannot_serve_it_says_what_it_was_left_in_and_nobody_else_has_a_turn(string after, PeerState state)
    {
        var scene = new PushScene();

        var report = await scene.RunAsync(Answers.Holding(Before).With(
            "activate", $"step activate\nstep reload\n{Answers.Fail("reload", "no worker lives", after)}"));

        var failure = FailureOf<NodeReport.Rejected>(report);
        Assert.That((failure.Kind, failure.Step, failure.State), Is.EqualTo((PeerFailure.Reload, PushStep.Reload, state)));
        Assert.That(failure.UndoWords, Is.EqualTo(state is PeerState.NotUndone or PeerState.Restored ? "no room" : ""));
        Assert.That(await scene.TurnOfTheOther(), Is.False);
    }

    [Test]
    public async Task A_node_that_fails_its_test_in_place_is_left_out_and_the_others_go_on()
    {
        var scene = new PushScene();

        var report = await scene.RunAsync(Answers.Holding(Before)
            .With("test", Answers.Text("no-view", "no namespaces") + "ok test deferred\n")
            .With("activate", $"step activate\nstep test\n{Answers.Fail("test", "unknown directive", "undone\n")}"));

        Assert.That(FailureOf<NodeReport.Rejected>(report).Step, Is.EqualTo(PushStep.Test));
        Assert.That(await scene.TurnOfTheOther(), Is.True);
    }

    [Test]
    public async Task A_lost_node_that_has_undone_it_holds_what_it_held()
    {
        var report = await new PushScene().RunAsync(LostAtActivation, Answers.Holding(Before));

        var failure = FailureOf<NodeReport.Rejected>(report);
        Assert.That((failure.Kind, failure.Step, failure.State), Is.EqualTo((PeerFailure.Lost, PushStep.Activate, PeerState.Undone)));
    }

    [Test]
    public async Task A_lost_node_that_holds_it_is_seen_to_serve_it()
    {
        var peer = new ScriptedPeer(LostAtActivation, Answers.Holding(After));

        var report = await new PushScene().RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.Updated>().With.Property("Reload").EqualTo(ReloadOutcome.Reloaded));
        Assert.That(report.Notes.Single(), Is.InstanceOf<NodeNote.LostAtEnd>());
        Assert.That(peer.Requests.Last(), Is.EqualTo("serve"));
    }

    [Test]
    public async Task A_lost_node_that_holds_neither_is_unknown() =>
        FailureOf<NodeReport.Unknown>(await new PushScene().RunAsync(LostAtActivation, Answers.Holding(SomethingElse)));

    [Test]
    public async Task A_lost_node_that_cannot_undo_it_says_so()
    {
        var report = await new PushScene().RunAsync(
            LostAtActivation, new Answers().With("begin", Answers.Fail("unfinished", "no room", "text undo 7\nno room\nnot-undone\n")));

        Assert.That(FailureOf<NodeReport.Rejected>(report).State, Is.EqualTo(PeerState.NotUndone));
    }

    [Test]
    public async Task A_lost_node_that_is_busy_is_looked_at_again()
    {
        var report = await new PushScene().RunAsync(
            LostAtActivation, new Answers().With("begin", Answers.Fail("locked", "it is undoing")), Answers.Holding(Before));

        Assert.That(FailureOf<NodeReport.Rejected>(report).State, Is.EqualTo(PeerState.Undone));
    }

    [Test]
    public async Task A_lost_node_that_ssh_cannot_be_started_for_is_unknown_and_nobody_else_has_a_turn()
    {
        var scene = new PushScene();

        var report = await scene.RunAsync(LostAtActivation);

        Assert.That(FailureOf<NodeReport.Unknown>(report).Kind, Is.EqualTo(PeerFailure.Lost));
        Assert.That(await scene.TurnOfTheOther(), Is.False);
    }

    [Test]
    public async Task What_makes_no_sense_after_the_activation_is_looked_at_again()
    {
        var report = await new PushScene().RunAsync(
            Answers.Holding(Before).With("activate", "ok activate somehow\n"), Answers.Holding(Before));

        Assert.That(FailureOf<NodeReport.Rejected>(report).Kind, Is.EqualTo(PeerFailure.Protocol));
    }

    [Test]
    public async Task What_another_user_changed_meanwhile_is_undone()
    {
        var directory = Before[0] with { Mode = 0x1FF };
        var scene = new PushScene
        {
            Request = new PushScene().Request with { Config = Settings with { AllowForeignDirectories = true } },
            Desired = new PushScene().Desired with { Snapshot = new Snapshot([directory, After[1]]) },
        };
        var peer = new ScriptedPeer(Answers.Holding().With("scan", Answers.Scan([directory, .. Before[1..]]), Answers.Scan(directory)));

        var failure = FailureOf<NodeReport.Rejected>(await scene.RunAsync(peer));

        Assert.That((failure.Kind, failure.State), Is.EqualTo((PeerFailure.Changed, PeerState.Undone)));
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin scan stage test activate scan undo"));
    }

    private static NodeFailure FailureOf<T>(NodeReport report)
        where T : NodeReport.Failed
    {
        Assert.That(report, Is.InstanceOf<T>());
        return ((T)report).Failure;
    }
}
