using System.Text;

namespace ConfSync.SystemTests.Push;

/// <summary>Which of several programs and processes a push tests and reloads, and what it says where that would be a
/// guess.</summary>
public sealed class WhichNginxTests
{
    private const string StopNginx = "kill $(cat /run/nginx.pid); while [ -e /run/nginx.pid ]; do sleep 0.01; done";

    private Lab lab = null!;

    [SetUp]
    public async Task StartAsync()
    {
        lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
    }

    [TearDown]
    public async Task EndAsync() => await lab.DisposeAsync();

    [Test]
    public async Task Another_instance_proves_nothing_for_one_that_is_stopped()
    {
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"printf 'pid /run/other.pid; events {{}}' >/tmp/other.conf; {StopNginx}; nginx -c /tmp/other.conf 2>/dev/null");
        }

        var guessed = await lab.Primary.PushAsync();
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "PIDFILE=/run/nginx.pid");
        // What cannot start there: the primary has what it includes.
        lab.Primary.Write("/etc/nginx/conf.d/site.conf", "include /etc/nginx/only-here.conf;");
        lab.Primary.Write("/etc/nginx/only-here.conf", "");
        var broken = await lab.Primary.PushAsync();
        lab.Primary.WriteSite("new");
        var told = await lab.Primary.PushAsync();

        Assert.That(guessed.ExitCode, Is.EqualTo(2), guessed.ToString());
        Assert.That(guessed.Err, Does.Contain("the test proves nothing").And.Contain("/usr/sbin/nginx")
            .And.Contain("/tmp/other.conf").And.Contain("PID ").And.Contain("PIDFILE"));
        Assert.That(broken.ExitCode, Is.EqualTo(2), broken.ToString());
        Assert.That(broken.Err, Does.Contain("only-here.conf"));
        Assert.That(told.ExitCode, Is.EqualTo(2), told.ToString());
        Assert.That(told.Out, Does.Contain($"nginx is not running on {lab.Peers[0].Address}").And.Contain("PIDFILE, /run/nginx.pid"));
        Assert.That(told.Err, Does.Contain("another nginx runs there: see that NGINX and PIDFILE name the one that is meant"));
    }

    [Test]
    public async Task Another_instance_with_a_file_that_is_pushed_does_not_hide_a_configuration_that_cannot_start()
    {
        lab.Primary.Write("/etc/nginx/other.conf", "pid /run/other.pid; events {}");
        lab.Primary.Write("/etc/nginx/conf.d/site.conf", "include /etc/nginx/only-here.conf;");
        lab.Primary.Write("/etc/nginx/only-here.conf", "");
        foreach (var peer in lab.Peers)
        {
            peer.Write("/etc/nginx/other.conf", "pid /run/other.pid; events {}");
            await peer.ShAsync($"{StopNginx}; nginx -c /etc/nginx/other.conf 2>/dev/null");
        }
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d /etc/nginx/other.conf");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("only-here.conf").And.Contain("nothing was changed there"));
    }

    [Test]
    public async Task Of_several_the_one_is_reloaded_that_reads_what_is_pushed()
    {
        foreach (var node in lab.Peers.Append<Node>(lab.Primary))
        {
            await node.ShAsync($"{StopNginx}; printf 'pid /run/other.pid; events {{}}' >/tmp/other.conf; nginx -c /tmp/other.conf 2>/dev/null");
            node.EditMain("pid /run/nginx.pid", "pid /run/elsewhere.pid");
            await node.ShAsync("/usr/sbin/nginx 2>/dev/null");
        }
        var others = await lab.Peers[0].ShAsync("cat /proc/$(cat /run/other.pid)/task/*/children");

        var push = await lab.Primary.PushAsync("-r", "--timing");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        foreach (var peer in lab.Peers)
        {
            var master = await peer.ShAsync("cat /run/elsewhere.pid");
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
            Assert.That(push.Out, Does.Contain($"nginx on {peer.Address}: PID {master}, /usr/sbin/nginx, /etc/nginx/nginx.conf"));
            Assert.That(push.Out, Does.Contain($"nginx: PID {master}, /usr/sbin/nginx, /etc/nginx/nginx.conf"), "--timing");
        }
        Assert.That(await lab.Peers[0].ShAsync("cat /proc/$(cat /run/other.pid)/task/*/children"), Is.EqualTo(others));
    }

    [Test]
    public async Task A_relative_of_nginx_that_serves_is_not_overlooked()
    {
        foreach (var node in lab.Peers.Append<Node>(lab.Primary))
        {
            await node.ShAsync($"{StopNginx}; mkdir /opt/resty; cp /usr/sbin/nginx /opt/resty/openresty; /opt/resty/openresty 2>/dev/null");
        }

        var byDefault = await lab.Primary.PushAsync();
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "NGINX=/opt/resty/openresty");
        var told = await lab.Primary.PushAsync();

        Assert.That(byDefault.ExitCode, Is.EqualTo(1), byDefault.ToString());
        Assert.That(byDefault.Err, Does.Contain("/opt/resty/openresty").And.Contain("NGINX"));
        Assert.That(told.ExitCode, Is.Zero, told.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    /// <summary>nginx, built as angie is: its own title, program, configuration and pid file.</summary>
    [Test]
    public async Task A_relative_is_found_by_the_paths_that_are_pushed_and_called_by_its_name()
    {
        foreach (var node in lab.Peers.Append<Node>(lab.Primary))
        {
            await node.ShAsync($"{StopNginx}; mv /etc/nginx /etc/angie");
            var program = Encoding.Latin1.GetString(node.ReadBytes("/usr/sbin/nginx"))
                .Replace("/etc/nginx", "/etc/angie", StringComparison.Ordinal).Replace("/run/nginx.pid", "/run/angie.pid", StringComparison.Ordinal)
                .Replace("nginx: \0", "angie: \0", StringComparison.Ordinal);
            node.Write("/usr/sbin/angie", Encoding.Latin1.GetBytes(program));
            node.Delete("/usr/sbin/nginx");
            await node.ShAsync("chmod 0755 /usr/sbin/angie; sed -i 's/nginx.pid/angie.pid/' /etc/angie/nginx.conf; /usr/sbin/angie; tr '\\000' ' ' </proc/$(cat /run/angie.pid)/cmdline | grep '^angie: master process'");
        }
        lab.Pushes("/etc/angie/nginx.conf /etc/angie/conf.d");

        var pushed = await lab.Primary.PushedAsync("-r");
        await lab.Peers[0].ShAsync("kill $(cat /run/angie.pid); while [ -e /run/angie.pid ]; do sleep 0.01; done");
        var stopped = await lab.Primary.PushAsync();
        var compared = await lab.Primary.RunAsync("nginx-sync", "-C");

        foreach (var peer in lab.Peers)
        {
            Assert.That(pushed, Does.Contain($"Testing angie config on {peer.Address}").And.Contain($"\nangie on {peer.Address} was reloaded and serves it\n").And.Match($"angie on {peer.Address}: PID [0-9]+, /usr/sbin/angie, /etc/angie/nginx.conf"));
        }
        Assert.That(stopped.Out, Does.Contain($"angie is not running on {lab.Peers[0].Address}, skipping reload"));
        Assert.That(stopped.Err, Does.Contain($"{lab.Peers[0].Address}: ANGIE IS NOT RUNNING").And.Contain("start it there, after angie -t"));
        Assert.That((compared.ExitCode, compared.Out.Contains("; angie is not running", StringComparison.Ordinal)), Is.EqualTo((1, true)), compared.ToString());
    }

    [TestCase("env -i /usr/sbin/nginx")]
    [TestCase("env -i A=1234567890123456 /usr/sbin/nginx -g 'worker_priority 0;'")]
    [TestCase("env -i A=123456 /usr/sbin/nginx -c /etc/nginx/nginx.conf -g 'worker_priority 0;'")]
    public async Task A_title_that_was_cut_hides_nobody(string start)
    {
        foreach (var peer in lab.Peers) await peer.ShAsync($"{StopNginx}; {start} 2>/dev/null");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.Not.Contain("not running"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        lab.Primary.AddToMain("working_directory /no/such/dir;");
        var undone = await lab.Primary.PushAsync();
        Assert.That(undone.Err, Does.Contain("the old configuration is back in place there"), undone.ToString());
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task One_in_a_PID_namespace_of_its_own_is_said_not_to_be_looked_at()
    {
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"{StopNginx}; busybox unshare -p -f /usr/sbin/nginx -g 'daemon off;' >/dev/null 2>&1 & sleep 0.5");
        }

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        foreach (var peer in lab.Peers)
        {
            Assert.That(push.Out, Does.Contain($"{peer.Address}: nginx is taken for not running: an nginx in a PID namespace of its own"));
        }
    }

    [Test]
    public async Task A_pid_file_that_names_another_process_is_said()
    {
        foreach (var peer in lab.Peers) await peer.ShAsync("echo 1 >/run/nginx.pid");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.Contain("the pid file /run/nginx.pid does not name nginx's master"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task Only_what_nginx_knows_of_is_pushed()
    {
        await lab.Primary.ShAsync("mkdir -p /opt/unknown /srv/site; echo 1 >/opt/unknown/file; echo 1 >/srv/site/file");
        lab.Pushes("/opt/unknown");
        var unknown = await lab.Primary.PushAsync();
        lab.Pushes("/srv/site");
        var root = await lab.Primary.PushAsync();

        Assert.That(unknown.ExitCode, Is.EqualTo(2), unknown.ToString());
        Assert.That(unknown.Err, Does.Contain("nginx reads no file of CONFPATHS").And.Contain("/etc/nginx/nginx.conf").And.Contain("PID "));
        Assert.That(unknown.Out, Does.Contain("On this machine the test proves nothing"));
        Assert.That(root.ExitCode, Is.Zero, root.ToString());
    }

    [Test]
    public async Task What_nginx_reads_here_and_is_not_pushed_is_said()
    {
        lab.Primary.Write("/etc/nginx/only-here.conf", "");
        lab.Primary.Write("/etc/nginx/nginx.conf", lab.Primary.ReadText("/etc/nginx/nginx.conf") + "include only-here.conf;");

        var push = await lab.Primary.PushAsync("-n");
        var compared = await lab.Primary.RunAsync("nginx-sync", "-C");

        const string Note = "nginx here also reads 1 file outside CONFPATHS, which stay as they are on the nodes: /etc/nginx/only-here.conf";
        Assert.That(push.Out, Does.Contain(Note));
        Assert.That(compared.Out, Does.Contain(Note), compared.ToString());
    }
}
