using System.Text.Json;
using ConfSync.SystemTests.Faults;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>A service that the administrator describes, shown on unbound: what a push of its files tests, reloads, sees and undoes.</summary>
public sealed class OwnServiceTests
{
    private const string Configuration = "/etc/unbound/unbound.conf", Definition = "/etc/nginx-sync.d/services/nameserver.conf", Hold = "/run/nginx-sync/hold";

    // What unbound answers is what its file says.
    private const string Serves =
        "want=$(sed -n \"s/.*site.lab. A //p\" /etc/unbound/unbound.conf | tr -d \\\"); [ -n \"$want\" ] && busybox nslookup site.lab 127.0.0.1 | grep -qF \"$want\"";

    private const string Reload = "[ ! -e /etc/unbound/refuse ] || { echo refused; exit 3; }; kill -HUP $(cat /run/unbound.pid)";

    private Lab lab = null!;

    private Node Peer => lab.Peers[0];

    [TearDown]
    public async Task EndAsync() => await lab.DisposeAsync();

    /// <summary>Each node serves nginx, and names by unbound; all of that is known to the primary.</summary>
    private async Task StartAsync(params PeerKind[] kinds)
    {
        lab = await Lab.StartAsync(kinds);
        lab.Pushes("/etc/nginx/conf.d /etc/unbound", "HEALTHCHECK='true sesame2'");
        Define();
        foreach (var node in lab.Peers.Append<Node>(lab.Primary)) WriteAddress(node, "192.0.2.1");
        foreach (var peer in lab.Peers) await peer.ShAsync("mkdir -p /run/nginx-sync; unbound");
        await lab.Primary.PushedAsync();
    }

    private void Define(string reload = Reload, string serves = Serves, string more = "") => lab.Primary.Write(Definition, $"""
        PATHS=/etc/unbound
        PROGRAM=/usr/sbin/unbound
        # No program's arguments have what a command says.
        TEST='secret=sesame1; if grep -qs "sesame[0-9]" /proc/[0-9]*/cmdline; then echo seen; exit 1; fi; unbound-checkconf /etc/unbound/unbound.conf'
        RELOAD='{reload}'
        SERVES='{serves}'
        SERVES_TIMEOUT=2
        {more}

        """);

    private static void WriteAddress(Node node, string address, string name = "site.lab.") => node.Write(Configuration, $"""
        server:
          interface: 127.0.0.1
          username: unbound
          chroot: ""
          pidfile: "/run/unbound.pid"
          use-syslog: no
          do-ip6: no
          num-threads: 1
          local-zone: "lab." static
          local-data: "{name} A {address}"
        remote-control:
          control-enable: no

        """);

    private static Task<string> AnswerAsync(Node node) =>
        node.ShAsync("busybox nslookup site.lab 127.0.0.1 | sed -n 's/^Address.*: \\(192.*\\)/\\1/p'");

    [Test]
    public async Task A_change_is_tested_reloaded_and_seen_and_nginx_is_left_alone()
    {
        await StartAsync(PeerKind.Debian, PeerKind.Alpine);
        var workers = await Peer.WorkersAsync();
        WriteAddress(lab.Primary, "192.0.2.2");

        var said = await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(said, Does.Contain($"Testing nameserver config on {peer.Address}").And.Contain($"\nnameserver on {peer.Address} was reloaded and serves it\n"));
            Assert.That(said, Does.Contain("nameserver: unbound-checkconf: no errors in /etc/unbound/unbound.conf"));
            Assert.That(await AnswerAsync(peer), Is.EqualTo("192.0.2.2"));
        }
        Assert.That(await Peer.WorkersAsync(), Is.EqualTo(workers), "nginx was not reloaded");
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"), "each is known to serve its own files");
        lab.Primary.WriteSite("site");
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain("nginx on").And.Not.Contain("nameserver on"));

        // A test that fails changes nothing, and neither does a reload or a look that fails in the end.
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync(Configuration)));
        lab.Primary.Write(Configuration, "server:\n  nonsense: yes\n");
        await RefusedAsync("testing the new configuration of nameserver failed; nothing was changed there", "TEST of nameserver failed (status 1)", "nonsense");
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync(Configuration))), Is.EqualTo(before));
        WriteAddress(lab.Primary, "192.0.2.3");
        lab.Primary.Write("/etc/unbound/refuse", "");
        await RefusedAsync("reloading nameserver failed; the old configuration is back in place there", "RELOAD of nameserver failed (status 3):\n    refused");
        lab.Primary.Delete("/etc/unbound/refuse");
        WriteAddress(lab.Primary, "192.0.2.3", "other.lab.");
        await RefusedAsync("reloading nameserver failed; the old configuration is back in place there", "nameserver was not seen to serve within 2 s of its reload (SERVES_TIMEOUT): SERVES said last:");
        WriteAddress(lab.Primary, "192.0.2.2");
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"), "it is known to serve the old one");

        async Task RefusedAsync(params string[] words)
        {
            var push = await lab.Primary.PushAsync("--serial", "all");
            Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
            foreach (var word in words) Assert.That(push.Err, Does.Contain(word));
            foreach (var peer in lab.Peers)
            {
                Assert.That(await AnswerAsync(peer), Is.EqualTo("192.0.2.2"), push.ToString());
                Assert.That(peer.ReadText(Configuration), Does.Contain("192.0.2.2"));
                Assert.That(peer.Exists("/etc/unbound/refuse"), Is.False);
                await peer.LeavesNothingAsync();
            }
        }
    }

    [Test]
    public async Task One_that_was_restarted_or_does_not_run_is_said_as_nginx_is()
    {
        await StartAsync(PeerKind.Debian);
        await Peer.ShAsync("kill $(cat /run/unbound.pid); while [ -e /proc/$(cat /run/unbound.pid) ]; do sleep 0.02; done; unbound");
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "-C")).Out, Does.Contain("nameserver is not known to run what is on its disk: a push reloads it"));
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain($"{Peer.Address} was not known to serve it: nameserver was reloaded and serves it now"));

        await Peer.ShAsync("kill $(cat /run/unbound.pid); while [ -e /proc/$(cat /run/unbound.pid) ]; do sleep 0.02; done");
        WriteAddress(lab.Primary, "192.0.2.2");
        var push = await lab.Primary.PushAsync("--output", "json");
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        using var document = JsonDocument.Parse(push.Out);
        Assert.That(document.RootElement.GetProperty("nodes")[0].GetProperty("services").ToString(), Does.Contain("nameserver").And.Contain("not-running"));
        var again = await lab.Primary.PushAsync();
        Assert.That(again.ExitCode, Is.EqualTo(2), again.ToString());
        Assert.That(again.Err, Does.Contain($"{Peer.Address}: NAMESERVER IS NOT RUNNING, and nothing serves the configuration there"));
        var compared = await lab.Primary.RunAsync("nginx-sync", "-C");
        Assert.That((compared.ExitCode, compared.Out.Contains("; nameserver is not running", StringComparison.Ordinal)), Is.EqualTo((1, true)), compared.ToString());
        lab.Pushes("/etc/nginx/conf.d /etc/unbound", "EXPECT_RUNNING=nginx");
        Assert.That((await lab.Primary.PushAsync()).ExitCode, Is.Zero);

        // A RELOAD that starts the program: it lives on, and has nothing of the session. RUNNING decides where it is set.
        Define(reload: "kill $(cat /run/unbound.pid) 2>/dev/null; unbound", more: "RUNNING='[ -e /run/on ]'");
        await Peer.ShAsync("touch /run/on");
        WriteAddress(lab.Primary, "192.0.2.4");
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain($"nameserver on {Peer.Address} was reloaded and serves it"));
        Assert.That(await AnswerAsync(Peer), Is.EqualTo("192.0.2.4"));
        Assert.That(await Peer.ShAsync("tr '\\000' '\\n' </proc/$(cat /run/unbound.pid)/environ | grep -c NGINX_SYNC; :"), Is.EqualTo("0"));
        Define(more: "RUNNING=no-such-program");
        var wrong = await lab.Primary.PushAsync();
        Assert.That(wrong.ExitCode, Is.EqualTo(2), wrong.ToString());
        Assert.That(wrong.Err, Does.Contain("RUNNING of nameserver failed (status 127)").And.Contain("no-such-program"));
    }

    [Test]
    public async Task After_a_push_that_was_cut_off_the_old_configuration_is_served_again()
    {
        await StartAsync(PeerKind.Debian);
        WriteAddress(lab.Primary, "192.0.2.2");

        var push = await PushAsync("signalled-nameserver", push => Fault.KillRunner.StrikeAsync(lab.Primary, push, Peer));
        Assert.That(push.Err, Does.Contain("the old configuration is back in place there"), push.ToString());
        Assert.That(await AnswerAsync(Peer), Is.EqualTo("192.0.2.1"));
        await Peer.LeavesNothingAsync();

        // As after a loss of power: nobody is left to undo it. A run in which nginx alone takes part cannot.
        await PushAsync("verified", async push =>
        {
            await Fault.KillBoth.StrikeAsync(lab.Primary, push, Peer);
            push.Kill();
        });
        lab.Pushes("/etc/nginx/conf.d");
        var alone = await lab.Primary.PushAsync();
        Assert.That(alone.Err, Does.Contain("that push reloads more than nginx"), alone.ToString());
        lab.Pushes("/etc/nginx/conf.d /etc/unbound");
        await lab.Primary.PushedAsync();
        Assert.That(await AnswerAsync(Peer), Is.EqualTo("192.0.2.2"));
        await Peer.LeavesNothingAsync();
    }

    private async Task<Outcome> PushAsync(string mark, Func<Running, Task> strikeAsync)
    {
        await Peer.ShAsync($"rm -f {Hold}.reached");
        Peer.Write(Hold, mark + "\n");
        await using var push = await lab.Primary.StartAsync("nginx-sync");
        await Eventually.TrueAsync(() => Peer.Exists(Hold + ".reached") || push.HasExited, $"the push is at {mark}");
        await strikeAsync(push);
        Peer.Delete(Hold);
        return await push.WaitAsync();
    }
}
