using System.Security.Cryptography;

namespace ConfSync.SystemTests;

/// <summary>What the other system tests take for granted about their lab.</summary>
public sealed class LabTests
{
    private static readonly string[] Ssh = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=2"];

    [Test]
    public async Task Nodes_serve_http_each_from_its_own_disk()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Peers[0].Write("/etc/nginx/conf.d/default.conf", "server { listen 80; return 200 one; }");
        Assert.That((await lab.Peers[0].RunAsync("nginx", "-s", "reload")).ExitCode, Is.Zero);
        await Eventually.TrueAsync(
            async () => await lab.Peers[0].HttpGetAsync() == new HttpAnswer(200, "one"), "the first peer reloads");
        Assert.That(await lab.Peers[1].HttpGetAsync(), Is.EqualTo(new HttpAnswer(200, "default\n")));
        Assert.That(await lab.Primary.HttpGetAsync(), Is.EqualTo(new HttpAnswer(200, "default\n")));
    }

    [Test]
    public async Task The_primary_logs_in_on_every_peer_and_logins_are_counted()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        foreach (var peer in lab.Peers)
        {
            Assert.That(peer.SshLogins(), Is.Zero);
            Assert.That(await SayHostnameAsync(lab, peer.Address), Is.EqualTo(peer.Name));
            Assert.That(await SayHostnameAsync(lab, peer.Name), Is.EqualTo(peer.Name));
            Assert.That(peer.SshLogins(), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task The_published_command_runs_on_the_primary_for_every_user()
    {
        await using var lab = await Lab.StartPeersAsync(0);
        foreach (var user in new[] { "root", "deploy", "plain" })
        {
            var outcome = await lab.Primary.RunAsync(new Invocation("nginx-sync", "--help") { User = user });
            Assert.That(outcome.Err, Is.Empty);
            Assert.That(outcome.ExitCode, Is.Zero);
        }
    }

    /// <summary>Also where the tests themselves were started with a signal ignored, as a job in a script's background is.</summary>
    [Test]
    public async Task Commands_start_with_no_signal_ignored()
    {
        await using var lab = await Lab.StartPeersAsync(0);
        Assert.That(
            (await lab.Primary.RunAsync("grep", "SigIgn", "/proc/self/status")).OutIfSuccessful, Is.EqualTo("SigIgn:\t0000000000000000\n"));
    }

    [Test]
    public async Task A_crash_is_silent_and_keeps_the_disk_only()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        peer.Write("/etc/kept", "kept");
        peer.Write("/tmp/lost", "lost");
        await using var session = await lab.Primary.StartAsync([.. Ssh, peer.Name, "echo on; sleep 100"]);
        await session.UntilItSaysAsync("on");

        await peer.CrashAsync();
        Assert.That(
            () => peer.HttpGetAsync(timeout: TimeSpan.FromSeconds(0.5)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(session.HasExited, Is.False, "a machine without power says nothing");

        await peer.BootAsync();
        Assert.That(peer.ReadText("/etc/kept"), Is.EqualTo("kept"));
        Assert.That(peer.Exists("/tmp/lost"), Is.False);
        Assert.That((await peer.HttpGetAsync()).Status, Is.EqualTo(200));
        Assert.That(await SayHostnameAsync(lab, peer.Name), Is.EqualTo(peer.Name));
    }

    [Test]
    public async Task A_session_survives_a_short_loss_of_the_link()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        await using var session = await lab.Primary.StartAsync(
            new Invocation([.. Ssh, peer.Name, "cat"]) { KeepInputOpen = true });
        await session.Input.WriteAsync("before\n"u8.ToArray());
        await session.Input.FlushAsync();
        await session.UntilItSaysAsync("before");

        await peer.UnplugAsync();
        Assert.That((await lab.Primary.RunAsync([.. Ssh, peer.Name, "true"])).ExitCode, Is.EqualTo(255));
        await session.Input.WriteAsync("after\n"u8.ToArray());
        await session.Input.FlushAsync();
        await peer.PlugInAsync();

        await session.UntilItSaysAsync("after");
        session.Input.Close();
        Assert.That((await session.WaitAsync()).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Nginx_stops_and_starts()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await lab.Peers[0].StopNginxAsync();
        Assert.That(() => lab.Peers[0].HttpGetAsync(), Throws.InstanceOf<HttpRequestException>());
        await lab.Peers[0].StartNginxAsync();
        Assert.That((await lab.Peers[0].HttpGetAsync()).Status, Is.EqualTo(200));
    }

    [TestCase("dash")]
    [TestCase("bash")]
    [TestCase("busybox")]
    public async Task Sh_is_what_was_asked_for(string sh)
    {
        await using var lab = await Lab.StartPeersAsync(1, new PeerKind { Sh = sh });
        var executable = await lab.Peers[0].RunAsync("sh", "-c", "readlink /proc/$$/exe; :");
        Assert.That(executable.Out, Is.EqualTo($"/usr/bin/{sh}\n"));
    }

    [TestCase("/usr/bin/fish")]
    [TestCase("/bin/tcsh")]
    [TestCase("/bin/bash")]
    public async Task Users_have_the_login_shell_that_was_asked_for(string shell)
    {
        await using var lab = await Lab.StartPeersAsync(1, new PeerKind { LoginShell = shell });
        foreach (var user in new[] { "root", "deploy", "plain" })
        {
            var said = await lab.Primary.RunAsync([.. Ssh, $"{user}@peer1", "echo $SHELL"]);
            Assert.That(said.OutIfSuccessful, Is.EqualTo($"{shell}\n"));
        }
    }

    [Test]
    public async Task Deploy_may_use_sudo_and_plain_may_not()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers)
        {
            var deploy = await lab.Primary.RunAsync([.. Ssh, $"deploy@{peer.Name}", "id -u; sudo -n id -u"]);
            Assert.That(deploy, Is.EqualTo(new Outcome(0, "2001\n0\n", "")));
            var plain = await lab.Primary.RunAsync([.. Ssh, $"plain@{peer.Name}", "id -u; sudo -n id -u"]);
            Assert.That((plain.ExitCode, plain.Out), Is.EqualTo((1, "2002\n")));
        }
    }

    [Test]
    public async Task An_alpine_peer_has_busybox_for_everything()
    {
        await using var lab = await Lab.StartPeersAsync(1, PeerKind.Alpine with { Flock = false, Unshare = false });
        var said = await lab.Primary.RunAsync([.. Ssh, "root@peer1", """
            for tool in sh find stat tar mv cp ln sync sha256sum sort sed awk xargs mount dd mkfifo od; do
              [ "$(readlink -f "$(command -v $tool)")" = /usr/bin/busybox ] || echo $tool
            done
            for tool in bash dash perl flock unshare numfmt realpath; do command -v $tool; done
            readlink /proc/$$/exe
            """]);
        Assert.That(said.Out, Is.EqualTo("/usr/bin/realpath\n/usr/bin/busybox\n"));
    }

    [Test]
    public async Task An_overlay_can_be_mounted_over_ssh_unless_forbidden()
    {
        const string View = """
            unshare -m sh -ec '
              mount -t tmpfs view /mnt; mkdir /mnt/upper /mnt/work
              mount -t overlay view -o lowerdir=/etc/nginx,upperdir=/mnt/upper,workdir=/mnt/work /etc/nginx
              echo broken >/etc/nginx/nginx.conf; ! nginx -t'
            """;
        var debian = PeerKind.Debian;
        await using var lab = await Lab.StartAsync(debian, PeerKind.Alpine, debian with { MayMount = false });
        for (var i = 0; i < 3; i++)
        {
            var before = await lab.Peers[i].TreeAsync("/etc");
            var said = await lab.Primary.RunAsync([.. Ssh, lab.Peers[i].Name, View]);
            Assert.That(said.ExitCode == 0, Is.EqualTo(i < 2), said.ToString());
            if (i < 2) Assert.That(said.Err, Does.Contain("unexpected end of file"));
            Assert.That(await lab.Peers[i].TreeAsync("/etc"), Is.EqualTo(before));
        }
    }

    [Test]
    public async Task Paths_stay_within_the_node()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        var marker = $"/etc/{lab.Name}";
        peer.Files.Link("/srv/up", "/etc");
        peer.Write($"/srv/up/{lab.Name}", "inside");
        Assert.That(File.Exists(marker), Is.False, "that was the host's file");
        Assert.That(peer.ReadText(marker), Is.EqualTo("inside"));
        Assert.That(peer.ReadText($"/srv/../../srv/up/{lab.Name}"), Is.EqualTo("inside"));
        peer.Delete("/srv/up");
        Assert.That(peer.Exists("/srv/up"), Is.False);
        Assert.That(peer.Exists(marker), Is.True);
    }

    [Test]
    public async Task A_tree_tells_every_difference()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        Assert.That(await peer.TreeAsync("/srv/t"), Is.Empty);
        var seen = new HashSet<string>();
        foreach (var step in new[]
        {
            "mkdir -p /srv/t/d", "echo 1 >/srv/t/d/f", "echo 2 >/srv/t/d/f", "chmod 600 /srv/t/d/f",
            "chown 7 /srv/t/d/f", "chgrp 7 /srv/t/d/f", "chmod 4755 /srv/t/d/f", "ln -s 'a  b' /srv/t/l",
            "ln -sf c /srv/t/l", @"touch ""$(printf '/srv/t/ \\\n\377')""", "chmod 700 /srv/t", "rm -r /srv/t/d",
        })
        {
            Assert.That((await peer.RunAsync("sh", "-c", step)).Err, Is.Empty);
            Assert.That(seen.Add(string.Join('\n', await peer.TreeAsync("/srv/t"))), Is.True, step);
        }
        var empty = Convert.ToHexStringLower(SHA256.HashData([]));
        Assert.That(await peer.TreeAsync("/srv/t"), Is.EqualTo(new[]
        {
            "d 0700 0:0  /srv/t", $@"f 0644 0:0 {empty} /srv/t/ \\\x0a\xff", "l 0777 0:0 c /srv/t/l",
        }));
    }

    [Test]
    public async Task A_command_can_be_fed_signalled_and_killed()
    {
        await using var lab = await Lab.StartPeersAsync(0);
        var input = new byte[3_000_000];
        new Random(1).NextBytes(input);
        var hash = await lab.Primary.RunAsync(new Invocation("sha256sum") { Input = input });
        Assert.That(hash.Out, Does.StartWith(Convert.ToHexStringLower(SHA256.HashData(input))));

        var environment = new Dictionary<string, string> { ["GREETING"] = "a 'b' $c" };
        var greeting = new Invocation("sh", "-c", "echo $GREETING $USER $HOME")
        {
            User = "plain",
            Environment = environment,
        };
        Assert.That((await lab.Primary.RunAsync(greeting)).Out, Is.EqualTo("a 'b' $c plain /home/plain\n"));

        await using var trap = await lab.Primary.StartAsync(
            "sh", "-c", "trap 'exit 3' INT; echo set; while :; do sleep 0.01; done");
        await trap.UntilItSaysAsync("set");
        trap.SignalGroup(Running.SigInt);
        Assert.That((await trap.WaitAsync()).ExitCode, Is.EqualTo(3));

        await using var endless = await lab.Primary.StartAsync("sleep", "1000");
        endless.Kill();
        Assert.That((await endless.WaitAsync()).ExitCode, Is.EqualTo(128 + Running.SigKill));
    }

    [Test]
    public async Task A_steady_load_counts_what_is_answered_and_what_is_not()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await using var load = SteadyLoad.On(lab.Peers[0], perSecond: 200);
        await load.AnswersAsync(50);
        await lab.Peers[0].StopNginxAsync();
        await load.FailureAsync();
        await lab.Peers[0].StartNginxAsync();
        await load.AnswersAsync(50);
        var report = await load.StopAsync();
        Assert.That(report.Bodies.Keys.Single(), Is.EqualTo("default\n"));
        Assert.That(report.Bodies["default\n"], Is.GreaterThanOrEqualTo(100));
        Assert.That(report.Failed, Is.Positive);
        Assert.That(report.Sent, Is.EqualTo(report.Bodies["default\n"] + report.Failed));
    }

    private static async Task<string> SayHostnameAsync(Lab lab, string address) =>
        (await lab.Primary.RunAsync([.. Ssh, address, "cat /proc/sys/kernel/hostname"])).OutIfSuccessful.Trim();
}
