using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>Whoever dies in a push to all nodes or none: once everything is back and the primary has run again, all nodes
/// hold the old configuration or all hold the new, and the reports were true.</summary>
public sealed class AllOrNoneFaultTests
{
    [Test]
    public async Task A_primary_that_dies_before_it_decides_has_decided_nothing()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var running = await push.HeldAtAsync(push.Primary, "deciding");

        running.Kill();
        // The shell that it started goes on, and finds that nobody asks for the rest.
        await AgreedPush.ReleaseAsync(push.Primary);
        await push.EnsureAllAsync(isNew: false);

        Assert.That((await push.SettleAsync()).Out, Does.Contain("nothing is left to settle"));
        Assert.That(await push.Primary.ShAsync("ls -A /var/lib/nginx-sync"), Is.EqualTo("0\n1\nbegun\nruns"), "nothing is left of what it wrote, but that it had begun");
        await push.EnsureConvergesAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_primary_that_dies_after_its_decision_finishes_what_was_decided(bool settles)
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var load = SteadyLoad.On(push.Peers[2], perSecond: 50);
        await using var running = await push.HeldAtAsync(push.Primary, "decided");

        await push.KillPrimaryAsync(running);
        await push.EnsureAllAsync(isNew: false);
        push.Edit("edited since");

        await MentionedAsync(push);
        if (settles)
        {
            var settled = await push.SettleAsync();
            Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
            Assert.That(settled.Out.Split(" * Updating configuration on "), Has.Length.EqualTo(4), settled.ToString());
            await push.EnsureAllAsync(isNew: true);
            Assert.That(push.IsRecorded, Is.False);
        }
        var next = await push.RunAsync();
        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        Assert.That(next.Out.Contains(" * Finishing the push to all or none of ", StringComparison.Ordinal), Is.EqualTo(!settles));
        foreach (var peer in push.Peers) Assert.That(await peer.AnswerAsync(), Is.EqualTo("edited since\n"));
        Assert.That(push.IsRecorded, Is.False);
        var report = await load.StopAsync();
        Assert.That(report.Failures, Is.Empty);
        Assert.That(report.Bodies.Keys, Does.Contain("new\n"), "what was decided was served in between");
    }

    /// <summary>The first primary is away for long, and another one goes on in its place.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_primary_that_comes_back_does_not_finish_its_decision_over_another_primarys_push(bool settles)
    {
        await using var push = await AgreedPush.PreparedAsync();
        await push.DieDecidedAsync();
        await push.EnsureAllAsync(isNew: false);
        var (second, node) = (push.Peers[1], push.Peers[2]);
        await second.BecomePrimaryAsync(push.Primary, node.Address);
        second.Write("/etc/nginx/conf.d/default.conf", "server { listen 80 default_server; location / { return 200 newer; } }");
        var newer = await second.NginxSyncAsync();
        Assert.That(newer.ExitCode, Is.Zero, newer.ToString());

        var back = settles ? await push.SettleAsync() : await push.Primary.RunAsync("nginx-sync", "--node", node.Address);

        Assert.That(back.ExitCode, Is.EqualTo(2), back.ToString());
        Assert.That(back.Err, Does.Contain($"{node.Address}: planning the change failed; nothing was changed there (NS-3111):\n    the node holds what root@peer2 pushed at "));
        Assert.That(await node.AnswerAsync(), Is.EqualTo("newer"));
        await push.EnsureAsync(push.Peers[0], isNew: false);
        Assert.That(push.IsRecorded, Is.False);
        Assert.That((await push.SettleAsync()).Out, Does.Contain("nothing is left to settle"));
    }

    [Test]
    public async Task A_primary_that_dies_between_two_confirmations_leaves_a_mixture_until_it_runs_again()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var running = await push.HeldAtAsync(push.Primary, "decided");
        var late = push.Peers[1];

        await push.Primary.SignalSshAsync(late, "STOP");
        await AgreedPush.ReleaseAsync(push.Primary);
        await push.EnsureAsync(push.Peers[0], isNew: true);
        await push.EnsureAsync(push.Peers[2], isNew: true);
        running.Kill();
        await push.Primary.SignalSshAsync(late, "KILL");
        await push.EnsureAsync(late, isNew: false);

        Assert.That(push.IsRecorded, Is.True);
        var settled = await push.SettleAsync();
        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        Assert.That(settled.Out, Does.Contain($" * Updating configuration on {late.Address}\n"));
        Assert.That(settled.Out, Does.Contain($" * Configuration on {push.Peers[0].Address} is up to date\n"));
        await EnsureNewAsync(push);
    }

    [Test]
    public async Task A_primary_that_dies_when_all_is_done_finds_it_done()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var running = await push.HeldAtAsync(push.Primary, "settling");

        await push.KillPrimaryAsync(running);
        await push.EnsureAllAsync(isNew: true);
        Assert.That(push.IsRecorded, Is.True);
        foreach (var look in (string[])["compare", "status"])
        {
            var looked = await push.Primary.RunAsync("nginx-sync", look);
            Assert.That(looked.ExitCode, Is.EqualTo(1), $"no node differs, and the push waits to be finished\n{looked}");
        }

        var settled = await push.SettleAsync();
        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        Assert.That(settled.Out.Split("is up to date"), Has.Length.EqualTo(4), settled.ToString());
        await EnsureNewAsync(push);
    }

    [Test]
    public async Task A_node_that_is_lost_before_the_decision_takes_all_back(
        [Values(Fault.KillSsh, Fault.KillRunner, Fault.KillParent, Fault.KillBoth, Fault.PowerLoss)] Fault fault)
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var load = SteadyLoad.On(push.Peers[0], perSecond: 50);
        var lost = push.Peers[2];
        await using var running = await push.HeldAtAsync(lost, "verified");

        await SufferAsync(push, running, lost, fault);
        var outcome = await running.WaitAsync();

        if (fault == Fault.KillParent && outcome.ExitCode == 0)
        {
            // The runner was quicker with its answers than sshd with the end of the session.
            await EnsureNewAsync(push);
            return;
        }
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        foreach (var other in push.Peers.Take(2))
        {
            Assert.That(outcome.Out, Does.Contain($" * Undid the update on {other.Address}, since {lost.Address} failed: it has what it had\n"));
        }
        Assert.That(push.IsRecorded, Is.False);
        await push.EnsureAllAsync(isNew: false);
        Assert.That((await load.StopAsync()).Failures, Is.Empty);
        await push.EnsureConvergesAsync();
    }

    [Test]
    public async Task A_node_that_is_lost_after_the_decision_is_brought_on_by_the_same_run(
        [Values(Fault.KillSsh, Fault.KillRunner, Fault.KillParent, Fault.PowerLoss)] Fault fault,
        [Values("decided", "confirmed")] string step)
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var load = SteadyLoad.On(push.Peers[0], perSecond: 50);
        var lost = push.Peers[2];
        // Before it was told to keep the push, and after.
        Node held = step == "decided" ? push.Primary : lost;
        await using var running = await push.HeldAtAsync(held, step);

        await SufferAsync(push, running, lost, fault);
        await AgreedPush.ReleaseAsync(held);
        var outcome = await running.WaitAsync();

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        // A runner without a parent may be quicker with its answer than sshd with the end of the session.
        if (fault != Fault.KillParent)
        {
            Assert.That(outcome.Out, Does.Contain(
                $"{lost.Address}: the session was lost after all had agreed, and the node " +
                (step == "decided" ? "had undone the push and was given it again" : "was looked at again")));
        }
        Assert.That((await load.StopAsync()).Failures, Is.Empty);
        await EnsureNewAsync(push);
    }

    /// <summary>What touches nothing says that something is left, and leaves it.</summary>
    private static async Task MentionedAsync(AgreedPush push)
    {
        foreach (var options in new[] { new[] { "-C" }, ["-n"], ["settle", "-n"] })
        {
            var outcome = await push.Primary.RunAsync(["nginx-sync", .. options]);
            Assert.That(outcome.Err, Does.Contain("warning: the push to all or none of ").And.Contain("is not finished on "), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain("nginx-sync -f /etc/nginx-sync.conf settle"));
        }
        await push.EnsureAllAsync(isNew: false);
        Assert.That(push.IsRecorded, Is.True);
    }

    private static async Task SufferAsync(AgreedPush push, Running running, Node lost, Fault fault)
    {
        await fault.StrikeAsync(push.Primary, running, lost);
        await AgreedPush.ReleaseAsync(lost);
    }

    private static async Task EnsureNewAsync(AgreedPush push)
    {
        await push.EnsureAllAsync(isNew: true);
        Assert.That(push.IsRecorded, Is.False);
        await push.EnsureConvergesAsync();
    }
}
