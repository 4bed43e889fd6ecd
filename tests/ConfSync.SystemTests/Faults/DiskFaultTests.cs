namespace ConfSync.SystemTests.Faults;

/// <summary>File systems of the peer that are full, read-only or closed from some step of a push on: the one that holds
/// CONFPATHS, the one of the journal, the one of BACKUPDIR. Small ones of memory are mounted there.</summary>
public sealed class DiskFaultTests : FaultFixture
{
    private const string Files = "/etc/nginx", State = "/var/lib/nginx-sync", Backups = "/srv/backup";
    private const string OneOfThem = "/etc/nginx/conf.d";

    private static IEnumerable<object[]> Full() => Cases(
        [
            ["staging", Files], ["kept", Files], ["arrived", Files], ["verified", Files],
            ["staging", State], ["kept", State], ["arrived", State], ["verified", State], ["verified", Backups],
        ],
        from step in Steps from place in new[] { Files, State, Backups } select new object[] { step, place });

    [TestCaseSource(nameof(Full))]
    public async Task A_disk_that_is_full_leaves_the_peer_whole(string step, string place)
    {
        await using var push = await HeldAtAsync(step, $"full {place}", On(place));
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.OnPeerAsync($"dd if=/dev/zero of={place}/fill bs=64k 2>/dev/null; dd if=/dev/zero of={place}/fill2 bs=1 2>/dev/null; :");
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(TimeSpan.FromSeconds(60));
        await push.OnPeerAsync($"rm -f {place}/fill {place}/fill2");

        // An undo needs no space, and what it leaves needs no other push.
        Assert.That(await EnsureWholeAsync(push), Is.EqualTo(outcome.ExitCode == 0), $"the report is true\n{outcome}");
        Assert.That(outcome.Err, Does.Not.Contain("COULD NOT BE PUT BACK"));
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }

    private static IEnumerable<object[]> ReadOnly() => Cases(
        [
            ["staged", Files], ["kept", Files], ["arrived", Files], ["active", Files], ["verified", Files], ["confirmed", Files],
            ["kept", State], ["arrived", State], ["verified", State], ["confirmed", State], ["confirmed", Backups],
            ["activating", OneOfThem], ["arrived", OneOfThem],
        ],
        from step in Steps from place in new[] { Files, State, Backups, OneOfThem } select new object[] { step, place });

    [TestCaseSource(nameof(ReadOnly))]
    public async Task A_file_system_that_is_read_only_for_a_while_is_recovered_by_the_next_push(string step, string place)
    {
        await using var push = await HeldAtAsync(step, $"read-only {place}", On(place));
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.OnPeerAsync(Close(place));
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(TimeSpan.FromSeconds(60));
        await EnsureTrueAsync(push, outcome);
        await push.OnPeerAsync(Open(place));

        await push.PushWhatThePeerRejectsAsync();
        await EnsureWholeAsync(push);
        await EnsureConvergesAsync(push);
        await EnsureNothingLostAsync(load);
    }

    /// <summary>The loudest line of a run: the commands that it ends with really finish the undo.</summary>
    [Test]
    public async Task An_undo_that_could_not_be_done_is_finished_by_the_command_that_the_report_names(
        [Values("debian", "alpine")] string kind)
    {
        var setting = On(Files) with { Kind = kind == "alpine" ? PeerKind.Alpine : PeerKind.Debian };
        await using var push = await HeldAtAsync("arrived", $"by hand, {kind}", setting);
        await push.OnPeerAsync(Close(Files));
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("THE OLD STATE COULD NOT BE PUT BACK").And.Contain("NEEDS YOU"));
        Assert.That(outcome.Err, Does.Contain("Read-only file system"), "what hindered it");
        var command = outcome.Err.Split('\n').Single(line => line.StartsWith("    sh ", StringComparison.Ordinal)).Trim();

        var tooEarly = await push.Peer.RunAsync("sh", "-c", command);
        Assert.That(tooEarly.ExitCode, Is.Not.Zero, tooEarly.ToString());
        Assert.That(tooEarly.Out + tooEarly.Err, Does.Contain("Read-only file system"));
        await push.OnPeerAsync(Open(Files));
        var byHand = await push.Peer.RunAsync("sh", "-c", command);

        Assert.That(byHand.ExitCode, Is.Zero, byHand.ToString());
        Assert.That(await EnsureWholeAsync(push), Is.False);
        Assert.That((await push.Peer.RunAsync("sh", "-c", command)).ExitCode, Is.Zero, "once more does no harm");
        Assert.That(await EnsureWholeAsync(push), Is.False);
        await EnsureConvergesAsync(push);
    }

    private static FaultSetting On(string place) => place switch
    {
        Backups => new FaultSetting(BackupDirectory: Backups),
        OneOfThem => new FaultSetting(),
        _ => new FaultSetting { Prepare = FaultedPush.Mounting(place) },
    };

    // One directory of several: as a mount of its own, in place for the length of the fault only.
    private static string Close(string place) => place == OneOfThem
        ? $"mount --bind {place} {place} && mount -o remount,bind,ro {place}"
        : $"mount -o remount,ro {place}";

    private static string Open(string place) => place == OneOfThem ? $"umount -l {place}" : $"mount -o remount,rw {place}";

    // While the fault lasts: what the report says is what is there, whatever could not be tidied up.
    private static async Task EnsureTrueAsync(FaultedPush push, Outcome outcome)
    {
        var tree = (await push.TreeAsync()).Where(line => !line.Contains("/.nginx-sync.", StringComparison.Ordinal)).ToList();
        var isOld = tree.SequenceEqual(push.Old);
        if (outcome.ExitCode == 0)
        {
            Assert.That(tree, Is.EqualTo(await push.NewAsync()), outcome.ToString());
        }
        else if (outcome.Err.Contains("THE OLD STATE COULD NOT BE PUT BACK", StringComparison.Ordinal))
        {
            Assert.That(isOld, Is.False, $"no false alarm\n{outcome}");
        }
        else
        {
            Assert.That(outcome.Err, Does.Contain("the old configuration is back in place there").Or.Contain("nothing was changed there"));
            Assert.That(tree, Is.EqualTo(push.Old), outcome.ToString());
        }
    }
}
