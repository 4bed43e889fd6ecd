namespace ConfSync.SystemTests;

/// <summary>The command line: what each flag does, and what a wrong call says before anything is contacted.</summary>
public sealed class OptionTests
{
    [Test]
    public async Task A_wrong_call_is_one_clear_line_and_contacts_nobody()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        foreach (var (status, arguments, words) in WrongCalls(lab))
        {
            var outcome = await lab.NginxSyncAsync(arguments);
            Assert.That(outcome.ExitCode, Is.EqualTo(status), $"{string.Join(' ', arguments)}: {outcome}");
            Assert.That(outcome.Err.Split('\n')[0], Does.StartWith("nginx-sync: ").And.Contain(words));
            Assert.That(outcome.Err.Split('\n'), Has.Length.LessThanOrEqualTo(3));
            Assert.That(outcome.Out, Is.Empty);
        }
        Assert.That(lab.Peers[0].SshLogins(), Is.Zero);
        Assert.That(lab.Primary.Exists("/root/executed"), Is.False);
    }

    /// <summary>The exit status, the call, and what its error names.</summary>
    private static (int Status, string[] Arguments, string Words)[] WrongCalls(Lab lab) =>
    [
        (1, ["--bogus"], "'--bogus'"),
        (1, ["stray"], "'stray'"),
        (1, ["-l"], "-l"),
        (1, ["-l", ""], "-l"),
        (1, ["-l", "/etc"], "/etc"),
        (1, ["-l", "/no/such/log"], "/no/such/log"),
        (1, ["-f"], "-f"),
        (1, ["-f", ""], "-f"),
        (1, ["--node"], "--node"),
        (1, ["--node", "elsewhere"], $"which names: {lab.Nodes}"),
        (1, ["--node", lab.Nodes, "--node", ""], "--node"),
        (1, ["--node", $"{lab.Nodes},elsewhere"], $"--node elsewhere: it is not in NODES of /etc/nginx-sync.conf, which names: {lab.Nodes}"),
        (1, ["--node", $"!{lab.Nodes}"], "that leaves none of NODES"),
        (1, ["push", "elsewhere*"], "push elsewhere*: it is not in NODES"),
        (1, ["-n", "false"], "-n takes no value"),
        (1, ["-dry-run"], "a long option begins with two dashes: --dry-run"),
        (2, ["compare", "elsewhere"], "compare elsewhere: it is not in NODES"),
        (2, ["-C", "-node", lab.Nodes], "a long option begins with two dashes: --node"),
        (1, ["--serial", "0"], "\"0\""),
        (1, ["--serial", "-1"], "--serial"),
        (1, ["--serial", "some"], "\"some\""),
        (1, ["--serial", "99999999999"], "\"99999999999\""),
        (1, ["--serial"], "--serial"),
        (1, ["rolback"], "'rolback'"),
        (1, ["histroy", "-n"], "'histroy'"),
        (1, ["rollback", "elsewhere"], $"rollback elsewhere: it is not in NODES of /etc/nginx-sync.conf, which names: {lab.Nodes}"),
        (1, ["init", lab.Nodes, "--accept", "foo"], "--accept takes a fingerprint"),
        (1, ["rollback", "--to"], "--to"),
        (1, ["rollback", "--to", "-1"], "--to"),
        (1, ["rollback", "--to", "x"], "\"x\""),
        (1, ["rollback", "--node", lab.Nodes], "'--node'"),
        (1, ["--node", lab.Nodes, "rollback"], "--node"),
        (1, ["rollback", "--serial", "0"], "\"0\""),
        (1, ["history", "--force"], "'--force'"),
        (1, ["history", "-n"], "'-n'"),
        (1, ["-n", "history"], "--dry-run is not for nginx-sync history"),
        (1, ["history", "x y"], "history x y: "),
        (1, ["history", lab.Nodes, lab.Nodes], "'"),
        (2, ["-C", "rollback"], "--compare-all is not for nginx-sync rollback"),
        (2, ["-c"], "-c"),
        (2, ["-C", "stray"], "'stray'"),
        (2, ["-C", "-c", lab.Nodes], "exclude each other"),
        (2, ["-C", "-n"], "--dry-run"),
        (2, ["-C", "--no-reload"], "--no-reload"),
        (2, ["-C", "--serial", "2"], "--serial"),
        (2, ["-c", lab.Nodes, "--node", lab.Nodes], "exclude each other"),
        (2, ["-c", "-oProxyCommand=touch /root/executed"], "-"),
        (2, ["-c", "x y"], "space"),
        (2, ["-c", ""], "host is missing"),
    ];

    [TestCase("--dif -C", "Did you mean: --diff? See nginx-sync --help\n")]
    [TestCase("-C --outptu json", "Did you mean: --output? See nginx-sync --help\n")]
    [TestCase("--dryrun", "Did you mean: --dry-run? See nginx-sync --help\n")]
    [TestCase("rolback", "Did you mean: nginx-sync rollback? See nginx-sync --help\n")]
    [TestCase("rollback --froce", "Did you mean: --force? See nginx-sync rollback --help\n")]
    [TestCase("settle --dry-rum", "Did you mean: --dry-run? See nginx-sync settle --help\n")]
    [TestCase("history --diff", "Try: nginx-sync history --help\n")]
    [TestCase("--bogus", "Try: nginx-sync --help\n")]
    public async Task What_was_probably_meant_is_said(string arguments, string last)
    {
        await using var lab = await Lab.StartPeersAsync(0);
        var outcome = await lab.NginxSyncAsync(arguments.Split(' '));
        Assert.That(outcome.Err, Does.EndWith(last));
    }

    [TestCase("rollback 1", "If that is a run or a generation: nginx-sync rollback --to\n")]
    [TestCase("-v", "Did you mean: nginx-sync --version, or -r to name every path? See nginx-sync --help\n")]
    public async Task What_was_most_likely_meant_is_said_below(string call, string words)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();

        var outcome = await lab.NginxSyncAsync(call.Split(' '));

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Err, Does.EndWith(words));
    }

    [Test]
    public async Task Help_and_version_need_nothing()
    {
        await using var lab = await Lab.StartPeersAsync(0);
        var help = (await lab.NginxSyncAsync("--help")).OutIfSuccessful;
        Assert.That((await lab.NginxSyncAsync("-h")).OutIfSuccessful, Is.EqualTo(help));
        foreach (var word in new[]
        {
            "-c", "-C", "-d", "-r", "-u", "-l", "-f", "-n", "--no-reload", "--node", "--serial", "--version",
            "/etc/nginx-sync.conf", "Exit status", "NODES", "CONFPATHS",
        })
        {
            Assert.That(help, Does.Contain(word));
        }
        foreach (var command in new[] { "push", "compare", "status", "rollback", "history", "settle", "doctor", "init", "migrate" })
        {
            var own = (await lab.NginxSyncAsync(command, "--help")).OutIfSuccessful;
            Assert.That(own, Does.Contain($"  nginx-sync {command} ").And.Contain("xit status").And.Not.Contain("nginx-sync -C"), command);
            help += own;
        }
        Assert.That(help.Split('\n').Select(line => line.Length).Max(), Is.LessThanOrEqualTo(100));
        Assert.That((await lab.NginxSyncAsync("--version")).OutIfSuccessful, Does.Match(@"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?(\+[0-9a-f]{12})?\n" +
            @"build: (native|portable), linux-\S+, \.NET 10\.\S+\nprotocol: 1\nlogins: /usr/bin/ssh \(OpenSSH_.*\); SSH\.NET [0-9]+\.[0-9]+\.[0-9]+\n$"));
    }

    [Test]
    public async Task Flags_can_be_bundled_and_written_out()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        foreach (var arguments in new string[][]
        {
            ["-C"], ["-Cd"], ["-Cdr"], ["-Cdl", "/root/log"], ["--compare-all", "--diff", "--verbose", "--no-sudo", "--log", "/root/log"],
        })
        {
            var outcome = await lab.NginxSyncAsync(arguments);
            Assert.That(outcome.ExitCode, Is.EqualTo(1), $"{string.Join(' ', arguments)}: {outcome}");
        }
        var one = await lab.NginxSyncAsync("--compare", lab.Peers[1].Address);
        Assert.That(one.ExitCode, Is.EqualTo(1));
        Assert.That(one.Out, Does.Not.Contain(lab.Peers[0].Address));
        lab.ConfigureNodes(lab.Peers[0].Address);
        Assert.That((await lab.NginxSyncAsync("-c", "peer2")).ExitCode, Is.EqualTo(1), "it need not be in NODES");
    }

    [Test]
    public async Task A_log_gets_everything_and_is_not_for_everyone()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure("UNRELATED=1");
        lab.WriteSite("new");
        await lab.Peers[1].RunAsync("rm", "/usr/sbin/nginx");
        var first = await lab.NginxSyncAsync("-l", "/root/log");
        Assert.That(first.ExitCode, Is.EqualTo(2));
        var log = lab.Primary.ReadText("/root/log");
        // Two streams of one run: their lines are in the log in the order in which they were written.
        Assert.That(Unstamped(log), Is.EquivalentTo(LinesOf(first)));
        Assert.That((await lab.Primary.RunAsync("stat", "-c", "%a", "/root/log")).Out, Is.EqualTo("600\n"));
        var second = await lab.NginxSyncAsync("--log", "/root/log", "-C");
        Assert.That(lab.Primary.ReadText("/root/log"), Does.StartWith(log));
        Assert.That(Unstamped(lab.Primary.ReadText("/root/log")[log.Length..]), Is.EquivalentTo(LinesOf(second)));
        var both = await lab.Primary.RunAsync("sh", "-c", "TZ=CET-1 nginx-sync -l /root/same >>/root/same 2>&1");
        Assert.That(both.ExitCode, Is.EqualTo(2));
        Assert.That(lab.Primary.ReadText("/root/same").Split("Synchronization started at"), Has.Length.EqualTo(2), "once, though it is its own log");
        var quiet = await lab.Primary.RunAsync("sh", "-c", "TZ=CET-1 nginx-sync -q -l /root/quiet");
        Assert.That(quiet.Out, Is.Empty);
        Assert.That(lab.Primary.ReadText("/root/quiet"), Does.Match(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+01:00 .*(\n.*)*\+01:00  \* Synchronization started at "), "a log gets it all");
    }

    private static IEnumerable<string> LinesOf(Outcome outcome) =>
        (outcome.Out + outcome.Err).Split('\n').Where(line => line.Length > 0);

    private static IEnumerable<string> Unstamped(string log)
    {
        var lines = log.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.All.Match(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d ."), "each with the time and its zone (RFC 3339)");
        return lines.Select(line => line["2026-01-01T00:00:00+00:00 ".Length..]);
    }

    [Test]
    public async Task Two_runs_with_one_log_lose_nothing_and_a_full_disk_stops_no_push()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => lab.NginxSyncAsync("-C", "-l", "/root/log")));
        Assert.That(Unstamped(lab.Primary.ReadText("/root/log")), Is.EquivalentTo(runs.SelectMany(LinesOf)));
        var full = await lab.NginxSyncAsync("-l", "/dev/full");
        Assert.That(full.ExitCode, Is.EqualTo(2), full.ToString());
        Assert.That(full.Err, Does.Contain("the log /dev/full cannot be written"));
        Assert.That(await lab.Peers[1].SiteAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        lab.Peers[1].Write(NginxSync.Site, lab.Primary.ReadText(NginxSync.Site));
        lab.Peers[1].Write("/etc/nginx/conf.d/gone.conf", "");
        var before = await StateAsync(lab);
        var outcome = await lab.NginxSyncAsync("--dry-run");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Contain($"* Would update configuration on {lab.Peers[0].Address}\n\n    1 created\n    create  {NginxSync.Site}\n"));
        Assert.That(outcome.Out, Does.Contain($"* Would update configuration on {lab.Peers[1].Address}\n\n    1 deleted\n    delete  /etc/nginx/conf.d/gone.conf\n"));
        Assert.That(await StateAsync(lab), Is.EqualTo(before));
        Assert.That(lab.Primary.Exists("/var/lib/nginx-sync"), Is.False);

        lab.Primary.Write(NginxSync.Site, "server { listen 8080; root /no; include /etc/only-here.conf; }");
        lab.Primary.Write("/etc/only-here.conf", "");
        var failing = await lab.NginxSyncAsync("-n");
        Assert.That(failing.ExitCode, Is.EqualTo(2));
        Assert.That(failing.Err, Does.Contain("/etc/only-here.conf"));
        Assert.That(await StateAsync(lab), Is.EqualTo(before));
    }

    [Test]
    public async Task Without_reload_the_files_are_there_and_a_later_run_reloads()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        var pushed = await lab.NginxSyncAsync("--no-reload");
        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        Assert.That(pushed.Out, Does.Contain("was not reloaded (--no-reload)"));
        foreach (var peer in lab.Peers)
        {
            Assert.That(peer.Exists(NginxSync.Site), Is.True);
            Assert.That(() => peer.SiteAsync(), Throws.InstanceOf<HttpRequestException>());
        }
        foreach (var again in new[] { "--no-reload", "--dry-run" })
        {
            var outcome = await lab.NginxSyncAsync(again);
            Assert.That(outcome.ExitCode, Is.Zero);
            Assert.That(outcome.Out, Does.Contain("nginx is not known to serve the files that are there: a push reloads it"));
        }
        var reloaded = await lab.NginxSyncAsync();
        Assert.That(reloaded.ExitCode, Is.Zero, reloaded.ToString());
        Assert.That(reloaded.Out, Does.Contain("nginx was reloaded and serves it now"));
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That((await lab.NginxSyncAsync()).Out, Does.Not.Contain("reloaded"));
    }

    [Test]
    public async Task Some_nodes_can_be_picked()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        var (first, second, third) = (lab.Peers[0].Address, lab.Peers[1].Address, lab.Peers[2].Address);
        Assert.That((await lab.NginxSyncAsync("--node", third, first)).ExitCode, Is.Zero);
        Assert.That(string.Join(", ", lab.Peers.Select(peer => peer.SshLogins())), Is.EqualTo("1, 0, 1"));
        var compared = await lab.NginxSyncAsync("-C", "--node", second, "--node", first);
        Assert.That(compared.ExitCode, Is.EqualTo(1), compared.ToString());
        Assert.That(compared.Out.IndexOf(first, StringComparison.Ordinal), Is.LessThan(compared.Out.IndexOf(second, StringComparison.Ordinal)));
        Assert.That(string.Join(", ", lab.Peers.Select(peer => peer.SshLogins())), Is.EqualTo("2, 1, 1"));
    }

    [Test]
    public async Task Words_do_what_the_flags_do_with_the_nodes_that_are_named()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        var (second, third) = (lab.Peers[1].Address, lab.Peers[2].Address);

        var pushed = await lab.NginxSyncAsync("push", $"{third},{second}");
        var same = await lab.NginxSyncAsync("compare", $"!{lab.Peers[0].Address}");
        var other = await lab.NginxSyncAsync("diff", "*");
        var rest = await lab.NginxSyncAsync("push");

        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        Assert.That(pushed.Out, Does.Not.Contain(lab.Peers[0].Address));
        Assert.That(same.ExitCode, Is.Zero, same.ToString());
        Assert.That(same.Out, Does.Not.Contain(lab.Peers[0].Address).And.Contain(second).And.Contain(third));
        Assert.That(other.ExitCode, Is.EqualTo(1), other.ToString());
        Assert.That(other.Out, Does.Contain("+server { listen 8080; return 200 'new'; }").Or.Contain("-server { listen 8080; return 200 'new'; }"));
        Assert.That(rest.ExitCode, Is.Zero, rest.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
    }

    private static async Task<List<string>> StateAsync(Lab lab)
    {
        var state = new List<string>();
        foreach (var peer in lab.Peers)
        {
            state.AddRange(await peer.TreeAsync("/etc"));
            state.Add($"{peer.Generations()} generations");
            state.Add((await peer.RunAsync("sh", "-c", "stat -c '%n %z' /etc/nginx/conf.d/*; pgrep -d ' ' nginx")).Out);
        }
        return state;
    }
}
