namespace ConfSync.SystemTests.Faults;

/// <summary>
/// Whoever dies, the peer ends whole: at each step that the transaction's own journal names, each fault. Afterwards the
/// peer holds all of the old configuration or all of the new and serves just that, no request was lost that somebody was
/// there to answer, and the next push converges.
/// </summary>
public sealed class FaultTests : FaultFixture
{
    private static IEnumerable<object[]> OneDies() =>
        AtEachStep(Fault.KillPrimary, Fault.KillSsh, Fault.KillRunner, Fault.KillParent);

    [TestCaseSource(nameof(OneDies))]
    public async Task A_peer_ends_whole_and_the_next_push_converges(string step, Fault fault)
    {
        await using var push = await HeldAtAsync(step, fault);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.SufferAsync(fault);
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));
        await push.SettledAsync();

        var isNew = await EnsureWholeAsync(push);
        if (fault != Fault.KillPrimary)
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(isNew ? 0 : 2), $"the report is true\n{outcome}");
        }
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }

    private static IEnumerable<object[]> NobodyIsLeft() => AtEachStep(Fault.KillBoth, Fault.PowerLoss);

    /// <summary>When nobody is left on the peer to undo, the next contact does it.</summary>
    [TestCaseSource(nameof(NobodyIsLeft))]
    public async Task The_next_push_recovers_what_nobody_could_undo(string step, Fault fault)
    {
        await using var push = await HeldAtAsync(step, fault);

        await push.SufferAsync(fault);
        var outcome = await push.Push.WaitAsync(Pace.Limit(120));

        // The push itself came back where it could, and found out what became of it; or nothing had been active yet.
        if (outcome.ExitCode == 0) Assert.That(await EnsureWholeAsync(push), Is.True, outcome.ToString());
        // Not the next push's own work is to be seen, but its recovery.
        await push.PushWhatThePeerRejectsAsync();
        await push.SettledAsync();
        await EnsureWholeAsync(push);
        await EnsureConvergesAsync(push);
    }

    private static IEnumerable<object[]> StepsOfSilence() =>
        Cases([["staged"], ["arrived"], ["verified"]], Steps.Select(step => new object[] { step }));

    /// <summary>A link that is gone without a word: the peer counts the silence, and is whole before the link is back.</summary>
    [TestCaseSource(nameof(StepsOfSilence))]
    public async Task A_peer_that_hears_nothing_any_more_undoes_by_itself(string step)
    {
        await using var push = await HeldAtAsync(step, "silent link");

        await push.Peer.UnplugAsync();
        await push.ReleaseAsync();
        await push.SettledAsync();

        // What is confirmed already stays.
        var isNew = step is "confirmed" or "finishing";
        Assert.That(await push.TreeAsync(), Is.EqualTo(isNew ? await push.NewAsync() : push.Old));
        await push.Peer.PlugInAsync();
        var outcome = await push.Push.WaitAsync(Pace.Limit(90));
        Assert.That(outcome.ExitCode, Is.EqualTo(isNew ? 0 : 2), outcome.ToString());
        Assert.That(await EnsureWholeAsync(push), Is.EqualTo(isNew));
        await EnsureConvergesAsync(push);
    }

    /// <summary>An undo may itself be ended at any point, and is then done again.</summary>
    [Test]
    public async Task An_undo_that_is_itself_hurt_ends_with_the_old_configuration(
        [Values("undoing", "restored")] string step,
        [Values(Fault.KillPrimary, Fault.KillSsh, Fault.KillRunner, Fault.KillParent, Fault.KillBoth)] Fault fault)
    {
        await using var push = await HeldAtAsync(step, fault, new FaultSetting(HealthCheck: "false"));

        await EndsOldAsync(push, fault);
    }

    /// <summary>What is already back in its place is not taken for what was to be undone.</summary>
    [Test]
    public async Task An_undo_that_is_ended_while_it_tidies_up_loses_nothing()
    {
        await using var push = await HeldAtAsync("restored", "tidying up", new FaultSetting(HealthCheck: "false"));

        await push.RemoveStagedFilesAsync();
        await EndsOldAsync(push, Fault.KillRunner);
    }

    private async Task EndsOldAsync(FaultedPush push, Fault fault)
    {
        await push.SufferAsync(fault);
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));
        // With both gone, the primary comes back and finishes the undo; without the primary, they do it.
        await push.SettledAsync();

        Assert.That(await EnsureWholeAsync(push), Is.False, "it ends with the old configuration");
        if (fault != Fault.KillPrimary) Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        push.Heal();
        await EnsureConvergesAsync(push);
    }

    private static IEnumerable<object[]> AtEachStep(params Fault[] faults)
    {
        var all = (from step in Steps from fault in faults select new object[] { step, fault }).ToList();
        return Cases(all, all);
    }
}
