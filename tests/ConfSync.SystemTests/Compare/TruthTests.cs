using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>What a comparison says is what is there, on every kind of peer.</summary>
public sealed class TruthTests
{
    private static readonly PeerKind[] Both = [PeerKind.Debian, PeerKind.Alpine];

    [Test]
    public async Task Every_kind_of_drift_is_told_in_the_originals_words()
    {
        await using var lab = await StartPushedAsync(Both);
        foreach (var peer in lab.Peers) await DriftAsync(lab, peer);
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");

        var outcome = await CompareAsync(lab, "-C");

        Assert.That(outcome.Out, Is.EqualTo($"""
             * Comparing local and remote configs

            {NodeReport("peer1")}{NodeReport("peer2")}
            2 nodes compared, 2 with differences, 2 where nginx runs something else than its disk holds

            """));
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
        Assert.That(outcome.Err, Is.Empty);
        Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx"), Is.EqualTo(before), "nothing is written there");

        static string NodeReport(string peer) => $"""
             * Comparing configs on master node and {peer}:

            Files local:/etc/nginx/conf.d/a.conf and remote:/etc/nginx/conf.d/a.conf differ
            Only in remote:/etc/nginx/conf.d: extra
            File local:/etc/nginx/conf.d/kind.conf is a regular file while file remote:/etc/nginx/conf.d/kind.conf is a symbolic link
            Symbolic links local:/etc/nginx/conf.d/link and remote:/etc/nginx/conf.d/link differ (a.conf here, mode.conf there)
            Files local:/etc/nginx/conf.d/mode.conf and remote:/etc/nginx/conf.d/mode.conf differ in mode (0644 here, 0600 there)
            Files local:/etc/nginx/conf.d/owner.conf and remote:/etc/nginx/conf.d/owner.conf differ in owner (root here, www-data there), group (root here, adm there)
            Only in local:/etc/nginx/conf.d: sub
            {peer}: 9 paths are not the same (5 differ, 2 only local, 2 only remote); nginx does not run what is on its disk: do not reload it, because that would make the differences live; push

            """;
    }

    [Test]
    public async Task No_drift_is_a_postsync_file_nor_another_time_nor_what_is_excluded()
    {
        await using var lab = await StartPushedAsync(Both);
        Configure(lab, "POSTSYNC=\"/etc/nginx/conf.d/a.conf|'s/two/of this node/'\"", "EXCLUDE=\"*.local\"");
        Assert.That((await lab.Primary.RunAsync("nginx-sync")).ExitCode, Is.Zero);
        lab.Peers[0].Write($"{Conf}/mine.local", "# mine\n");
        await lab.Peers[1].RunAsync("touch", "-d", "2020-01-01 00:00:00", $"{Conf}/mode.conf");
        Assert.That(lab.Peers[0].ReadText($"{Conf}/a.conf"), Does.Contain("of this node"), "the rule was applied");

        var outcome = await CompareAsync(lab, "-C");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Contain("peer1: no differences\n").And.Contain("peer2: no differences\n"));
        Assert.That(outcome.Out, Does.EndWith("\n2 nodes compared, 0 with differences\n"));
    }

    [Test]
    public async Task Without_a_record_change_times_against_the_oldest_worker_say_what_probably_runs()
    {
        await using var lab = await StartPushedAsync(Both);
        await ForgetAsync(lab);
        Assert.That((await CompareAsync(lab, "-C")).Out, Does.Not.Contain("probably"), "the push has reloaded last");

        // Whole seconds are all that busybox tells.
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        // What a push or cp -p does: the modification time is an old one.
        foreach (var peer in lab.Peers)
        {
            peer.Write($"{Conf}/a.conf", "# changed behind the primary's back\n");
            await peer.RunAsync("touch", "-d", "2020-01-01 00:00:00", $"{Conf}/a.conf");
        }
        var changed = await CompareAsync(lab, "-C");
        Assert.That(changed.Out.Split("nginx probably does not run what is on its disk").Length - 1, Is.EqualTo(2), changed.Out);

        // For the same reason: the new workers are to be younger by a whole second.
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        foreach (var peer in lab.Peers) await peer.RunAsync("nginx", "-s", "reload");
        await Eventually.TrueAsync(
            async () => !(await CompareAsync(lab, "-C")).Out.Contains("probably", StringComparison.Ordinal),
            "the reload's new workers are younger than the change");
    }

    // lxcfs shows a container the time since its own start, and the start times of processes since that of its host.
    [Test]
    public async Task The_uptime_that_a_container_is_shown_decides_nothing()
    {
        await using var lab = await StartPushedAsync(Both);
        await ForgetAsync(lab);
        foreach (var peer in lab.Peers)
        {
            await peer.RunAsync("sh", "-c", "echo '3.00 3.00' >/srv/uptime && mount --bind /srv/uptime /proc/uptime");
            Assert.That(peer.ReadText("/proc/uptime"), Is.EqualTo("3.00 3.00\n"));
        }
        Assert.That((await CompareAsync(lab, "-C")).Out, Does.Not.Contain("probably"), "the push has reloaded last");

        // Whole seconds are all that busybox tells.
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        foreach (var peer in lab.Peers) peer.Write($"{Conf}/a.conf", "# changed behind the primary's back\n");

        var changed = await CompareAsync(lab, "-C");
        Assert.That(changed.Out.Split("nginx probably does not run what is on its disk").Length - 1, Is.EqualTo(2), changed.Out);
    }

    [Test]
    public async Task A_record_of_other_paths_or_patterns_says_nothing_for_certain()
    {
        await using var lab = await StartPushedAsync(Both);
        string[][] scopes = [["CONFPATHS=/etc/nginx/conf.d"], ["EXCLUDE=mode.conf"], ["CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d /etc/nginx/mime.types\""]];
        foreach (var scope in scopes)
        {
            Configure(lab, scope);
            var other = await CompareAsync(lab, "-C");
            Assert.That(other.ExitCode, Is.Zero, other.ToString());
            Assert.That(other.Out, Does.Contain("peer1: no differences\n").And.Contain("peer2: no differences\n"), scope[0]);
        }
        // Whole seconds are all that busybox tells.
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        foreach (var peer in lab.Peers) peer.Write($"{Conf}/a.conf", "# changed behind the primary's back\n");
        foreach (var scope in scopes)
        {
            Configure(lab, scope);
            var changed = await CompareAsync(lab, "-C");
            Assert.That(changed.Out.Split("nginx probably does not run what is on its disk").Length - 1, Is.EqualTo(2), changed.Out);
        }
        Configure(lab);
        Assert.That((await CompareAsync(lab, "-C")).Out, Does.Contain("2 where nginx runs something else than its disk holds").And.Not.Contain("probably"), "the scope of the record");

        // A push of another scope records that one.
        Configure(lab, scopes[0]);
        Assert.That((await lab.Primary.RunAsync("nginx-sync")).ExitCode, Is.Zero);
        Configure(lab);
        Assert.That((await CompareAsync(lab, "-C")).Out, Does.EndWith("\n2 nodes compared, 0 with differences\n"));
    }

    [Test]
    public async Task A_drifted_node_whose_nginx_runs_its_drift_has_no_reload_pending()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        lab.Primary.Write($"{Conf}/a.conf", "# newer here\n");

        var outcome = await CompareAsync(lab, "-C");

        Assert.That(outcome.Out, Does.Contain("peer1: 1 path is not the same (1 differ)\n"));
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_node_that_cannot_be_reached_or_read_is_an_error_and_the_others_are_compared()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Debian, PeerKind.Debian);
        await lab.Peers[0].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        // root reads everything, so it takes a login that does not: -u as a user without sudo.
        await lab.Peers[1].RunAsync("chmod", "0600", $"{Conf}/a.conf");

        var outcome = await lab.Primary.RunAsync(
            new Invocation("nginx-sync", "-u", "-C", "-f", "/etc/readable.conf") { User = "plain" });
        Assert.That(outcome.ExitCode, Is.EqualTo(2), "no such configuration file");

        lab.Primary.Write("/etc/readable.conf", lab.Primary.ReadText("/etc/nginx-sync.conf"));
        outcome = await lab.Primary.RunAsync(
            new Invocation("nginx-sync", "-u", "-C", "-f", "/etc/readable.conf") { User = "plain" });
        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain("peer1 could not be compared").And.Contain("peer2 could not be compared"));
        Assert.That(outcome.Err, Does.Contain("a.conf"), "what cannot be read is named");
        Assert.That(outcome.Out, Does.Contain("peer3: no differences").And.Contain("peer2: could not be compared"));
        Assert.That(outcome.Out, Does.EndWith("1 node compared, 0 with differences; 2 nodes not compared\n"));
    }

    [Test]
    public async Task A_node_where_nginx_is_stopped_is_compared_and_is_not_well()
    {
        await using var lab = await StartPushedAsync(Both);
        await lab.Peers[0].StopNginxAsync();
        await lab.Peers[1].StopNginxAsync();
        var outcome = await CompareAsync(lab, "-C");
        Assert.That(outcome.Out, Does.Contain("peer1: no differences; nginx is not running\n").And.Contain("peer2: no differences; nginx is not running\n"));
        Assert.That(outcome.Out, Does.EndWith("\n2 nodes compared, 0 with differences, 2 where nginx is not running\n"));
        Assert.That(outcome.ExitCode, Is.EqualTo(1));

        Configure(lab, "EXPECT_RUNNING=no");
        var onPurpose = await CompareAsync(lab, "-C");
        Assert.That(onPurpose.Out, Does.Contain("peer1: no differences; nginx is not running (EXPECT_RUNNING=no)\n"));
        Assert.That(onPurpose.Out, Does.EndWith("\n2 nodes compared, 0 with differences\n"));
        Assert.That(onPurpose.ExitCode, Is.Zero);
        Assert.That((await CompareAsync(lab, "-C", "-q")).Out, Is.Empty);
    }

    [Test]
    public async Task An_nginx_that_runs_something_else_than_its_disk_holds_is_not_well_and_nobody_is_told_to_reload_drift()
    {
        await using var lab = await StartPushedAsync(Both);
        // What nginx serves differs from both disks, which are the same.
        lab.Primary.Write($"{Conf}/a.conf", "# newer everywhere\n");
        foreach (var peer in lab.Peers) peer.Write($"{Conf}/a.conf", "# newer everywhere\n");

        var same = await CompareAsync(lab, "-C");

        Assert.That(same.ExitCode, Is.EqualTo(1), same.ToString());
        foreach (var peer in lab.Peers)
        {
            Assert.That(same.Out, Does.Contain($"{peer.Name}: no differences; nginx does not run what is on its disk: a push reloads it\n"));
        }
        lab.Primary.Write($"{Conf}/a.conf", "# newest here\n");
        var drifted = await CompareAsync(lab, "-C");
        Assert.That(drifted.ExitCode, Is.EqualTo(1));
        Assert.That(drifted.Out.Split("do not reload it, because that would make the differences live; push\n"), Has.Length.EqualTo(3));
        Assert.That(drifted.Out, Does.Not.Contain("reloads"));
        _ = (await lab.Primary.RunAsync("nginx-sync")).OutIfSuccessful;
        Assert.That((await CompareAsync(lab, "-C")).ExitCode, Is.Zero, "a push is the cure");
    }

    private static async Task ForgetAsync(Lab lab)
    {
        foreach (var peer in lab.Peers)
        {
            var gone = await peer.RunAsync("rm", "/var/lib/nginx-sync/served");
            Assert.That(gone.ExitCode, Is.Zero, gone.ToString());
        }
    }
}
