using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>What a push left behind is damaged or cut short, or a program is killed: end marks and exit statuses decide, and a
/// reason is always given.</summary>
public sealed class DamageTests : FaultFixture
{
    private const string Journal = "/var/lib/nginx-sync/transaction";
    private const string Staging = "/etc/nginx/.nginx-sync.* /etc/nginx/conf.d/.nginx-sync.*";

    /// <summary>As a loss of power can leave it, when it is made or removed.</summary>
    [TestCase("staging", "rm -r *", "its beginning")]
    [TestCase("staging", "rm marks", "its beginning")]
    [TestCase("staged", "rm marks", "its beginning")]
    [TestCase("staged", ": >marks", "its beginning")]
    [TestCase("finishing", $"rm -r {Staging}; rm plan", "finishing")]
    [TestCase("finishing", $"rm -r {Staging}; rm plan sums id settings outline", "finishing")]
    public async Task A_journal_that_lacks_a_part_is_seen_and_ended(string step, string damage, string at)
    {
        await using var push = await HeldAtAsync(step, $"journal without a part, {damage}");
        await LeaveAsync(push);
        await push.OnPeerAsync($"cd {Journal}; {damage}");

        var compared = await push.Primary.RunAsync("nginx-sync", "-C");
        Assert.That(compared.Err, Does.Match($"transaction .* was left at: {at}; the next push undoes it"), compared.ToString());
        await EnsureWholeButStagedAsync(push);
        await EnsureConvergesAsync(push);
    }

    [TestCase("arrived", "truncate -s 20 plan")]
    [TestCase("arrived", "rm plan")]
    [TestCase("active", "sed -i s/conf/c0nf/ plan")]
    [TestCase("arrived", "rm marks")]
    [TestCase("verified", "rm sums")]
    [TestCase("confirmed", "echo >id")]
    public async Task A_record_that_is_damaged_is_said_loudly_and_nothing_is_lost(string step, string damage)
    {
        await using var push = await HeldAtAsync(step, $"damaged, {damage}");
        await LeaveAsync(push);
        await push.OnPeerAsync($"cp -a {Journal} /tmp/whole; cd {Journal}; {damage}");
        var before = await push.TreeAsync();

        for (var i = 0; i < 2; i++)
        {
            var refused = await push.RunAsync();
            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
            Assert.That(refused.Err, Does.Contain("THE OLD STATE COULD NOT BE PUT BACK").And.Contain($"the record of the push in {Journal} is damaged"));
            Assert.That(await push.TreeAsync(), Is.EqualTo(before));
            Assert.That(push.Peer.Exists(Journal));
        }

        await push.OnPeerAsync($"rm -r {Journal}; mv /tmp/whole {Journal}");
        await EnsureConvergesAsync(push);
    }

    [Test]
    public async Task What_a_killed_rm_left_is_said_and_removed_by_the_next_push()
    {
        await using var push = await HeldAtAsync(
            "finishing", "rm killed", Wrapping("""case "$*" in */.nginx-sync.*) [ ! -e /tmp/kill ] || kill -KILL $$ ;; esac"""));
        await push.OnPeerAsync("touch /tmp/kill");
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync();

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out + outcome.Err, Does.Contain("what was staged could not be removed, the next push does it: exit status 137 of rm"));
        Assert.That((await push.TreeAsync()).Any(line => line.Contains("/.nginx-sync.", StringComparison.Ordinal)));
        await push.OnPeerAsync("rm /tmp/kill");
        await EnsureConvergesAsync(push);
    }

    /// <summary>All is done there, and the answer never comes.</summary>
    [Test]
    public async Task A_node_that_dies_after_its_confirmation_is_not_said_to_be_unchanged()
    {
        await using var push = await HeldAtAsync("finishing", "killed after all", Wrapping("""
            case "$*" in */transaction) ;; *) exec /bin/rm "$@" ;; esac
            [ -e /tmp/kill ] || exec /bin/rm "$@"
            /bin/rm "$@"; /bin/rm /tmp/kill
            for p in $(grep -lzs ^NGINX_SYNC_RUNNER= /proc/[0-9]*/environ); do
              p=${p#/proc/} p=${p%/environ}; [ "$p" = $$ ] || kill -KILL "$p"
            done
            exit 0
            """));
        await push.OnPeerAsync("touch /tmp/kill");
        await push.ReleaseAsync();
        var outcome = await push.Push.WaitAsync();

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out + outcome.Err, Does.Contain("the session was lost at its end, and the node was looked at again"));
        Assert.That(push.Peer.Exists("/tmp/kill"), Is.False, "it happened");
        Assert.That(await EnsureWholeAsync(push), Is.True);
    }

    [Test]
    public async Task A_full_disk_of_the_state_is_the_reason_that_is_given()
    {
        const string state = PeerSide.State;
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes("/etc/nginx/conf.d");
        lab.Primary.WriteSite("old");
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) await peer.ShAsync($"{FaultedPush.Mounting(state)}; {DiskFaultTests.Fill(state)}");
        lab.Primary.WriteSite("new");

        var refused = await lab.Primary.PushAsync();

        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Err.Split($"cannot write to {state}/transaction/").Length - 1, Is.EqualTo(2), refused.Err);
        Assert.That(refused.Err.Split("No space left on device").Length - 1, Is.EqualTo(2), refused.Err);
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("old"));
            await peer.ShAsync($"rm {state}/fill*");
        }
        await lab.Primary.PushedAsync();
    }

    // Nobody is left who could recover it: neither on the peer nor the run itself.
    private static async Task LeaveAsync(FaultedPush push)
    {
        await Fault.StopBoth.StrikeAsync(push.Primary, push.Push, push.Peer);
        push.Push.Kill();
        await push.Push.WaitAsync();
        await push.SufferAsync(Fault.KillBoth);
    }

    // Found before the system's own, as this tool looks for programs.
    private static FaultSetting Wrapping(string script) => new()
    {
        Prepare = $"cat >/usr/local/sbin/rm <<'END'\n#!/bin/sh\n{script}\nexec /bin/rm \"$@\"\nEND\nchmod 755 /usr/local/sbin/rm",
    };

    private static async Task EnsureWholeButStagedAsync(FaultedPush push)
    {
        var tree = (await push.TreeAsync()).Where(line => !line.Contains("/.nginx-sync.", StringComparison.Ordinal)).ToList();
        Assert.That(tree, Is.EqualTo(push.Old).Or.EqualTo(await push.NewAsync()));
    }
}
