using ConfSync.SystemTests.Faults;

namespace ConfSync.SystemTests.Push;

/// <summary>An administrator edits on a peer between its scan and its activation, or after a loss of power: nothing of it is
/// overwritten or removed without a word.</summary>
public sealed class EditedMeanwhileTests
{
    private const string Data = "/etc/nginx/data", Hold = "/run/nginx-sync/hold";

    private static readonly string[] Edits =
    [
        "echo edited >gone", "chmod 600 gone", "ln -sfn elsewhere link", "echo made >directory/made", "echo edited >directory/deep/file",
        "echo made >directory/deep/kept.local", "chmod 600 file", "chown www-data file", "chmod 711 attributes", "rm gone", "rm -r directory",
    ];

    [TestCase("dash")]
    [TestCase("busybox")]
    public async Task What_was_edited_since_the_scan_is_neither_overwritten_nor_removed(string sh)
    {
        await using var lab = await Lab.StartPeersAsync(1, sh == "busybox" ? PeerKind.Alpine : new PeerKind { Sh = sh });
        var peer = lab.Peers[0];
        await lab.Primary.ShAsync($"mkdir -p {Data}/attributes; echo new >{Data}/file; chmod 700 {Data}/attributes");
        lab.Pushes(Data, "EXCLUDE=*.local");
        foreach (var edit in Edits)
        {
            await peer.ShAsync($"""
                rm -rf {Data}; mkdir -p {Data}/directory/deep {Data}/attributes /run/nginx-sync; cd {Data}
                echo old >file; echo gone >gone; ln -s x link; echo deep >directory/deep/file; sleep 0.05; echo staged >{Hold}
                """);
            await using var running = await lab.Primary.StartAsync("nginx-sync");
            await Eventually.TrueAsync(() => peer.Exists($"{Hold}.reached"), "staged");
            await peer.ShAsync($"sleep 1; cd {Data} && {edit}");
            var edited = await TreeAsync(peer);
            await peer.ShAsync($"rm -f {Hold} {Hold}.reached");
            var push = await running.WaitAsync();

            Assert.That(push.ExitCode, Is.EqualTo(2), $"{edit}: {push}");
            Assert.That(push.Err, Does.Contain("changed on this node since it was scanned"), edit);
            Assert.That(await TreeAsync(peer), Is.EqualTo(edited), edit);
            await peer.LeavesNothingAsync();
        }
        await lab.Primary.PushedAsync();
    }

    [TestCase("dash")]
    [TestCase("busybox")]
    public async Task What_was_repaired_by_hand_after_a_loss_of_power_is_kept_beside_and_named(string sh)
    {
        await using var lab = await Lab.StartPeersAsync(1, sh == "busybox" ? PeerKind.Alpine : new PeerKind { Sh = sh });
        var peer = lab.Peers[0];
        await lab.Primary.ShAsync($"mkdir -p {Data}/directory; cd {Data}; echo new | tee file other fresh >directory/file");
        await peer.ShAsync($"mkdir -p {Data} /run/nginx-sync; cd {Data}; echo old | tee other >file; sleep 0.05; echo active >{Hold}");
        lab.Pushes(Data);
        await using (var running = await lab.Primary.StartAsync("nginx-sync"))
        {
            await Eventually.TrueAsync(() => peer.Exists($"{Hold}.reached"), "active");
            await peer.CrashAsync();
            running.Kill();
        }
        await peer.BootAsync();
        await peer.ShAsync($"cd {Data}; echo repaired >file; echo made good >directory/file");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        var output = push.Out + push.Err;
        Assert.That(output, Does.Contain($"{Data}/file was edited since, that is kept as {Data}/.nginx-sync.kept."));
        Assert.That(output, Does.Contain($"{Data}/directory/file was edited since"));
        Assert.That(
            await peer.ShAsync($"cd {Data}; cat file directory/file; cat .nginx-sync.kept.* | sort"), Is.EqualTo("new\nnew\nmade good\nrepaired"));
    }

    private static async Task<string> TreeAsync(Node peer) => HeldTree.Of(await peer.TreeAsync(Data)).ToString();
}
