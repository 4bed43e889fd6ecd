using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>What people read of a failure follows from its value.</summary>
public sealed class FailureTextTests
{
    private static readonly Node Node = Node.TryParse("web1", out var node, out _) ? node : throw new InvalidOperationException();

    private static readonly PeerFailure[] AnyFailure = Enum.GetValues<PeerFailure>();

    [TestCase(PeerFailure.Locked, PushStep.Scan, PeerState.Untouched,
        "nginx-sync: web1: taking the lock there failed; nothing was changed there (NS-3001):\n    words\n  wait until it has ended, then run nginx-sync again")]
    [TestCase(PeerFailure.Test, PushStep.Test, PeerState.Undone,
        "nginx-sync: web1: testing the new configuration failed; the old configuration is back in place there (NS-3008):\n    words\n" +
        "  correct the configuration here and run nginx-sync again")]
    [TestCase(PeerFailure.Write, PushStep.Activate, PeerState.Undone,
        "nginx-sync: web1: activating the new files failed; the old configuration is back in place there (NS-4002):\n    words")]
    [TestCase(PeerFailure.Gone, PushStep.Activate, PeerState.Undone,
        "nginx-sync: web1: activating the new files failed; the old configuration is back in place there (NS-4003):\n    words\n" +
        "  a file went away there after it was seen; run nginx-sync again")]
    [TestCase(PeerFailure.Lost, PushStep.Reload, PeerState.Unknown,
        "nginx-sync: web1: reloading nginx failed; the node undoes by itself what was not confirmed, but that could not be seen (NS-4101):\n    words\n" +
        "  run nginx-sync again: it begins with undoing what may be left there")]
    [TestCase(PeerFailure.TimedOut, PushStep.Scan, PeerState.Untouched,
        "nginx-sync: web1: looking at its files failed; nothing was changed there (NS-4102):\n    words\n" +
        "  see what takes so long there, or raise the limit; then run nginx-sync again: it begins with undoing what may be left there")]
    [TestCase(PeerFailure.Protocol, PushStep.Agree, PeerState.Untouched,
        "nginx-sync: web1: the session failed; nothing was changed there (NS-9002):\n    words")]
    public void A_failure_is_a_sentence(PeerFailure failure, PushStep step, PeerState state, string text) =>
        Assert.That(FailureText.Of(Failed(failure, step, state)), Is.EqualTo(text));

    [Test]
    public void A_limit_that_was_over_has_one_advice_whoever_saw_it() => Assert.That(
        FailureText.Of(Failed(PeerFailure.Overdue, PushStep.Scan, PeerState.Untouched)),
        Is.EqualTo(FailureText.Of(Failed(PeerFailure.TimedOut, PushStep.Scan, PeerState.Untouched))));

    // The words are somebody else's: what stands in them changes no sentence of this program's.
    [TestCaseSource(nameof(AnyFailure))]
    public void No_sentence_depends_on_the_words(PeerFailure failure)
    {
        const string Other = "STEP_TIMEOUT: No such file or directory, kex_exchange_identification: Permission denied (";
        var report = Failed(failure, PushStep.Activate, PeerState.Untouched);

        var other = FailureText.Of(Failed(failure, PushStep.Activate, PeerState.Untouched, Other));

        Assert.That(other.Replace(Other, "words", StringComparison.Ordinal), Is.EqualTo(FailureText.Of(report)));
    }

    [TestCaseSource(nameof(AnyFailure))]
    public void A_roll_back_never_says_to_push(PeerFailure failure) => Assert.That(
        FailureText.Of(Failed(failure, PushStep.Activate, PeerState.Untouched), isRollback: true), Does.Not.Contain("run nginx-sync again"));

    /// <summary>Without the number, and without a node, a second call could go over another run than the first one.</summary>
    [Test]
    public void A_roll_back_that_failed_names_the_call_that_goes_on_with_it()
    {
        Assert.That(Again(new RollbackTarget.Generation(3)), Does.EndWith("; then roll this node back alone: nginx-sync rollback --to 3 web1"));
        Assert.That(Again(new RollbackTarget.Run("0123abc")), Does.EndWith("; then roll this node back alone: nginx-sync rollback --to 0123abc web1"));
        Assert.That(Again(new RollbackTarget.BeforeLastGeneration()), Does.EndWith("; then roll this node back alone: nginx-sync rollback web1"));
        Assert.That(Again(new RollbackTarget.BeforeLastRun()), Does.EndWith("; then run nginx-sync rollback again: it says what is left to roll back, and how"));

        static string Again(RollbackTarget target) =>
            FailureText.Of(Failed(PeerFailure.Locked, PushStep.Connect, PeerState.Untouched) with { Retry = target }, isRollback: true);
    }

    [Test]
    public void Every_state_has_words_of_its_own() => Assert.That(
        Enum.GetValues<PeerState>().Select(state => FailureText.Of(Failed(PeerFailure.Lost, PushStep.Reload, state))), Is.Unique);

    [TestCaseSource(nameof(AnyFailure))]
    public void No_failure_is_shown_as_the_value_that_it_is(PeerFailure failure)
    {
        foreach (var step in Enum.GetValues<PushStep>())
        {
            Assert.That(FailureText.Of(Failed(failure, step, PeerState.Undone)), Does.Match("^nginx-sync: web1: [a-z ]+ failed; "));
        }
    }

    [Test]
    public void What_this_program_refuses_stands_where_the_words_of_others_would()
    {
        var failure = new NodeFailure(PushStep.Stage, PeerFailure.History, "", PeerState.Untouched, "") { Refusal = new Refusal.GenerationMissing(3) };

        Assert.That(
            FailureText.Of(NodeReport.Failed.Of(Node, failure), isRollback: true),
            Is.EqualTo("nginx-sync: web1: finding the way back failed; nothing was changed there (NS-5003):\n    generation 3 is missing on this node"));
    }

    private static NodeReport.Failed Failed(PeerFailure failure, PushStep step, PeerState state, string words = "words") =>
        NodeReport.Failed.Of(Node, new NodeFailure(step, failure, words, state, ""));
}
