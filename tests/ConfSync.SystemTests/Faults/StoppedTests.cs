namespace ConfSync.SystemTests.Faults;

/// <summary>Whoever is stopped for longer than its time-out (SIGSTOP) and goes on afterwards hurts nobody: what it was
/// doing has been ended, undone or finished by another, and the report is true.</summary>
public sealed class StoppedTests : FaultFixture
{
    // The runner's longest limit is that of an undo: STEP_TIMEOUT + 2 RELOAD_TIMEOUT, 15 s here.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromSeconds(60);

    private static IEnumerable<object[]> OfOne() => Cases(
        [
            ["staged", Fault.StopPrimary], ["verified", Fault.StopPrimary], ["arrived", Fault.StopSsh], ["verified", Fault.StopSsh],
            ["arrived", Fault.StopRunner], ["confirmed", Fault.StopRunner],
        ],
        from step in Steps
        from fault in new[] { Fault.StopPrimary, Fault.StopSsh, Fault.StopRunner }
        select new object[] { step, fault });

    [TestCaseSource(nameof(OfOne))]
    public async Task A_peer_ends_whole_while_somebody_is_stopped(string step, Fault fault)
    {
        await using var push = await HeldAtAsync(step, fault);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.SufferAsync(fault);
        await push.SettledAsync(LongestTimer);
        var isNew = await EnsureWholeAsync(push);
        await push.ContinueAsync(fault);
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));

        Assert.That(await EnsureWholeAsync(push), Is.EqualTo(isNew), "who goes on changes nothing any more");
        Assert.That(outcome.ExitCode, Is.EqualTo(isNew ? 0 : 2), $"the report is true\n{outcome}");
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }

    private static IEnumerable<object[]> StepsOfParent() => Cases([["arrived"], ["confirmed"]], Steps.Select(step => new object[] { step }));

    /// <summary>The runner does its work without it. Until it goes on it holds the lock, and says so.</summary>
    [TestCaseSource(nameof(StepsOfParent))]
    public async Task A_parent_that_is_stopped_keeps_nobody_from_finishing_but_holds_the_lock(string step)
    {
        await using var push = await HeldAtAsync(step, Fault.StopParent);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.SufferAsync(Fault.StopParent);
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(await EnsureWholeAsync(push), Is.True);
        var refused = await push.RunAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Err, Does.Contain("another push is at work on this node: root@primary since"));
        await push.ContinueAsync(Fault.StopParent);
        await push.SettledAsync();

        Assert.That(await EnsureWholeAsync(push), Is.True);
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }

    private static IEnumerable<object[]> StepsOfBoth() => Cases([["arrived"]], Steps.Select(step => new object[] { step }));

    /// <summary>A machine that is there and says nothing: the primary has a time limit of its own.</summary>
    [TestCaseSource(nameof(StepsOfBoth))]
    public async Task A_peer_that_is_there_and_says_nothing_does_not_hold_the_run_up_for_ever(string step)
    {
        await using var push = await HeldAtAsync(step, Fault.StopBoth);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.SufferAsync(Fault.StopBoth);
        // 3 STEP_TIMEOUT + TEST_TIMEOUT + 5 RELOAD_TIMEOUT + HEALTHCHECK_TIMEOUT + 15 s, then CONFIRM_TIMEOUT + RELOAD_TIMEOUT of
        // looking.
        var outcome = await push.Push.WaitAsync(Pace.Limit(61 + 10 + 30));
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("61 s").And.Contain("the activation").And.Not.Contain("is back in place"));
        await push.ContinueAsync(Fault.StopBoth);
        await push.SettledAsync(LongestTimer);

        await EnsureWholeAsync(push);
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }
}
