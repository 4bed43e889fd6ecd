using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>All or none among nodes of which none is as another: whichever of them is hurt or not healthy, all hold the old
/// configuration or all hold the new, and what was reported was true.</summary>
public sealed class AgreedKindsFaultTests : AgreedFaultFixture
{
    private const string Backups = "/srv/backup";

    private const string NoUnshare = "no unshare", Busybox = "busybox, sudo", Elsewhere = "backups elsewhere, sudo";

    private static readonly Dictionary<string, PeerKind> Kinds = new()
    {
        [NoUnshare] = PeerKind.Debian with { Unshare = false },
        [Busybox] = PeerKind.Alpine,
        [Elsewhere] = PeerKind.Debian,
    };

    private static readonly string[] Marks = ["verified", "decided"];

    private static readonly Fault[] Faults =
        [Fault.KillRunner, Fault.KillParent, Fault.KillBoth, Fault.KillSsh, Fault.KillPrimary, Fault.PowerLoss];

    [Test]
    public async Task Any_kind_that_is_not_healthy_takes_all_back_and_then_all_take_it()
    {
        Meets("verified", "each not healthy in turn, any kind, all or none");
        await using var push = await PreparedAsync(last: Elsewhere);
        await using var load = SteadyLoad.On(push.Peers[1], perSecond: 50);

        foreach (var sick in push.Peers) await push.EnsureOneSickUndoesAllAsync(sick);
        var healthy = await push.RunAsync();

        Assert.That(healthy.ExitCode, Is.Zero, healthy.ToString());
        await push.EnsureAllAsync(isNew: true);
        Assert.That(push.IsRecorded, Is.False);
        Ended(isNew: true);
        await EnsureNothingLostAsync(load);
        // They are of these kinds.
        Assert.That(healthy.Out, Does.Contain($"{push.Peers[0].Address} was tested in place, since it allows no private view"));
        Assert.That(push.Peers[0].ReadText("/var/log/sshd.log"), Does.Contain("Accepted publickey for root"));
        Assert.That(push.Peers[1].ReadText("/var/log/sshd.log"), Does.Not.Contain("Accepted publickey for root"));
        Assert.That(await push.Peers[2].ShAsync($"stat -f -c %T {Backups}; ls {Backups}/generations"), Is.EqualTo("tmpfs\n1\n2"));
    }

    // Each kind meets both marks, and most faults are met.
    private static IEnumerable<object[]> KindsAndFaults() => Cases(
        [
            [NoUnshare, "verified", Fault.PowerLoss], [Busybox, "verified", Fault.KillParent], [Elsewhere, "verified", Fault.KillSsh],
            [NoUnshare, "decided", Fault.KillRunner], [Busybox, "decided", Fault.PowerLoss], [Elsewhere, "decided", Fault.KillPrimary],
        ],
        from kind in Kinds.Keys
        from mark in Marks
        from fault in Faults
        select new object[] { kind, mark, fault });

    [TestCaseSource(nameof(KindsAndFaults))]
    public async Task One_of_any_kind_that_is_hurt_leaves_no_mixture(string kind, string mark, Fault fault)
    {
        Meets(mark, $"{fault}, {kind}, all or none");
        await using var push = await PreparedAsync(last: kind);
        // By the time of its turn, the first one is active.
        var hurt = push.Peers[2];
        // Nobody answers where there is no power.
        await using var load = SteadyLoad.On(fault == Fault.PowerLoss ? push.Peers[0] : hurt, perSecond: 50);
        var holder = Holder(push, hurt, mark);
        await using var running = await push.HeldAtAsync(holder, mark);

        await fault.StrikeAsync(push.Primary, running, hurt);
        if (fault == Fault.PowerLoss && kind == Elsewhere) await hurt.ShAsync(FaultedPush.Mounting(Backups));
        await AgreedPush.ReleaseAsync(holder);
        var outcome = await running.WaitAsync(LongestRun);

        var isDecided = mark == "decided";
        if (fault == Fault.KillPrimary)
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(128 + Running.SigKill), outcome.ToString());
            // By themselves; and there is nobody yet who knows what was decided.
            await push.EnsureAllAsync(isNew: false);
            Assert.That(push.IsRecorded, Is.EqualTo(isDecided));
        }
        else
        {
            // A runner without a parent may be quicker with its answer than sshd with the end of the session.
            if (fault == Fault.KillParent && outcome.ExitCode == 0) isDecided = true;
            Assert.That(outcome.ExitCode, Is.EqualTo(isDecided ? 0 : 2), outcome.ToString());
            if (isDecided && fault != Fault.KillParent)
            {
                Assert.That(outcome.Out, Does.Contain(
                    $"{hurt.Address}: the session was lost after all had agreed, and the node had undone the push and was given it again"));
            }
            await EnsureTrueAsync(push, hurt, outcome);
            // The same run saw to it.
            await push.EnsureAsync(hurt, isDecided);
        }
        await EnsureNoMixtureAsync(push, isDecided);
        await push.EnsureConvergesAsync();
        await EnsureNothingLostAsync(load);
    }

    // The run is deploy's, who works through sudo on the primary and on all nodes; one of them lets him in as root.
    private static async Task<AgreedPush> PreparedAsync(string last)
    {
        string[] order = [.. Kinds.Keys.Where(kind => kind != last), last];
        var push = await AgreedPush.PreparedAsync(
            "deploy", [.. order.Select(kind => Kinds[kind])], "RELOAD_TIMEOUT=5", Unhurried, $"BACKUPDIR={Backups}");
        var asRoot = push.Peers[Array.IndexOf(order, NoUnshare)].Address;
        await push.Primary.ShAsync($"printf 'Host {asRoot}\n  User root\n' >>/home/deploy/.ssh/config");
        await push.Peers[Array.IndexOf(order, Elsewhere)].ShAsync(FaultedPush.Mounting(Backups));
        return push;
    }
}
