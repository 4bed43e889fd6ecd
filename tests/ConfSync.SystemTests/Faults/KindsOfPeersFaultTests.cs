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
    public async Task A_peer_of_any_kind_ends_whole(string kind, string step, Fault fault)
    {
        await using var push = await HeldAtAsync(step, $"{fault}, {kind}", Settings[kind]);
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.SufferAsync(fault);
        var outcome = await push.Push.WaitAsync(TimeSpan.FromSeconds(120));
        // Whatever came of it by itself: not the next push's own work is to be seen, but its recovery.
        if (fault == Fault.PowerLoss) await push.PushWhatThePeerRejectsAsync();
        await push.SettledAsync();

        var isNew = await EnsureWholeAsync(push);
        if (fault != Fault.PowerLoss) Assert.That(outcome.ExitCode, Is.EqualTo(isNew ? 0 : 2), $"the report is true\n{outcome}");
        await EnsureConvergesAsync(push);
        if (fault != Fault.PowerLoss) await EnsureNothingLostAsync(load);
    }
}
