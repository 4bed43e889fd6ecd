using System.Diagnostics;
using System.Globalization;

namespace ConfSync.SystemTests.Faults;

/// <summary>Time and amount are bounded for everything, silence or not; the message names the limit and what raises it.</summary>
public sealed class LimitTests
{
    // Real sessions, whose answer goes on in another way after a line of it.
    private static string After(string line, string goesOn) =>
        $"sh -c \\\"$SSH_ORIGINAL_COMMAND\\\" | sed -u '/^{line}/q'; {goesOn}";

    private const string Dribble = "while :; do printf x || exit; sleep 0.5; done";

    /// <summary>Before and after the staging a node dribbles; one floods when it is active; the others do not wait for
    /// ever, and those keep their time.</summary>
    [Test]
    public async Task Nodes_that_dribble_or_flood_end_at_their_limit_and_the_others_go_on()
    {
        await using var lab = await Lab.StartPeersAsync(4);
        lab.Configure("STEP_TIMEOUT=5", "CONFIRM_TIMEOUT=5", "RELOAD_TIMEOUT=3");
        lab.WriteSite("old");
        _ = (await lab.NginxSyncAsync("--serial", "all")).OutIfSuccessful;
        lab.WriteSite("new");
        lab.Peers[0].ForceCommand(After("nginx ", Dribble));
        lab.Peers[1].ForceCommand(After("staged", Dribble));
        lab.Peers[2].ForceCommand(After("step reload", "exec yes step reload"));
        var clock = Stopwatch.StartNew();

        var push = await lab.NginxSyncAsync("--serial", "all");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(45)));
        Assert.That(push.Err, Does.Match(
            $@"{lab.Peers[0].Address}: looking at its files failed; nothing was changed there \(NS-4102\):\n +a first look at it took longer than 20 s \(STEP_TIMEOUT\), although the node went on sending"));
        Assert.That(push.Err, Does.Match(
            $@"{lab.Peers[1].Address}: staging the new files failed; nothing was changed there \(NS-4102\):\n +the scan took longer than 20 s \(STEP_TIMEOUT\), although"));
        Assert.That(push.Err, Does.Match(
            $@"{lab.Peers[2].Address}: reloading nginx failed; the old configuration is back in place there \(NS-9002\):\n +.*more than 4 MiB came for the activation"));
        foreach (var peer in lab.Peers.Take(3)) await peer.IsCleanAsync();
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.SiteAsync())), Is.EqualTo((string[])["old", "old", "old", "new"]));
        Assert.That(lab.Peers[3].Generations(), Is.GreaterThan(1));
    }

    /// <summary>Twenty kilobytes a second, for twice as long as the peer bears silence.</summary>
    [Test]
    public async Task A_slow_line_is_no_silence()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Configure("CONFIRM_TIMEOUT=5", "CONNECT_TIMEOUT=20");
        lab.Primary.Write("/usr/local/bin/slow", """
            #!/bin/bash
            exec 3<>"/dev/tcp/$1/$2"
            cat <&3 &
            while [[ $(dd bs=20000 count=1 2>&1 >&3) != 0+0* ]]; do sleep 1; done
            """);
        lab.Primary.Files.SetMode("/usr/local/bin/slow", (UnixFileMode)0b111_101_101);
        lab.Primary.Write("/root/.ssh/config",
            $"Host {lab.Nodes}\n  ProxyCommand /usr/local/bin/slow %h %p\n{lab.Primary.ReadText("/root/.ssh/config")}");
        lab.WriteSite("new");
        var content = new byte[250_000];
        new Random(1).NextBytes(content);
        lab.Primary.Write("/etc/nginx/conf.d/large", content);

        var push = await lab.NginxSyncAsync("--serial", "all");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        foreach (var peer in lab.Peers) Assert.That(peer.ReadBytes("/etc/nginx/conf.d/large"), Is.EqualTo(content));
    }

    /// <summary>A disk takes longer than the peer bears silence, which is another matter; and longer than a step may take.</summary>
    [Test]
    public async Task A_slow_disk_has_the_time_of_a_step_and_is_named_when_that_is_over()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        peer.Write("/usr/local/bin/sync", "#!/bin/sh\n[ -e /tmp/quick ] || sleep 8\nexec /bin/sync \"$@\"\n");
        peer.Files.SetMode("/usr/local/bin/sync", (UnixFileMode)0b111_101_101);
        lab.WriteSite("new");
        lab.Configure("CONFIRM_TIMEOUT=5", "STEP_TIMEOUT=5");

        var tooSlow = await lab.NginxSyncAsync();
        lab.Configure("CONFIRM_TIMEOUT=5", "STEP_TIMEOUT=20");
        await using var running = await lab.StartNginxSyncAsync();
        await peer.IsAtAsync("staged");
        peer.Write("/tmp/quick", "");
        var slow = await running.WaitAsync();

        Assert.That(tooSlow.ExitCode, Is.EqualTo(2), tooSlow.ToString());
        Assert.That(tooSlow.Err, Does.Match(
            "staging the new files failed; nothing was changed there \\(NS-4102\\):\n +the limit of 5 s for the sync of what was staged \\(STEP_TIMEOUT\\) was over\n"));
        Assert.That(tooSlow.Err, Does.Contain("raise the limit"));
        Assert.That(slow.ExitCode, Is.Zero, slow.ToString());
        Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
    }

    /// <summary>nginx opens what an include names, and a fifo that nobody writes is never open.</summary>
    [Test]
    public async Task An_nginx_t_that_hangs_is_ended_and_named()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Configure("TEST_TIMEOUT=3");
        lab.WriteSite("new");
        foreach (var peer in lab.Peers) await FifoAsync(peer, "default.conf");

        var onPeers = await lab.NginxSyncAsync("--serial", "all");
        await FifoAsync(lab.Primary, "default.conf");
        var here = await lab.NginxSyncAsync();
        lab.Primary.Delete("/etc/nginx/conf.d/default.conf");
        await FifoAsync(lab.Primary, "other.conf");
        lab.Configure();
        var clock = Stopwatch.StartNew();
        var refused = await lab.NginxSyncAsync();

        Assert.That(onPeers.ExitCode, Is.EqualTo(2), onPeers.ToString());
        foreach (var peer in lab.Peers)
        {
            Assert.That(onPeers.Err, Does.Match(
                $"{peer.Address}: testing the new configuration failed; nothing was changed there \\(NS-3008\\):\n +nginx -t did not end within 3 s \\(TEST_TIMEOUT\\)"));
            await peer.IsCleanAsync();
            Assert.That((await peer.RunAsync("sh", "-c", "grep -lzs '^-t$' /proc/[0-9]*/cmdline")).Out, Is.Empty);
        }
        Assert.That(here.ExitCode, Is.EqualTo(1), here.ToString());
        Assert.That(here.Err, Does.Contain("nginx -t did not end within 3 s (TEST_TIMEOUT)"));
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Err, Does.Contain("/etc/nginx/conf.d/other.conf is a socket, device or fifo and cannot be pushed"));
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(20)), "it is known without the test, which would hang for 60 s");
    }

    /// <summary>A file that is a fifo by the time at which it is read.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_scan_that_hangs_is_ended_and_named(bool compares)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Configure("STEP_TIMEOUT=5");
        lab.WriteSite("new");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("newer");
        peer.Write("/usr/local/bin/sha256sum",
            $"#!/bin/sh\nrm -f {NginxSync.Site}\nmkfifo {NginxSync.Site}\nexec /usr/bin/sha256sum \"$@\"\n");
        peer.Files.SetMode("/usr/local/bin/sha256sum", (UnixFileMode)0b111_101_101);
        var clock = Stopwatch.StartNew();

        var outcome = await lab.NginxSyncAsync(compares ? ["-C"] : []);

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain(compares
            ? "the scan did not end within 5 s (STEP_TIMEOUT)" : "the limit of 5 s for the request scan (STEP_TIMEOUT) was over"));
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(20)));
        await Eventually.TrueAsync(
            async () => (await peer.RunAsync("pgrep", "-x", "sha256sum")).Out.Length == 0, "nobody waits for the fifo any more");
    }

    private static async Task FifoAsync(Node node, string name)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/etc/nginx/conf.d/{name}");
        node.Delete(path);
        _ = (await node.RunAsync("mkfifo", path)).OutIfSuccessful;
    }
}
