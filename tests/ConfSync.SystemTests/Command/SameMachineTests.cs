using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests;

/// <summary>One machine under two names in NODES, and the primary in its own NODES: refused before anything changes anywhere.
/// All nodes of a lab share one kernel, and so its boot; that different ones are told apart, all other tests show.</summary>
public sealed class SameMachineTests
{
    private static readonly string[][] Calls = [[], ["--all-or-none"], ["-n"], ["-C"], ["-C", "-d"], ["rollback"], ["rollback", "-n"]];

    [TestCase(false)]
    [TestCase(true, Description = "busybox, where nothing else is")]
    public async Task A_peer_under_its_name_and_its_address_is_refused_before_anything_changes(bool busybox)
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, busybox ? PeerKind.Alpine : PeerKind.Debian);
        var twice = lab.Peers[1];
        lab.ConfigureNodes($"peer1 peer2 {twice.Address}");
        await RefusesAsync(lab, $"    peer2 and {twice.Address} are the same machine: remove one of them from NODES\n");
    }

    [Test]
    public async Task The_primary_is_refused_in_its_own_NODES_by_name_and_by_address([Values] bool byName)
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        var self = byName ? "primary" : lab.Primary.Address;
        lab.ConfigureNodes($"peer1 {self}");
        await RefusesAsync(lab, $"    {self} is this machine itself, which would be pushed to itself: remove it from NODES\n");
    }

    [Test]
    public async Task A_user_is_told_the_same()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        lab.ConfigureNodes($"peer1 {lab.Peers[0].Address} primary", "LOCKFILE=/tmp/deploy.lock");
        var before = await TracesAsync(lab);
        var outcome = await lab.Primary.PushAsAsync("deploy");
        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Err, Does.Match("are the same machine|is this machine itself"));
        Assert.That(await TracesAsync(lab), Is.EqualTo(before));
    }

    [Test]
    public async Task A_history_shows_a_machine_once_and_says_so()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Debian);
        var twice = lab.Peers[1];
        lab.ConfigureNodes($"peer1 peer2 {twice.Address}");

        var outcome = await lab.NginxSyncAsync("history");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.StartWith(" * Runs on peer1 peer2, the last one first:\n").And.Not.Contain($"{twice.Address}: generation"));
        Assert.That(outcome.Err, Is.EqualTo(
            $"nginx-sync: warning: {twice.Address} is the same machine as peer2, whose generations are shown: remove one of them from NODES\n"));
    }

    /// <summary>A name may lead elsewhere than when a push to all or none was decided.</summary>
    [Test]
    public async Task What_is_left_of_a_push_is_not_finished_on_one_machine_under_two_names()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await push.DieDecidedAsync();
        await push.EnsureAllAsync(isNew: false);
        var (first, second) = (push.Peers[0], push.Peers[1]);
        push.Primary.Write("/root/.ssh/config", $"""
            Host {second.Address}
              HostName {first.Address}
              HostKeyAlias {first.Address}

            """ + push.Primary.ReadText("/root/.ssh/config"));

        var outcome = await push.SettleAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("nginx-sync: telling the nodes apart failed; nothing was settled (NS-3101):\n").And.Contain(
            $"    {first.Address} and {second.Address} are the same machine: remove one of them from NODES\n"));
        Assert.That(push.IsRecorded, Is.True);
        await push.EnsureAllAsync(isNew: false);
    }

    [Test]
    public async Task A_second_name_whose_login_takes_long_is_refused_alone()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        var peer = lab.Peers[0];
        lab.Primary.Write("/root/.ssh/config", $"""
            Host slow
              HostName {peer.Address}
              HostKeyAlias peer1
              ProxyCommand sh -c 'until [ -e /tmp/go ]; do sleep 0.1; done; exec ssh -W %h:%p peer1'

            """ + lab.Primary.ReadText("/root/.ssh/config"));
        lab.ConfigureNodes("peer1 slow", "CONNECT_TIMEOUT=60");
        await using var running = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(
            () => peer.ReadText(NginxSync.Site).Contains("changed", StringComparison.Ordinal), "the other one is not waited for");
        lab.Primary.Write("/tmp/go", "");
        var outcome = await running.WaitAsync(Pace.Limit(60));
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("slow: telling it from the other nodes failed; nothing was changed there (NS-3101):\n    peer1 and slow are the same machine"));
        Assert.That(await peer.SiteAsync(), Is.EqualTo("changed"));
    }

    // There is something to push, and something to go back to.
    private static async Task<Lab> StartPushedAsync(params PeerKind[] kinds)
    {
        var lab = await Lab.StartAsync(kinds);
        lab.Configure();
        lab.WriteSite("first");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("changed");
        return lab;
    }

    private static async Task RefusesAsync(Lab lab, string words)
    {
        var before = await TracesAsync(lab);
        foreach (var call in Calls)
        {
            var outcome = await lab.NginxSyncAsync(call);
            Assert.That(outcome.ExitCode, Is.EqualTo(call is ["-C", ..] ? 2 : 1), outcome.ToString());
            Assert.That(outcome.Err, Does.StartWith("nginx-sync: telling the nodes apart failed; nothing was ").And.Contain(words));
            Assert.That(outcome.Err, Does.Not.Contain("another push"));
            Assert.That(await TracesAsync(lab), Is.EqualTo(before), string.Join(' ', call));
        }
        foreach (var node in lab.Peers.Prepend<Node>(lab.Primary)) await node.IsCleanAsync();
    }

    private static async Task<string> TracesAsync(Lab lab) => string.Concat(
        await Task.WhenAll(lab.Peers.Prepend<Node>(lab.Primary).Select(node => node.TracesAsync("/etc/nginx /var/lib/nginx-sync"))));
}
