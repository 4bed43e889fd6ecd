using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>Whatever the peer is like, the same faults end in the same way.</summary>
public sealed class KindsOfPeersFaultTests : FaultFixture
{
    private static readonly Dictionary<string, FaultSetting> Settings = new()
    {
        ["no unshare"] = new FaultSetting(PeerKind.Debian with { Unshare = false }),
        ["busybox"] = new FaultSetting(PeerKind.Alpine),
        ["sudo"] = new FaultSetting(Login: "deploy"),
        ["backups elsewhere"] = new FaultSetting(BackupDirectory: "/srv/backup"),
    };

    private static readonly Fault[] Faults = [Fault.KillRunner, Fault.KillParent, Fault.PowerLoss];

    private static readonly string[] SomeSteps = ["activating", "arrived", "signalled", "verified", "confirmed"];

    // Each kind meets each fault and each step, but not all pairs of them.
    private static IEnumerable<object[]> KindsAndFaults() => Cases(
        from kind in Settings.Keys.Index()
        from number in Enumerable.Range(0, 3)
        select new object[] { kind.Item, SomeSteps[(kind.Index + 2 * number) % SomeSteps.Length], Faults[number] },
        from kind in Settings.Keys from step in SomeSteps from fault in Faults select new object[] { kind, step, fault });

    [TestCaseSource(nameof(KindsAndFaults))]
    public Task A_peer_of_any_kind_ends_whole(string kind, string step, Fault fault) =>
        EndsWholeAsync(step, fault, kind, Settings[kind]);

    private static IEnumerable<object[]> RollbacksAndFaults() => Cases(
        [["sudo", "arrived", Fault.KillRunner], ["busybox", "arrived", Fault.PowerLoss]],
        from kind in Settings.Keys from step in SomeSteps from fault in Faults select new object[] { kind, step, fault });

    /// <summary>A roll-back goes the way of a push.</summary>
    [TestCaseSource(nameof(RollbacksAndFaults))]
    public Task A_peer_of_any_kind_ends_whole_where_a_roll_back_is_hurt(string kind, string step, Fault fault) =>
        EndsWholeAsync(step, fault, $"roll-back, {kind}", Settings[kind] with { IsRollback = true });

    [Test]
    public async Task A_roll_back_that_is_not_healthy_is_undone([Values("sudo", "busybox")] string kind)
    {
        var setting = Settings[kind] with { IsRollback = true, HealthCheck = "echo no pulse; false" };
        await using var push = await HeldAtAsync("active", $"not healthy, roll-back, {kind}", setting);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain($"{push.Peer.Address}: the health check failed; the old configuration is back in place there")
            .And.Contain("no pulse"));
        Assert.That(await EnsureWholeAsync(push), Is.False);
        Assert.That(await push.Peer.ShAsync($"ls -A {Generations.Kept}"), Is.EqualTo("1\n2\n3"), "it is no generation");
        push.Heal();
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }

    private async Task EndsWholeAsync(string step, Fault fault, string kind, FaultSetting setting)
    {
        await using var push = await HeldAtAsync(step, $"{fault}, {kind}", setting);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.SufferAsync(fault);
        var outcome = await push.Push.WaitAsync(Pace.Limit(120));
        // Whatever came of it by itself: not the next push's own work is to be seen, but its recovery.
        if (fault == Fault.PowerLoss) await push.PushWhatThePeerRejectsAsync();
        await push.SettledAsync();

        var isNew = await EnsureWholeAsync(push);
        if (fault != Fault.PowerLoss || outcome.ExitCode == 0)
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(isNew ? 0 : 2), $"the report is true\n{outcome}");
        }
        // A runner without a parent may go on; whoever else is gone, what was not confirmed is undone.
        if (fault != Fault.KillParent) Assert.That(isNew, Is.EqualTo(step == "confirmed"), outcome.ToString());
        await EnsureConvergesAsync(push);
        if (fault != Fault.PowerLoss) await EnsureNothingLostAsync(load);
    }
}
