using System.Diagnostics;

namespace ConfSync.SystemTests.Push;

/// <summary>HEALTHCHECK: the last word on whether a peer serves the new configuration.</summary>
public sealed class HealthCheckTests
{
    private const string Site = "/etc/nginx/conf.d/site.conf";

    [Test]
    public async Task A_check_that_succeeds_lets_the_push_through()
    {
        await using var lab = await StartAsync("curl -fsS http://127.0.0.1:81/ | grep -q new");

        var push = await PushAsync(lab, "new");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That((await lab.Peers[0].HttpGetAsync(port: 81)).Body, Is.EqualTo("new\n"));
    }

    [Test]
    public async Task A_check_that_fails_undoes_the_push()
    {
        await using var lab = await StartAsync("echo no pulse; false");
        var peer = lab.Peers[0];
        var before = await peer.TreeAsync("/etc/nginx");

        var push = await PushAsync(lab, "new");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("the health check failed; the old configuration is back in place there")
            .And.Contain("no pulse"));
        Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That((await peer.HttpGetAsync()).Body, Is.EqualTo("default\n"));
    }

    // The old configuration needs a file that is not pushed, and that is gone by the time of the undo.
    [Test]
    public async Task Where_all_files_are_back_and_nginx_does_not_take_them_the_report_says_both()
    {
        await using var lab = await StartAsync("rm -f /srv/needed.conf; false", "RELOAD_TIMEOUT=4");
        var peer = lab.Peers[0];
        await peer.ShAsync("mkdir -p /srv; echo '# nothing' >/srv/needed.conf");
        peer.Write(Site, "include /srv/needed.conf;\n");
        await peer.ShAsync("nginx -s reload");
        var before = await peer.TreeAsync("/etc/nginx");

        var push = await PushAsync(lab, "new");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("the health check failed; THE OLD FILES ARE BACK, BUT WERE NOT SEEN TO BE SERVED")
            .And.Contain("NEEDS YOU").And.Contain("open() \"/srv/needed.conf\" failed").And.Not.Contain("full or read-only"));
        Assert.That(push.Err, Does.EndWith($"{peer.Address} has the old files, NOT SEEN TO BE SERVED.\n"));
        // What was staged stays until the undo is complete.
        Assert.That((await peer.TreeAsync("/etc/nginx")).Where(line => !line.Contains("/.nginx-sync.", StringComparison.Ordinal)), Is.EqualTo(before));

        await peer.ShAsync("echo '# nothing' >/srv/needed.conf");
        var recovered = await peer.RunAsync("sh", "/run/nginx-sync/undo");

        Assert.That(recovered.OutIfSuccessful, Does.Contain("it is undone now"));
        Assert.That(peer.Exists("/var/lib/nginx-sync/transaction"), Is.False);
        Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(before));
    }

    [Test]
    public async Task What_was_known_to_serve_before_an_undo_is_known_after_it()
    {
        await using var lab = await StartAsync("test ! -e /tmp/sick");
        Assert.That((await PushAsync(lab, "old")).ExitCode, Is.Zero);
        lab.Peers[0].Write("/tmp/sick", "");
        Assert.That((await PushAsync(lab, "new")).ExitCode, Is.EqualTo(2));

        var again = await PushAsync(lab, "old");

        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Out, Does.Contain("is up to date").And.Not.Contain("was not known to serve"));
    }

    [Test]
    public async Task A_check_is_tried_again_until_its_time_is_over()
    {
        await using var lab = await StartAsync("test -e /tmp/tried || { touch /tmp/tried; exit 1; }");

        var push = await PushAsync(lab, "new");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(lab.Peers[0].Exists("/tmp/tried"), Is.True);
    }

    [Test]
    public async Task A_check_that_hangs_is_ended_and_the_push_undone()
    {
        await using var lab = await StartAsync("sleep 1000");
        var before = await lab.Peers[0].TreeAsync("/etc/nginx");

        var push = await PushAsync(lab, "new");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(await lab.Peers[0].TreeAsync("/etc/nginx"), Is.EqualTo(before));
    }

    /// <summary>One ignores SIGTERM and has children, in its process group and in a session of their own, that hold its
    /// output open; another succeeds and leaves such children behind.</summary>
    [TestCase("trap \"\" TERM; sleep 3141 & setsid sleep 3142 & echo no pulse; sleep 3143; sleep 3144", 2)]
    [TestCase("sleep 3141 & setsid sleep 3142 & true", 0)]
    public async Task A_check_and_all_that_it_started_end_with_its_time(string check, int status)
    {
        await using var lab = await StartAsync(check);
        var clock = Stopwatch.StartNew();

        var push = await PushAsync(lab, "new");

        Assert.That(push.ExitCode, Is.EqualTo(status), push.ToString());
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(30)));
        if (status != 0)
        {
            Assert.That(push.Err, Does.Contain("HEALTHCHECK did not succeed within 2 s (HEALTHCHECK_TIMEOUT); it said last:").And.Contain("no pulse"));
        }
        Assert.That((await lab.Peers[0].RunAsync("pgrep", "-f", "^sleep 314")).Out, Is.Empty, "nothing runs on");
    }

    [Test]
    public async Task Neither_the_check_nor_an_expression_of_POSTSYNC_is_in_a_programs_arguments()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Primary.Configure(
            $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"",
            "HEALTHCHECK='password=hush; grep -azl hush /proc/[0-9]*/cmdline >/root/seen; env | grep -c hush >>/root/seen; true'",
            "SED=/root/sed", $"POSTSYNC=\"{Site}|s/old/hush/\"");
        lab.Primary.Write("/root/sed", "#!/bin/sh\ntr '\\0' ' ' </proc/$$/cmdline >>/root/called\nexec /bin/sed \"$@\"\n");
        await lab.Primary.RunAsync("chmod", "755", "/root/sed");

        var push = await PushAsync(lab, "old");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That((await lab.Peers[0].HttpGetAsync(port: 81)).Body, Is.EqualTo("hush\n"));
        // The grep that looks for it is the one that has it, and it was started by the check.
        Assert.That(lab.Peers[0].ReadText("/root/seen"), Does.Match("^(/proc/[0-9]+/cmdline\n)?0\n$"));
        Assert.That(lab.Primary.ReadText("/root/called"), Does.Contain("-f").And.Not.Contain("hush"));
    }

    private static async Task<Lab> StartAsync(string check, params string[] more)
    {
        var lab = await Lab.StartPeersAsync(1);
        lab.Primary.Configure(
            $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"", $"HEALTHCHECK='{check}'",
            "HEALTHCHECK_TIMEOUT=2", string.Join('\n', more));
        return lab;
    }

    private static Task<Outcome> PushAsync(Lab lab, string answer)
    {
        lab.Primary.Write(Site, $$"""server { listen 81; return 200 "{{answer}}\n"; }""");
        return lab.Primary.RunAsync("nginx-sync");
    }
}
