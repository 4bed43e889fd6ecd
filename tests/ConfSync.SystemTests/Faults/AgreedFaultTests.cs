using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>One of three nodes of a push to all or none is cut off, stopped for longer than its time-out, or its disk
/// is full or read-only for a while: once that is over and the primary has run again, all nodes hold the old
/// configuration or all hold the new, and what was reported was true.</summary>
public sealed class AgreedFaultTests : AgreedFaultFixture
{
    private const string Files = "/etc/nginx", State = "/var/lib/nginx-sync", Backups = "/srv/backup";

    // "decided" is a mark of the primary: all have agreed, and nobody was told yet. The others are the node's.
    private static readonly string[] Marks = ["activating", "verified", "decided", "confirmed"];

    // The runner's timer is the longest on a peer: that of an undo, STEP_TIMEOUT + 2 RELOAD_TIMEOUT, 20 s here.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromSeconds(60);

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
            await hurt.LeavesNothingAsync(LongestTimer);
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

        await hurt.LeavesNothingAsync(LongestTimer);
        await EnsureNoMixtureAsync(push, IsNew(outcome));
        await push.EnsureConvergesAsync();
        await EnsureNothingLostAsync(load);
    }

    private static IEnumerable<object[]> Disks() => Cases(
        [
            ["activating", $"read-only {Files}"], ["activating", $"full {Backups}"], ["verified", $"full {Backups}"],
            ["decided", $"full {Backups}"],
        ],
        from mark in Marks
        from what in new[] { $"full {Files}", $"full {State}", $"full {Backups}", $"read-only {Files}" }
        select new object[] { mark, what });

    [TestCaseSource(nameof(Disks))]
    public async Task One_whose_disk_takes_nothing_for_a_while_leaves_no_mixture(string mark, string what)
    {
        Meets(mark, $"{what}, all or none");
        var place = what.Split(' ')[1];
        var isFull = what.StartsWith("full ", StringComparison.Ordinal);
        await using var push = await AgreedPush.PreparedAsync(
            "RELOAD_TIMEOUT=5", Unhurried, place == Backups ? $"BACKUPDIR={Backups}" : "");
        var hurt = push.Peers[1];
        await hurt.ShAsync(FaultedPush.Mounting(place));
        await using var load = SteadyLoad.On(hurt, perSecond: 50);
        var holder = Holder(push, hurt, mark);
        await using var running = await push.HeldAtAsync(holder, mark);

        await hurt.ShAsync(isFull ? DiskFaultTests.Fill(place) : DiskFaultTests.Close(place));
        await AgreedPush.ReleaseAsync(holder);
        var outcome = await running.WaitAsync(LongestRun);
        if (place == Backups) await EnsureNotKeptIsSaidAsync(hurt, outcome);
        await hurt.ShAsync(isFull ? $"rm -f {place}/fill*" : ":");
        await EnsureTrueAsync(push, hurt, outcome);
        await hurt.ShAsync(isFull ? ":" : DiskFaultTests.Open(place));

        await EnsureNoMixtureAsync(push, IsNew(outcome));
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

        await EnsureNoMixtureAsync(push, IsNew(outcome));
        await push.EnsureConvergesAsync();
        await EnsureNothingLostAsync(load);
    }

    // Neither the old configuration nor the new one needs it; only the way back is missing.
    private static async Task EnsureNotKeptIsSaidAsync(Node hurt, Outcome outcome)
    {
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Contain($"{hurt.Address}: the replaced files could not be kept under {Backups}/generations: "));
        Assert.That(await hurt.ShAsync($"ls -A {Backups}/generations"), Is.EqualTo("1"), "that of the first push, and no half of another");
    }
}
