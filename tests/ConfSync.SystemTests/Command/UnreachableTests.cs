using System.Diagnostics;

namespace ConfSync.SystemTests;

/// <summary>Nodes that cannot be reached, or where something else answers: an error for them, within CONNECT_TIMEOUT, while
/// the others go on.</summary>
public sealed class UnreachableTests
{
    private const int Timeout = 4;

    [Test]
    public async Task An_unplugged_node_costs_the_timeout_and_holds_up_nobody()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure($"CONNECT_TIMEOUT={Timeout}");
        lab.WriteSite("new");
        await lab.Peers[0].UnplugAsync();
        var clock = Stopwatch.StartNew();
        await using var running = await lab.StartNginxSyncAsync();
        foreach (var peer in lab.Peers.Skip(1))
        {
            await Eventually.TrueAsync(() => peer.Exists(NginxSync.Site) && peer.Generations() > 0 && !peer.Exists(NginxSync.Journal), "confirmed");
        }
        var outcome = await running.WaitAsync();
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(Timeout + 6)));
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(outcome.Err, Does.Contain($"{lab.Peers[0].Address}: connecting failed; nothing was changed there"));
        Assert.That(outcome.Err, Does.Contain("timed out").Or.Contain("No route to host"));
        foreach (var peer in lab.Peers.Skip(1)) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.EqualTo(2));
        Assert.That((await lab.NginxSyncAsync("-c", "peer2")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Nodes_that_are_silent_hold_no_threads()
    {
        await using var lab = await Lab.StartPeersAsync(4);
        foreach (var peer in lab.Peers.Take(3)) peer.ForceCommand("exec sleep 1000");
        lab.Configure("CONNECT_TIMEOUT=60");
        lab.WriteSite("new");
        await using var running = await lab.Primary.StartAsync(new Invocation("nginx-sync")
        {
            Environment = new Dictionary<string, string>
            {
                ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "2",
                ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "2",
            },
        });
        var last = lab.Peers[3];
        await Eventually.TrueAsync(() => last.Generations() > 0 && !last.Exists(NginxSync.Journal), "the other is confirmed");
        Assert.That(await last.SiteAsync(), Is.EqualTo("new"));
        running.SignalGroup(Running.SigInt);
        Assert.That((await running.WaitAsync(Pace.Limit(5))).ExitCode, Is.EqualTo(130));
    }

    [Test]
    public async Task Refused_unknown_and_untrusted_nodes_are_named_with_sshs_words()
    {
        await using var lab = await Lab.StartPeersAsync(4);
        lab.WriteSite("new");
        var (wrongHostKey, keyRejected) = (lab.Peers[1], lab.Peers[2]);
        const string HostKey = "/etc/ssh/ssh_host_ed25519_key";
        wrongHostKey.Write(HostKey, keyRejected.ReadText(HostKey));
        await wrongHostKey.ConfigureSshdAsync("");
        keyRejected.Write("/root/.ssh/authorized_keys", "");
        lab.ConfigureNodes($"{lab.Peers[0].Address}:23 no-such-host.invalid {wrongHostKey.Address} {keyRejected.Address} {lab.Peers[3].Address}");
        var clock = Stopwatch.StartNew();
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        foreach (var words in new[]
        {
            $"{lab.Peers[0].Address}:23: connecting failed", "Connection refused", "no-such-host.invalid: connecting failed",
            "Could not resolve hostname", "Host key verification failed", "Permission denied (publickey)", "4 of 5 nodes failed",
        })
        {
            Assert.That(outcome.Err, Does.Contain(words));
        }
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(11)));
        Assert.That(wrongHostKey.SshLogins() + keyRejected.SshLogins() + lab.Peers[0].SshLogins(), Is.Zero);
        Assert.That(await lab.Peers[3].SiteAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_comparison_that_fails_here_waits_for_no_node()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure("CONNECT_TIMEOUT=60", $"POSTSYNC=\"{NginxSync.Site}|s/a\"");
        lab.WriteSite("new");
        await lab.Peers[0].RunAsync("sh", "-c", "kill -STOP $(cat /run/sshd.pid)");
        await using var running = await lab.StartNginxSyncAsync("-C");
        var outcome = await running.WaitAsync(Pace.Limit(10));
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(outcome.Err, Does.Contain("applying POSTSYNC failed; nothing was compared"));
    }

    [TestCase("exit 0", "ended without a word")]
    [TestCase("exec sleep 1000", "CONNECT_TIMEOUT")]
    [TestCase("exec sleep 1000 >/dev/null 2>&1 </dev/null", "CONNECT_TIMEOUT")]
    [TestCase("exec yes garbage", "start-up files print without end")]
    [TestCase("exec cat /dev/zero", "a line of more than 1 MiB")]
    [TestCase("exec cat /dev/zero >&2", "CONNECT_TIMEOUT")]
    [TestCase("echo garbage; exec cat", "makes no sense")]
    [TestCase("kill -9 $$", "")]
    public async Task Whatever_answers_there_the_others_go_on(string command, string words)
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Peers[0].ForceCommand(command);
        lab.Configure($"CONNECT_TIMEOUT={Timeout}");
        lab.WriteSite("new");
        foreach (var arguments in new string[][] { [], ["-C"] })
        {
            var clock = Stopwatch.StartNew();
            await using var running = await lab.StartNginxSyncAsync(arguments);
            var outcome = await running.WaitAsync(Pace.Limit(30));
            Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain(lab.Peers[0].Address).And.Contain(words));
            if (arguments.Length == 0) Assert.That(outcome.Err, Does.Contain("nothing was changed there"));
            Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(Timeout + 3)));
        }
        Assert.That(await lab.Peers[1].SiteAsync(), Is.EqualTo("new"));
        await lab.Peers[1].IsCleanAsync();
        await Eventually.TrueAsync(
            async () => (await lab.Primary.RunAsync("pgrep", "-x", "ssh")).Out.Length == 0, "no ssh is left on the primary");
    }

    [Test]
    public async Task Logins_that_sshd_drops_are_tried_again()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var bastion = lab.Peers[0];
        await bastion.ConfigureSshdAsync("MaxStartups 1");
        lab.Configure();
        lab.WriteSite("new");
        // A connection that says nothing takes the only place; it is given up while nginx-sync tries again.
        await using var idle = await lab.Primary.StartAsync("bash", "-c", $"exec 3<>/dev/tcp/{bastion.Address}/22; read -r <&3; echo on; exec sleep 1000");
        await idle.UntilItSaysAsync("on");
        await using var running = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(
            () => bastion.ReadText("/var/log/sshd.log").Contains("MaxStartups", StringComparison.Ordinal), "a login is dropped");
        idle.Kill();
        var outcome = await running.WaitAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
    }
}
