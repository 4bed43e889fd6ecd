using FsCheck;
using FsCheck.Fluent;
using static ConfSync.SystemTests.Push.Generations;

namespace ConfSync.SystemTests.Push;

/// <summary>Going back: what a peer kept is put back by the way of a push.</summary>
public sealed class RollbackTests
{
    // Contents, modes, owners, links, kinds, whole trees, and names of all sorts: each push touches much of what the one
    // before it did.
    private static readonly string[] Pushes =
    [
        """
        echo 1 >file; echo same >moded; mkdir -p deep/er 'a b' kind; echo x >deep/er/x; echo y >deep/y; ln -s file link
        echo n >"$(printf 'new\nline')"; echo b >"$(printf '\377\200')"; echo q >"'q\"%41 \\"; echo r >-rf; echo in >'a b/in'
        echo k >kind/k; touch -d '2001-02-03 04:05:06 UTC' file deep/y 'a b/in'; chown -h www-data link; chmod 700 deep
        """,
        """
        echo 2 >file; chmod 600 moded; chown www-data:adm moded; rm -r kind; echo kind >kind; rm -r deep; ln -sfn elsewhere link
        echo n2 >"$(printf 'new\nline')"; rm -- -rf "$(printf '\377\200')"; echo in2 >'a b/in'; chmod 2750 'a b'; mkdir fresh
        """,
        """
        rm file; mkdir -p file/in; echo f >file/in/f; rm kind; ln -s x kind; rm link; echo l >link; chown mail fresh; rm -r 'a b'
        mkdir deep; echo again >deep/y; echo back >-rf
        """,
        """
        rm -r file; ln -s moded file; chmod 4711 moded; rm -r fresh deep; echo d >deep; mkdir 'a b'; echo new >'a b/in'
        rm "$(printf 'new\nline')"
        """,
    ];

    [Test]
    public async Task A_node_goes_back_to_the_state_after_any_generation_that_it_keeps()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes($"/etc/nginx/nginx.conf {Data}", RandomTree.Allow);
        foreach (var peer in lab.Peers) await peer.ShAsync($"mkdir {Data}; echo own >{Data}/own; ln -s a {Data}/kind");
        var states = new List<string[]> { await StatesAsync() };
        foreach (var push in Pushes)
        {
            await lab.PushStateAsync(push);
            states.Add(await StatesAsync());
        }

        foreach (var to in new[] { 3, 1, 4, 2, 0 })
        {
            // Nobody knows whether the state before the first is the same on both.
            string[] nodes = to > 0 ? [lab.Nodes] : lab.Nodes.Split(' ');
            foreach (var some in nodes)
            {
                var said = await lab.Primary.RolledBackAsync([.. some.Split(' '), "--to", $"{to}"]);
                Assert.That(said, Does.Contain($" * Rolling back configuration on {some.Split(' ')[0]} to generation {to}\n"));
            }
            Assert.That(await StatesAsync(), Is.EqualTo(states[to]), $"to {to}");
        }
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
            Assert.That(await peer.NumbersAsync(), Is.EqualTo("1 2 3 4 5 6 7 8 9 "), "each roll-back is a generation");
        }

        Task<string[]> StatesAsync() => Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync()));
    }

    [Test]
    public async Task Any_states_come_back([Values] bool alpine)
    {
        await using var lab = await Lab.StartPeersAsync(1, alpine ? PeerKind.Alpine : PeerKind.Debian);
        lab.Pushes(RandomTree.Root, "KEEP=100", RandomTree.Allow);
        var states = new List<string> { "" };
        // The same every time, so that a check of a change tells of that change.
        foreach (var commands in RandomTree.Commands.Sample(8, new Rnd(7, 13), 30))
        {
            await lab.Primary.ShAsync(RandomTree.Script(commands));
            await lab.Primary.PushedAsync();
            states.Add(string.Join('\n', await lab.Peers[0].TreeAsync(RandomTree.Root)));
        }
        foreach (var to in new[] { 7, 4, 8, 1, 5, 2 })
        {
            await lab.Primary.RolledBackAsync("--to", $"{to}");
            Assert.That(string.Join('\n', await lab.Peers[0].TreeAsync(RandomTree.Root)), Is.EqualTo(states[to]), $"to {to}");
        }
    }

    [Test]
    public async Task Without_a_number_it_goes_back_over_the_last_generation_and_a_second_one_takes_that_back()
    {
        await using var lab = await ServingAsync("one", "two");
        var peer = lab.Peers[0];
        // Nothing of the primary's is of interest: not even whether it would work.
        lab.Primary.Write("/etc/nginx/conf.d/broken.conf", "boo");

        var said = await lab.Primary.RolledBackAsync();
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("one"));
        Assert.That(said, Does.StartWith(" * Rollback started at ").And.Contain("to generation 1\n").And.Not.Contain("replace "));
        Assert.That(said, Does.Match($"!!! The next push puts what this primary holds on {peer.Address} again.\n!!! If that is what was undone now, correct it here first.\nRolled back 1 of 1 node: 1 put back; it serves it. " +
            @"Undone: run [0-9a-f]{7} by root@primary, [^\n]*\.\n$"));
        Assert.That(peer.SshLogins(), Is.EqualTo(3), "one session for all of it");

        said = await lab.Primary.RolledBackAsync("-r");
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("two"));
        Assert.That(said, Does.Contain("    replace /etc/nginx/conf.d/site.conf\n"));
        Assert.That((await lab.Primary.RolledBackAsync("--to", "4")), Does.Contain("is that of generation 4 already"));
        lab.Primary.Delete("/etc/nginx/conf.d/broken.conf");
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain("up to date").And.Not.Contain("reloaded"), "it is known what serves");
    }

    [TestCase("-n", "rollback")]
    [TestCase("rollback", "--dry-run")]
    public async Task A_dry_run_changes_nothing(params string[] arguments)
    {
        await using var lab = await ServingAsync("one", "two");
        var before = await lab.Peers[0].TracesAsync("/etc/nginx/*/*.conf /var/lib/nginx-sync/generations");
        var said = (await lab.Primary.RunAsync(["nginx-sync", .. arguments])).OutIfSuccessful;
        Assert.That(said, Does.Contain("Would roll back").And.Contain("replace /etc/nginx/conf.d/site.conf").And.Contain("test is successful"));
        Assert.That(said, Does.Not.Contain("!!!"));
        Assert.That(await lab.Peers[0].TracesAsync("/etc/nginx/*/*.conf /var/lib/nginx-sync/generations"), Is.EqualTo(before));
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("two"));
    }

    [Test]
    public async Task A_node_whose_test_fails_stays_as_it_is()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Debian with { Unshare = false });
        lab.Pushes("/etc/nginx/conf.d");
        foreach (var node in lab.Peers.Append(lab.Primary)) node.Write("/etc/outside.conf", "");
        lab.Primary.Write("/etc/nginx/conf.d/a.conf", "include /etc/outside.conf;");
        await lab.Primary.PushedAsync();
        lab.Primary.Delete("/etc/nginx/conf.d/a.conf");
        lab.Primary.WriteSite("new");
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) peer.Delete("/etc/outside.conf");
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync()));

        var failed = await lab.Primary.RollbackAsync();

        Assert.That(failed.ExitCode, Is.EqualTo(2), failed.ToString());
        Assert.That(failed.Err, Does.Contain($"{lab.Peers[0].Address}: testing the former configuration failed; nothing was changed there")
            .And.Contain($"{lab.Peers[1].Address}: testing the former configuration failed; the old configuration is back in place there")
            .And.Contain("\"/etc/outside.conf\" failed (2: No such file or directory)").And.Not.Contain("run nginx-sync again"));
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync())), Is.EqualTo(before));
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
            Assert.That(await peer.NumbersAsync(), Is.EqualTo("1 2 "));
            await peer.LeavesNothingAsync();
        }
    }

    [Test]
    public async Task A_rollback_that_is_cut_off_ends_whole_and_can_be_run_again([Values] bool alpine)
    {
        await using var lab = await ServingAsync(alpine ? PeerKind.Alpine : PeerKind.Debian, "one", "two");
        var peer = lab.Peers[0];
        var before = await peer.StateAsync();
        await using var rollback = await lab.HeldAtAsync("arrived", "nginx-sync", "rollback");
        Assert.That(await peer.StateAsync(), Is.Not.EqualTo(before));

        await peer.KillRunnerAsync();
        peer.Release();

        var outcome = await rollback.WaitAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("the old configuration is back in place there").And.Contain("roll this node back alone: nginx-sync rollback "));
        Assert.That(await peer.StateAsync(), Is.EqualTo(before));
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("two"));
        await lab.Primary.RolledBackAsync();
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("one"));
    }

    [Test]
    public async Task A_push_that_died_after_its_confirmation_can_be_gone_back_over([Values] bool alpine, [Values] bool halfKept)
    {
        await using var lab = await ServingAsync(alpine ? PeerKind.Alpine : PeerKind.Debian, "one");
        var peer = lab.Peers[0];
        lab.Primary.WriteSite("two");
        await using var push = await lab.HeldAtAsync("confirmed", "nginx-sync");
        // As a mv to another file system leaves it that was ended while it removed, or while it copied.
        if (halfKept)
        {
            await peer.ShAsync($"new={Kept}/.new.$(cat {PeerSide.State}/transaction/id); mkdir -p $new/old.1; echo torn >$new/old.1/site.conf");
        }
        await peer.KillRunnerAsync();
        peer.Release();
        Assert.That((await push.WaitAsync()).ExitCode, Is.Zero);
        Assert.That(await peer.NumbersAsync(), Is.EqualTo("1 2 "));
        Assert.That(peer.ReadText($"{Kept}/2/info"), Does.Contain("primary root@primary\n").And.Contain("digest "));

        await lab.Primary.RolledBackAsync();
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("one"));
    }

    [Test]
    public async Task A_generation_is_kept_once_when_the_end_came_right_after_it_was_kept()
    {
        await using var lab = await ServingAsync("one");
        lab.Primary.WriteSite("two");
        await using var push = await lab.HeldAtAsync("finishing", "nginx-sync");
        // Kept, and nobody has said so yet.
        await lab.Peers[0].ShAsync($"sed -i '$d' {PeerSide.State}/transaction/marks");
        await lab.Peers[0].KillRunnerAsync();
        lab.Peers[0].Release();
        Assert.That((await push.WaitAsync()).ExitCode, Is.Zero);
        Assert.That(await lab.Peers[0].NumbersAsync(), Is.EqualTo("1 2 "));
        Assert.That(await lab.Peers[0].LeftoversAsync(), Is.Empty);
    }

    [Test]
    public async Task Several_nodes_go_back_to_a_number_only_where_it_is_the_same_state()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Pushes(Data);
        var (first, second) = (lab.Peers[0].Address, lab.Peers[1].Address);
        await lab.PushStateAsync("echo 1 >file");
        await lab.Primary.ShAsync($"echo 2 >{Data}/file; nginx-sync --node {first}; echo 3 >{Data}/file; nginx-sync");
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync()));

        var refused = await lab.Primary.RollbackAsync("--to", "2");
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Err, Does.StartWith("nginx-sync: rolling back failed; nothing was rolled back (NS-5018):\n    generation 2 is not one state"));
        Assert.That(refused.Err, Does.Match($@"    {first}: state [0-9a-f]{{12}} of 20\d\d-\d\d-\d\d .* by root@primary\n    {second}: state "));
        var before0 = await lab.Primary.RollbackAsync("--to", "0");
        Assert.That(before0.ExitCode, Is.EqualTo(1));
        Assert.That(before0.Err, Does.Contain("only one node at a time can go back to that"));
        var missing = await lab.Primary.RollbackAsync("--to", "3");
        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.Err, Does.Contain($"{second}: this node cannot go back to generation 3: it keeps 1 to 2"));
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync())), Is.EqualTo(before));

        await lab.Primary.RolledBackAsync(first, "--to", "2");
        Assert.That(lab.Peers[0].ReadText($"{Data}/file"), Is.EqualTo("2\n"));
        // Generation 1 is the same on all; who is not reached does not hinder the others.
        await lab.Peers[2].ShAsync("kill $(cat /run/sshd.pid)");
        var back = await lab.Primary.RollbackAsync("--to", "1");
        Assert.That(back.ExitCode, Is.EqualTo(2), back.ToString());
        Assert.That(back.Err, Does.Contain($"{lab.Peers[2].Address}: connecting failed").And.Contain($"1 of 3 nodes failed: {lab.Peers[2].Address}\n"));
        Assert.That(back.Out, Does.Contain($"puts what this primary holds on {first} {second} again"));
        foreach (var peer in lab.Peers.Take(2)) Assert.That(peer.ReadText($"{Data}/file"), Is.EqualTo("1\n"));
    }

    [Test]
    public async Task The_first_node_goes_back_alone_and_a_failure_there_stops_it()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Pushes("/etc/nginx/conf.d");
        lab.Primary.WriteSite("one", 8082);
        await lab.Primary.PushedAsync();
        lab.Primary.WriteSite("two");
        await lab.Primary.PushedAsync();
        await lab.Peers[0].TakePortAsync(8082);
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync()));

        var failed = await lab.Primary.RollbackAsync();

        Assert.That(failed.ExitCode, Is.EqualTo(2), failed.ToString());
        Assert.That(failed.Err, Does.Contain($"{lab.Peers[0].Address}: reloading nginx failed; the old configuration is back in place there"));
        Assert.That(failed.Err, Does.Contain($"left as they were: {lab.Peers[1].Address}\n"));
        Assert.That(failed.Out, Does.Not.Contain("!!!"));
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync())), Is.EqualTo(before));
        Assert.That(await lab.Primary.RolledBackAsync(lab.Peers[1].Address), Does.Contain("to generation 1"));
        Assert.That(await lab.Peers[1].AnswerAsync(8082), Is.EqualTo("one"));
    }

    [Test]
    public async Task It_takes_both_locks_as_a_push_does()
    {
        await using var lab = await ServingAsync("one", "two");
        var other = await lab.Primary.RunAsync("flock", "/run/nginx-sync.lock", "nginx-sync", "rollback");
        Assert.That(other.ExitCode, Is.EqualTo(1));
        Assert.That(other.Err, Does.Contain("taking the lock failed; nothing was rolled back"));
        await using var held = await lab.Peers[0].StartAsync("flock", "/run/nginx-sync/lock", "sleep", "100");
        await Eventually.TrueAsync(
            async () => (await lab.Peers[0].RunAsync("flock", "-n", "/run/nginx-sync/lock", "true")).ExitCode != 0, "the lock is held");
        var locked = await lab.Primary.RollbackAsync();
        Assert.That(locked.ExitCode, Is.EqualTo(2));
        Assert.That(locked.Err, Does.Contain("taking the lock there failed"));
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("two"));
    }

    private static Task<Lab> ServingAsync(params string[] answers) => ServingAsync(PeerKind.Debian, answers);

    /// <summary>A peer to which a site was pushed, with these answers one after the other.</summary>
    private static async Task<Lab> ServingAsync(PeerKind kind, params string[] answers)
    {
        var lab = await Lab.StartPeersAsync(1, kind);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        foreach (var answer in answers)
        {
            lab.Primary.WriteSite(answer);
            await lab.Primary.PushedAsync();
        }
        return lab;
    }
}
