using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Trees;
using static ConfSync.Tests.Runs.PushScene;

namespace ConfSync.Tests.Runs;

/// <summary>A node's way through a push up to its turn: whatever happens, it is left as it was.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PreparePhaseTests
{
    [Test]
    public async Task What_is_there_and_served_is_left_alone()
    {
        var votes = new KnownDecision(CommitDecision.Commit);
        var peer = new ScriptedPeer(Answers.Holding(After).With("begin", $"nginx {Digest}\nok begin\n"));

        var report = await new PushScene { Coordinator = votes }.RunAsync(peer);

        Assert.That(report, Is.EqualTo(new NodeReport.Unchanged(Node, null, Reload: null) { Notes = report.Notes, HeldOther = false }));
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin scan"));
        Assert.That(string.Join(' ', votes.Votes), Is.EqualTo("nothing-to-keep"));
    }

    [Test]
    public async Task Where_nginx_does_not_run_nothing_is_to_be_served()
    {
        var report = await new PushScene().RunAsync(Answers.Holding(After).With("begin", "nginx not-running\nok begin\n"));

        Assert.That(report, Is.InstanceOf<NodeReport.Unchanged>().With.Property("Reload").EqualTo(ReloadOutcome.NotRunning));
    }

    [Test]
    public async Task What_is_not_known_to_be_served_is_only_noted_where_nothing_may_be_reloaded()
    {
        var report = await new PushScene { Request = new PushScene().Request with { Reload = false } }.RunAsync(Answers.Holding(After));

        Assert.That(report, Is.InstanceOf<NodeReport.Unchanged>().With.Property("Reload").EqualTo(ReloadOutcome.NotReloaded));
        Assert.That(report.Notes.Single(), Is.EqualTo(new NodeNote.NotKnownToServe()));
    }

    [Test]
    public async Task A_dry_run_ends_with_the_test()
    {
        var peer = new ScriptedPeer(Answers.Holding(Before));

        var report = await new PushScene { Request = new PushScene().Request with { DryRun = true } }.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.WouldUpdate>());
        Assert.That(((NodeReport.WouldUpdate)report).Changes.Single().Path, Is.EqualTo("/etc/nginx/b"));
        Assert.That(((NodeReport.WouldUpdate)report).Test, Is.EqualTo(new NodeTest("the test is successful", null)));
        Assert.That(string.Join(' ', peer.Requests), Is.EqualTo("begin scan stage test discard"));
    }

    [Test]
    public async Task A_node_says_each_step_and_then_its_report()
    {
        var scene = new PushScene { Request = new PushScene().Request with { DryRun = true } };

        var report = await scene.RunAsync(Answers.Holding(Before));

        Assert.That(scene.Said, Is.EqualTo(new RunEvent[]
        {
            new RunEvent.NodeBegan(Node, PushStep.Connect), new RunEvent.NodeBegan(Node, PushStep.Scan),
            new RunEvent.NodeBegan(Node, PushStep.Stage), new RunEvent.NodeBegan(Node, PushStep.Test), new RunEvent.NodeFinished(report),
        }));
    }

    [TestCase("begin", PushStep.Scan)]
    [TestCase("scan", PushStep.Scan)]
    [TestCase("stage", PushStep.Stage)]
    [TestCase("test", PushStep.Test)]
    public async Task A_session_that_is_lost_has_changed_nothing(string verb, PushStep step)
    {
        var scene = new PushScene();

        var report = await scene.RunAsync(Answers.Holding(Before).With(verb, Answers.Lost));

        AssertRejected(report, PeerFailure.Lost, step);
        Assert.That(await scene.TurnOfTheOther(), Is.True, "the others go on");
    }

    [TestCase("begin", PeerFailure.Prerequisite, PushStep.Scan)]
    [TestCase("scan", PeerFailure.Unsafe, PushStep.Scan)]
    [TestCase("stage", PeerFailure.Stage, PushStep.Stage)]
    [TestCase("test", PeerFailure.Test, PushStep.Test)]
    public async Task A_refusal_is_reported_in_its_words_and_the_others_go_on(string verb, PeerFailure code, PushStep step)
    {
        var scene = new PushScene();

        var report = await scene.RunAsync(Answers.Holding(Before).With(verb, Answers.Fail(PeerFailures.Words.Single(word => word.Value == code).Key, "its reason")));

        AssertRejected(report, code, step);
        Assert.That(((NodeReport.Failed)report).Failure.Words, Is.EqualTo("its reason"));
        Assert.That(await scene.TurnOfTheOther(), Is.True, "the others go on");
    }

    [Test]
    public async Task What_cannot_be_tested_before_it_is_live_may_be_refused()
    {
        var scene = new PushScene { Request = new PushScene().Request with { Config = Settings with { RequireStagedTest = true } } };
        var peer = new ScriptedPeer(Answers.Holding(Before).With("test", Answers.Text("no-view", "no namespaces") + "ok test deferred\n"));

        AssertRejected(await scene.RunAsync(peer), PeerFailure.NoView, PushStep.Test);
        Assert.That(peer.Requests, Does.Not.Contain("activate"));
    }

    [Test]
    public async Task A_directory_that_others_may_write_to_is_refused()
    {
        Entry[] foreign = [Before[0] with { Mode = 0x1FF }, .. Before[1..]];

        AssertRejected(await new PushScene().RunAsync(Answers.Holding(foreign)), PeerFailure.Foreign, PushStep.Stage);
    }

    [Test]
    public async Task Where_ssh_cannot_be_started_the_node_is_not_reached() =>
        AssertRejected(await new PushScene().RunAsync(), PeerFailure.Connect, PushStep.Connect);

    [Test]
    public async Task What_an_earlier_push_left_is_noted()
    {
        var report = await new PushScene().RunAsync(
            Answers.Holding(Before).With("begin", $"step recover\n{Answers.Text("recovered", "it was undone")}nginx unknown\nok begin\n"));

        Assert.That(report, Is.InstanceOf<NodeReport.Updated>());
        Assert.That(report.Notes.Single(), Is.EqualTo(new NodeNote.Recovered("it was undone")));
    }

    [Test]
    public async Task A_turn_that_is_refused_leaves_the_node_as_it_was()
    {
        var scene = new PushScene();
        scene.Rollout.Leave(1, failed: true);
        var peer = new ScriptedPeer(Answers.Holding(Before));

        var report = await scene.RunAsync(peer);

        Assert.That(report, Is.InstanceOf<NodeReport.LeftAlone>());
        Assert.That(peer.Requests, Does.Not.Contain("activate"));
    }

    [Test]
    public async Task An_interruption_while_it_waits_for_its_turn_leaves_the_node_as_it_was()
    {
        var scene = new PushScene { Desired = new PushScene().Desired with { Saved = new TaskCompletionSource<string>().Task } };
        var peer = new ScriptedPeer(Answers.Holding(Before)) { Asked = verb => { if (verb == "ping") scene.Interruption.Cancel(); } };

        AssertRejected(await scene.RunAsync(peer), PeerFailure.Interrupted, PushStep.Wait);
        Assert.That(peer.Requests, Does.Not.Contain("activate"));
    }

    [Test]
    public async Task Where_the_primary_cannot_be_saved_nobody_is_activated()
    {
        var desired = new PushScene().Desired with { Saved = Task.FromException<string>(new PrimaryException(PrimaryStep.Save, new PrimaryFault.Said("no space"))) };

        Assert.That(await new PushScene { Desired = desired }.RunAsync(Answers.Holding(Before)), Is.InstanceOf<NodeReport.LeftAlone>());
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Where_the_primary_moved_all_begin_again_unless_somebody_had_a_turn(bool hadTurn)
    {
        var desired = new PushScene().Desired with { Saved = Task.FromException<string>(new PrimaryMovedException("a is another")) };
        var scene = new PushScene { Desired = desired };
        if (hadTurn)
        {
            scene.Rollout.Leave(0);
            await scene.TurnOfTheOther();
        }

        var report = await scene.RunAsync(Answers.Holding(Before));

        Assert.That(scene.StartsAgain is null, Is.EqualTo(hadTurn));
        if (hadTurn) AssertRejected(report, PeerFailure.Moved, PushStep.Wait);
        else Assert.That(report, Is.InstanceOf<NodeReport.LeftAlone>());
    }

    private static void AssertRejected(NodeReport report, PeerFailure code, PushStep step)
    {
        Assert.That(report, Is.InstanceOf<NodeReport.Rejected>());
        var failure = ((NodeReport.Rejected)report).Failure;
        Assert.That((failure.Kind, failure.Step, failure.State), Is.EqualTo((code, step, PeerState.Untouched)));
    }
}
