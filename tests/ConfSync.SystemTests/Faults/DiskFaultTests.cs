namespace ConfSync.SystemTests.Faults;

/// <summary>File systems of the peer that are full, read-only or closed from some step of a push on: the one that holds
/// CONFPATHS, the one of the journal, the one of BACKUPDIR; or one directory in which nothing may be renamed any more.
/// Small file systems in memory are mounted there.</summary>
public sealed class DiskFaultTests : FaultFixture
{
    private const string Files = "/etc/nginx", State = "/var/lib/nginx-sync", Backups = "/srv/backup";
    private const string OneOfThem = "/etc/nginx/conf.d", Immutable = $"immutable {OneOfThem}";

    private static IEnumerable<object[]> Full() => Cases(
        [
            ["staging", Files], ["kept", Files], ["arrived", Files], ["staging", State], ["kept", State], ["verified", State],
            ["verified", Backups],
        ],
        from step in Steps from place in new[] { Files, State, Backups } select new object[] { step, place });

    [TestCaseSource(nameof(Full))]
    public async Task A_disk_that_is_full_leaves_the_peer_whole(string step, string place)
    {
        await using var push = await HeldAtAsync(step, $"full {place}", On(place));
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        await push.OnPeerAsync(Fill(place));
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));
        await push.OnPeerAsync($"rm -f {place}/fill*");

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
            ["activating", OneOfThem], ["arrived", OneOfThem], ["kept", Immutable], ["activating", Immutable], ["arrived", Immutable],
        ],
        from step in Steps from place in new[] { Files, State, Backups, OneOfThem, Immutable } select new object[] { step, place });

    [TestCaseSource(nameof(ReadOnly))]
    public async Task A_file_system_that_is_read_only_for_a_while_is_recovered_by_the_next_push(string step, string place)
    {
        await using var push = await HeldAtAsync(step, $"read-only {place}", On(place));
        await using var load = SteadyLoad.On(push.Peer, perSecond: 50);

        var closed = await push.Peer.RunAsync("sh", "-c", Close(place));
        if (place == Immutable && closed.ExitCode != 0) Assert.Ignore($"this kernel's tmpfs has no such attribute: {closed.Err}");
        Assert.That(closed.ExitCode, Is.Zero, closed.ToString());
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));
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
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));

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

    /// <summary>The disk of the journal dies with the confirmation in it: what the journal says is what stays.</summary>
    [Test]
    public async Task A_confirmation_that_can_neither_be_synced_nor_taken_back_stands()
    {
        const string dying =
            "printf '%s\n' '#!/bin/sh' '[ ! -e /tmp/dying ] || exit 1' 'exec /usr/bin/sync \"$@\"' >/usr/local/sbin/sync; chmod 755 /usr/local/sbin/sync";
        await using var push = await HeldAtAsync(
            "confirmed", "a dying disk", new FaultSetting { Prepare = $"{FaultedPush.Mounting(State)}\n{dying}" });
        await push.OnPeerAsync($"touch /tmp/dying; {Close(State)}");
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync(Pace.Limit(60));
        await push.OnPeerAsync($"rm /tmp/dying; {Open(State)}");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("THE OLD STATE COULD NOT BE PUT BACK").And.Contain("the confirmation cannot be taken back"));
        await push.PushWhatThePeerRejectsAsync();
        Assert.That(await EnsureWholeAsync(push), Is.True, "what it holds is what the next push is told");
        await EnsureConvergesAsync(push);
    }

    /// <summary>A line of shell that leaves no byte free on a small file system; rm PLACE/fill* ends it.</summary>
    internal static string Fill(string place) =>
        $"for size in 64k 1; do dd if=/dev/zero of={place}/fill$size bs=$size 2>/dev/null; done; ! echo x >{place}/fill";

    private static FaultSetting On(string place) => place switch
    {
        Backups => new FaultSetting(BackupDirectory: Backups),
        OneOfThem => new FaultSetting(),
        Immutable => On(Files),
        _ => new FaultSetting { Prepare = FaultedPush.Mounting(place) },
    };

    /// <summary>A line of shell after which nothing can be written there; <see cref="Open"/> ends it. One directory of
    /// several: as a mount of its own, in place for the length of the fault only; or one in which even root may rename
    /// nothing.</summary>
    internal static string Close(string place) => place switch
    {
        OneOfThem => $"mount --bind {place} {place} && mount -o remount,bind,ro {place}",
        Immutable => $"chattr +i {OneOfThem}",
        _ => $"mount -o remount,ro {place}",
    };

    /// <inheritdoc cref="Close"/>
    internal static string Open(string place) => place switch
    {
        OneOfThem => $"umount -l {place}",
        Immutable => $"chattr -i {OneOfThem}",
        _ => $"mount -o remount,rw {place}",
    };

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
