using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

/// <summary>What is said of a run that was not carried out.</summary>
public sealed class OutcomeTextTests
{
    private const string Lock = "/run/nginx-sync.lock";

    private static readonly TestCaseData[] Problems =
    [
        Problem(
            new LockProblem.NotOpened(Lock, null, "Permission denied"),
            "cannot open the lock file /run/nginx-sync.lock: Permission denied; set LOCKFILE to another"),
        Problem(
            new LockProblem.NotOpened(Lock, 1000, "Permission denied"),
            "cannot open the lock file /run/nginx-sync.lock: Permission denied (it belongs to user 1000); set LOCKFILE to another"),
        Problem(
            new LockProblem.NoSudo(Lock, "deploy", "sudo: a password is required"),
            "sudo: a password is required\n    sudo has to let deploy work as root on this machine, without a password. As root: echo 'deploy ALL=(root) " +
            "NOPASSWD: /usr/bin/sh, /bin/sh' >>/etc/sudoers.d/zz-nginx-sync. Or use -u, to do without sudo"),
        Problem(
            new LockProblem.Held(Lock, null, new LockHolder(7, 0, "nginx-sync")),
            "another nginx-sync is running on this machine: process 7 of root holds /run/nginx-sync.lock\n    wait until it has ended, or have this run wait for it: --wait SECONDS"),
        Problem(
            new LockProblem.Held(Lock, null, new LockHolder(7, 0, "nginx-sync") { Command = "nginx-sync -m 'ticket 17'" }),
            "another nginx-sync is running on this machine: process 7 of root holds /run/nginx-sync.lock:\n      nginx-sync -m 'ticket 17'\n    wait until it has ended, or have this run wait for it: --wait SECONDS"),
        Problem(
            new LockProblem.Held(Lock, 1000, new LockHolder(7, 1000, "sleep") { User = "user 1000" }),
            "process 7 (sleep) of user 1000, which is no nginx-sync, has locked /run/nginx-sync.lock; the file belongs to user 1000: " +
            "end that process, or set LOCKFILE to a file that only this user can open"),
        Problem(
            new LockProblem.Held(Lock, null, null),
            "another process has locked /run/nginx-sync.lock: wait for it, most likely another nginx-sync, or set LOCKFILE to a file " +
            "that only this user can open"),
    ];

    [TestCaseSource(nameof(Problems))]
    public void A_lock_that_is_not_had_says_why_and_what_to_do(LockProblem problem, string words)
    {
        var outcome = new RunOutcome.NotLocked(problem);

        Assert.That(OutcomeText.Of(outcome, "pushed"), Is.EqualTo($"nginx-sync: taking the lock failed; nothing was pushed ({MessageCodes.Of(problem)}):\n    {words}\nNothing was pushed."));
    }

    [Test]
    public void What_is_wrong_on_the_primary_says_what_was_not_done()
    {
        var outcome = new RunOutcome.PrimaryFailed(new PrimaryProblem(PrimaryStep.Test, new PrimaryFault.Said("unknown directive")));

        Assert.That(
            OutcomeText.Of(outcome, "rolled back"),
            Is.EqualTo("nginx-sync: testing the local nginx configuration failed; nothing was rolled back (NS-1301):\n    unknown directive\nNothing was rolled back."));
    }

    private static TestCaseData Problem(LockProblem problem, string words) => new(problem, words);
}
