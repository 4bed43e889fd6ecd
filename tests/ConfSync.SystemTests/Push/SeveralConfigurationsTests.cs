namespace ConfSync.SystemTests.Push;

/// <summary>Several configuration files push different paths to one node: what is known to be served is known of each.</summary>
public sealed class SeveralConfigurationsTests
{
    private const string Sites = "/etc/nginx/conf.d", Extra = "/etc/nginx/extra";

    private static readonly string[] Names = ["sites", "extra"];

    [Test]
    public async Task They_do_not_make_each_other_reload([Values] bool busybox)
    {
        await using var lab = await TwoAsync(busybox);
        var peer = lab.Peers[0];
        var reloads = peer.Reloads();
        Assert.That(reloads, Is.EqualTo(2));
        for (var i = 0; i < 2; i++)
        {
            foreach (var name in Names) Assert.That(await PushedAsync(lab, name), Does.Contain("already up to date"), name);
        }
        lab.Primary.WriteSite("newer");
        await PushedAsync(lab, "sites");
        Assert.That(peer.Reloads(), Is.EqualTo(reloads + 1));
        Assert.That(await PushedAsync(lab, "extra"), Does.Contain("already up to date"));
        Assert.That(peer.Reloads(), Is.EqualTo(reloads + 1));
        foreach (var name in Names)
        {
            var comparison = await lab.Primary.RunAsync("nginx-sync", "-f", $"/etc/{name}.conf", "-C", "--output", "json");
            Assert.That(comparison.OutIfSuccessful, Does.Contain("\"nginx\": \"current\""), name);
        }
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "-f", "/etc/extra.conf", "history")).OutIfSuccessful.Split("served now"), Has.Length.EqualTo(3));

        // The last run is of the other configuration: it stays, also where the roll-back is gone back over.
        lab.Primary.Write($"{Extra}/a.conf", "# newer\n");
        await PushedAsync(lab, "extra");
        lab.Primary.WriteSite("newest");
        await PushedAsync(lab, "sites");
        foreach (var (call, extra) in new[] { ("rollback", "# extra\n"), ("rollback", "# newer\n"), ($"rollback {peer.Address}", "# extra\n"), ("rollback --force", "# newer\n") })
        {
            var back = await lab.Primary.RunAsync("sh", "-c", $"nginx-sync -f /etc/extra.conf {call}");
            Assert.That(back.OutIfSuccessful, Does.Contain("Rolled back 1 of 1 node: 1 put back; it serves it. Undone: "));
            Assert.That((peer.ReadText($"{Extra}/a.conf"), await peer.AnswerAsync(81)), Is.EqualTo((extra, "newest")), call);
        }

        // A push that is undone reloads as well, and leaves known what was.
        lab.Primary.Write($"{Extra}/bad.conf", "server { listen 8081; }");
        await peer.TakePortAsync(8081);
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "-f", "/etc/extra.conf")).ExitCode, Is.EqualTo(2));
        lab.Primary.Delete($"{Extra}/bad.conf");
        reloads = peer.Reloads();
        foreach (var name in Names) Assert.That(await PushedAsync(lab, name), Does.Contain("already up to date"), name);
        Assert.That(peer.Reloads(), Is.EqualTo(reloads));
    }

    // What was on the disk when the other push reloaded is what nginx serves, whatever is there before and after.
    [Test]
    public async Task What_was_there_for_a_moment_while_the_other_reloaded_is_not_taken_for_what_is_pushed([Values] bool busybox)
    {
        await using var lab = await TwoAsync(busybox);
        var peer = lab.Peers[0];
        // Of the same length, in place, with its time set back.
        await peer.ShAsync($"cd {Sites}; cp -p site.conf /tmp/kept; sed s/one/odd/ /tmp/kept >site.conf; touch -r /tmp/kept site.conf");
        lab.Primary.Write($"{Extra}/a.conf", "# newer\n");
        await PushedAsync(lab, "extra");
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("odd"));
        await peer.ShAsync($"cd {Sites}; cat /tmp/kept >site.conf; touch -r /tmp/kept site.conf");

        var push = await PushedAsync(lab, "sites");

        Assert.That(push, Does.Contain("was not known to serve it: nginx was reloaded and serves it now"));
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("one"));
    }

    [TestCase("rm site.conf", TestName = "{m}(deleted)")]
    [TestCase("echo '# more' >more.conf", TestName = "{m}(added)")]
    [TestCase("mv site.conf other.conf", TestName = "{m}(renamed)")]
    public async Task What_is_touched_between_two_pushes_of_others_is_not_known_any_more(string edit)
    {
        await using var lab = await TwoAsync(busybox: false);
        var served = $"{PeerSide.State}/served";
        Assert.That(lab.Peers[0].ReadText(served).Split('\n'), Has.Length.EqualTo(4));
        await lab.Peers[0].ShAsync($"cd {Sites}; {edit}");
        lab.Primary.Write($"{Extra}/a.conf", "# newer\n");
        await PushedAsync(lab, "extra");
        Assert.That(lab.Peers[0].ReadText(served).Split('\n'), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task So_many_are_kept_and_no_more()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        for (var i = 0; i < 10; i++)
        {
            lab.Primary.Write($"{Sites}/{i}.conf", "# site\n");
            lab.Primary.Write("/etc/one.conf", $"NODES={lab.Nodes}\nCONFPATHS={Sites}/{i}.conf\n");
            await PushedAsync(lab, "one");
        }
        var lines = lab.Peers[0].ReadText($"{PeerSide.State}/served").TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.EqualTo(9));
        Assert.That(lines.Skip(1).Select(line => line.Split(' ')[^1]), Is.EqualTo(Enumerable.Range(2, 8).Reverse().Select(i => $"{Sites}/{i}.conf")));
    }

    // Lines that no push of this program writes.
    [Test]
    public async Task A_record_that_makes_no_sense_is_none()
    {
        await using var lab = await TwoAsync(busybox: false);
        await lab.Peers[0].ShAsync($$"""
            cd {{PeerSide.State}}; head -n 1 served >new
            echo 'a[$(touch /tmp/ran)] b /etc' >>new; echo '0123:ab 0123 ../etc' >>new; echo '0123:cd 0123 /etc/%zz $(touch${IFS}/tmp/ran)' >>new
            tail -n +2 served >>new; cat new >served; rm new
            """);
        lab.Primary.Write($"{Extra}/a.conf", "# newer\n");
        await PushedAsync(lab, "extra");
        Assert.That(lab.Peers[0].Exists("/tmp/ran"), Is.False);
        Assert.That(lab.Peers[0].ReadText($"{PeerSide.State}/served").TrimEnd('\n').Split('\n'), Has.Length.EqualTo(3));
        Assert.That(await PushedAsync(lab, "sites"), Does.Contain("already up to date").And.Not.Contain("was not known"));
    }

    /// <summary>Each has a lock of its own, so that nothing else keeps them from recording themselves at the same moment.</summary>
    [Test]
    public async Task Runs_that_end_together_are_all_remembered()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        for (var i = 1; i <= 12; i++)
        {
            lab.Primary.Write($"/etc/{i}.conf", $"NODES={lab.Nodes}:9\nCONFPATHS={Sites}\nLOCKFILE=/run/lock/{i}\n");
        }
        var ended = (await lab.Primary.RunAsync("sh", "-c", """
            i=0
            while [ $i -lt 12 ]; do
              i=$((i + 1))
              { nginx-sync -q -m "number $i" -f /etc/$i.conf >/tmp/$i.out 2>&1; echo "$i $?"; } &
            done
            wait
            """)).OutIfSuccessful.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // Two that keep the primary's configuration in BACKUPDIR at the same moment may disturb each other. Such a run has no nodes to remember.
        var failed = ended.Where(line => line.EndsWith(" 2", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ToList();
        Assert.That(failed, Has.Count.GreaterThan(2), string.Join(", ", ended));
        var runs = lab.Primary.ReadText("/var/lib/nginx-sync/runs");

        Assert.That(failed.Where(i => !runs.Contains($"number%20{i} ", StringComparison.Ordinal)), Is.Empty, runs);
    }

    private static async Task<Lab> TwoAsync(bool busybox)
    {
        var lab = await Lab.StartPeersAsync(1, busybox ? PeerKind.Alpine : PeerKind.Debian);
        foreach (var node in lab.Peers.Prepend<Node>(lab.Primary)) node.EditMain("include conf.d/*.conf;", $"include {Extra}/*.conf; include conf.d/*.conf;");
        lab.Primary.WriteSite("one");
        lab.Primary.Write($"{Extra}/a.conf", "# extra\n");
        lab.Primary.Write("/etc/sites.conf", $"NODES={lab.Nodes}\nCONFPATHS={Sites}\n");
        lab.Primary.Write("/etc/extra.conf", $"NODES={lab.Nodes}\nCONFPATHS={Extra}\n");
        foreach (var name in Names) await PushedAsync(lab, name);
        return lab;
    }

    private static async Task<string> PushedAsync(Lab lab, string name) =>
        (await lab.Primary.RunAsync("nginx-sync", "-f", $"/etc/{name}.conf")).OutIfSuccessful;
}
