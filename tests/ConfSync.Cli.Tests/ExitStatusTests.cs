using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Cli.Tests;

/// <summary>The exit status of a run that was not carried out.</summary>
public sealed class ExitStatusTests
{
    private static readonly RunOutcome[] Nothing =
    [
        new RunOutcome.NotLocked(new LockProblem.Held("/run/nginx-sync.lock", null, null)),
        new RunOutcome.PrimaryFailed(new PrimaryProblem(PrimaryStep.Test, new PrimaryFault.Said("unknown directive"))),
    ];

    [TestCaseSource(nameof(Nothing))]
    public void Nothing_was_pushed(RunOutcome outcome) => Assert.That(ExitStatus.Of(outcome), Is.EqualTo(1));

    [Test]
    public void Nothing_to_settle_is_no_failure() => Assert.That(ExitStatus.Of(new RunOutcome.NothingToSettle()), Is.Zero);
}
