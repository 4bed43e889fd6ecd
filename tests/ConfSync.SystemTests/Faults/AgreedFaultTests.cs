using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>One of three nodes of a push to all or none is cut off, stopped for longer than its time-out, or its disk
/// is full or read-only for a while: once that is over and the primary has run again, all nodes hold the old
/// configuration or all hold the new, and what was reported was true.</summary>
public sealed class AgreedFaultTests : FaultFixture
{
    private const string Files = "/etc/nginx", State = "/var/lib/nginx-sync";

    private const string AllAgreed = "ALL HAD AGREED, AND NOT ALL HOLD IT";

    // "decided" is a mark of the primary: all have agreed, and nobody was told yet. The others are the node's.
    private static readonly string[] Marks = ["activating", "verified", "decided", "confirmed"];

    // The runner's timer is the longest on a peer: 4 RELOAD_TIMEOUT + 2 HEALTHCHECK_TIMEOUT + CONFIRM_TIMEOUT, 27 s
    // here. The primary's is 52 s, and it may meet it twice: with its first session, and with the one in which it looks
    // again.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromSeconds(60), LongestRun = TimeSpan.FromSeconds(240);

    private static IEnumerable<object[]> Silent() => Cases(
        [["verified", Fault.LinkDown]],
        from mark in Marks
        from fault in new[] { Fault.LinkDown, Fault.StopSsh, Fault.StopRunner, Fault.StopParent, Fault.StopBoth }
        select new object[] { mark, fault });

    [TestCaseSource(nameof(Silent))]
    public async Task One_that_is_silent_for_a_while_leaves_no_mixture(string mark, Fault fault)
    {
        Meets(mark, $"{fault}, all or none");
        await using var push = await AgreedPush.PreparedAsync("RELOAD_TIMEOUT=5");
        var hurt = push.Peers[1];
        await using var load = SteadyLoad.On(fault == Fault.LinkDown ? push.Peers[0] : hurt, perSecond: 50);
        var holder = Holder(push, hurt, mark);
        await using var running = await push.HeldAtAsync(holder, mark);

        await fault.StrikeAsync(push.Primary, running, hurt);
        await AgreedPush.ReleaseAsync(holder);
        // Ended, undone or finished. A parent that is stopped stays until it goes on.
        var hasUndone = false;
        if (fault is not (Fault.StopParent or Fault.StopBoth))
        {
            await LeavesNothingAsync(hurt);
            hasUndone = (await hurt.TreeAsync("/etc/nginx")).SequenceEqual(push.Old);
        }
        if (fault == Fault.StopSsh) await fault.PassAsync(push.Primary, running, hurt);
        var outcome = await running.WaitAsync(LongestRun);
        await EnsureTrueAsync(push, hurt, outcome);
        if (hasUndone && outcome.ExitCode == 0)
        {
            Assert.That(outcome.Out, Does.Contain("the node had undone the push and was given it again"));
        }
        await fault.PassAsync(push.Primary, running, hurt);

        await LeavesNothingAsync(hurt);
        await EnsureNoMixtureAsync(push, outcome);
        await push.EnsureConvergesAsync();
        await EnsureNothingLostAsync(load);
    }

    private static IEnumerable<object[]> Disks() => Cases(
        [["activating", $"read-only {Files}"]],
        from mark in Marks
        from what in new[] { $"full {Files}", $"full {State}", $"read-only {Files}" }
        select new object[] { mark, what });

    [TestCaseSource(nameof(Disks))]
    public async Task One_whose_disk_takes_nothing_for_a_while_leaves_no_mixture(string mark, string what)
    {
        Meets(mark, $"{what}, all or none");
        var place = what.Split(' ')[1];
        var isFull = what.StartsWith("full ", StringComparison.Ordinal);
        await using var push = await AgreedPush.PreparedAsync("RELOAD_TIMEOUT=5");
        var hurt = push.Peers[1];
        await hurt.ShAsync(FaultedPush.Mounting(place));
        await using var load = SteadyLoad.On(hurt, perSecond: 50);
        var holder = Holder(push, hurt, mark);
        await using var running = await push.HeldAtAsync(holder, mark);

        await hurt.ShAsync(isFull ? DiskFaultTests.Fill(place) : DiskFaultTests.Close(place));
        await AgreedPush.ReleaseAsync(holder);
        var outcome = await running.WaitAsync(LongestRun);
        await hurt.ShAsync(isFull ? $"rm -f {place}/fill*" : ":");
        await EnsureTrueAsync(push, hurt, outcome);
        await hurt.ShAsync(isFull ? ":" : DiskFaultTests.Open(place));

        await EnsureNoMixtureAsync(push, outcome);
        await push.EnsureConvergesAsync();
        await EnsureNothingLostAsync(load);
    }

    /// <summary>One that had agreed cannot take it back when another is lost: said, and done by the next run.</summary>
    [Test]
    public async Task One_that_cannot_undo_what_another_rejects_is_recovered_by_the_next_run()
    {
        Meets("verified", $"read-only {Files} and KillSsh of another, all or none");
        await using var push = await AgreedPush.PreparedAsync("RELOAD_TIMEOUT=5");
        // The first one has its turn alone, so it is verified when the last one is.
        var (hurt, lost) = (push.Peers[0], push.Peers[2]);
        await hurt.ShAsync(FaultedPush.Mounting(Files));
        await using var load = SteadyLoad.On(push.Peers[1], perSecond: 50);
        await using var running = await push.HeldAtAsync(lost, "verified");

        await hurt.ShAsync(DiskFaultTests.Close(Files));
        await Fault.KillSsh.StrikeAsync(push.Primary, running, lost);
        await AgreedPush.ReleaseAsync(lost);
        var outcome = await running.WaitAsync(LongestRun);
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("THE OLD STATE COULD NOT BE PUT BACK"));
        await EnsureTrueAsync(push, hurt, outcome);
        await hurt.ShAsync(DiskFaultTests.Open(Files));

        await EnsureNoMixtureAsync(push, outcome);
        await push.EnsureConvergesAsync();
        await EnsureNothingLostAsync(load);
    }

    private static Node Holder(AgreedPush push, Node hurt, string mark) => mark == "decided" ? push.Primary : hurt;

    private static Task LeavesNothingAsync(Node node) => Eventually.TrueAsync(
        async () => (await node.LeftoversAsync()).Length == 0, $"nothing is left on {node.Name}", LongestTimer);

    // While the fault lasts: what is said of the others is there to be seen, and of this one if it could be seen.
    private static async Task EnsureTrueAsync(AgreedPush push, Node hurt, Outcome outcome)
    {
        var isNew = IsNew(outcome);
        Assert.That(outcome.ExitCode, Is.Zero.Or.EqualTo(2), outcome.ToString());
        Assert.That(push.IsRecorded, Is.EqualTo(isNew && outcome.ExitCode == 2), $"until all hold it\n{outcome}");
        foreach (var other in push.Peers.Where(peer => peer != hurt)) await push.EnsureAsync(other, isNew);
        var tree = await hurt.TreeAsync("/etc/nginx");
        var held = tree.Where(line => !line.Contains("/.nginx-sync.", StringComparison.Ordinal)).ToList();
        var said = outcome.Err.Split('\n').Where(line => line.Contains($"{hurt.Address}: ", StringComparison.Ordinal)).ToList();
        bool Says(string words) => said.Any(line => line.Contains(words, StringComparison.Ordinal));
        if (outcome.ExitCode == 0) Assert.That(held, Is.EqualTo(push.New), outcome.ToString());
        if (Says("is back in place") || Says("nothing was changed"))
        {
            Assert.That(held, Is.EqualTo(push.Old), outcome.ToString());
        }
        if (Says("COULD NOT BE PUT BACK")) Assert.That(held, Is.Not.EqualTo(push.Old), outcome.ToString());
    }

    // The next runs bring nothing else: a settling, and a push that the test rejects, which begins with a recovery.
    private async Task EnsureNoMixtureAsync(AgreedPush push, Outcome outcome)
    {
        var settled = await push.SettleAsync();
        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        push.Primary.Write("/etc/only-here.conf", "");
        push.Primary.Write("/etc/nginx/conf.d/rejected.conf", "include /etc/only-here.conf;\n");
        var rejected = await push.RunAsync();
        Assert.That(rejected.ExitCode, Is.EqualTo(2), rejected.ToString());
        push.Primary.Delete("/etc/nginx/conf.d/rejected.conf");

        await push.EnsureAllAsync(IsNew(outcome));
        Assert.That(push.IsRecorded, Is.False);
        Ended(IsNew(outcome));
    }

    private static bool IsNew(Outcome outcome) =>
        outcome.ExitCode == 0 || outcome.Err.Contains(AllAgreed, StringComparison.Ordinal);
}
