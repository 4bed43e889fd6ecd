namespace ConfSync.SystemTests.Push;

/// <summary>Which nginx a push tests and reloads, and when it leaves it alone.</summary>
public sealed class RunningNginxTests
{
    private const string Served = $"{PeerSide.State}/served";
    private const string Written = "/etc/nginx /var/lib/nginx-sync";

    [Test]
    public async Task A_stale_pid_file_harms_nobody()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync("sleep 1000 >/dev/null 2>&1 & echo $! >/run/nginx.pid; cp /run/nginx.pid /tmp/bystander");
        }

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
            Assert.That(await peer.ShAsync("tr '\\0' ' ' </proc/$(cat /tmp/bystander)/cmdline"), Does.Contain("sleep 1000"));
        }
    }

    [Test]
    public async Task Nginx_is_found_without_its_pid_file()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");
        foreach (var peer in lab.Peers) peer.Delete("/run/nginx.pid");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task Nginx_is_found_when_its_pid_file_moves_with_the_push()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Primary.EditMain("pid /run/nginx.pid", "pid /run/moved.pid");
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"));
    }

    [TestCase("-c /etc/nginx/other.conf")]
    [TestCase("-c/etc/nginx/other.conf")]
    [TestCase("-p /etc/nginx -c other.conf -g 'worker_processes 1; pid /run/nginx.pid;'")]
    public async Task A_master_with_options_of_its_own_is_tested_with_them(string options)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.Write("/etc/nginx/other.conf",
            "events {} http { server { listen 82; return 200 other; include /etc/nginx/only-here.conf; } }");
        lab.Primary.Write("/etc/nginx/only-here.conf", "");
        foreach (var peer in lab.Peers)
        {
            peer.Write("/etc/nginx/other.conf", "events {} http { server { listen 82; return 200 old; } }");
            await peer.StopNginxAsync();
            await peer.ShAsync($"nginx {options} >/dev/null 2>&1");
        }
        lab.Pushes("/etc/nginx/other.conf");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), "the default configuration alone would have passed");
        foreach (var peer in lab.Peers)
        {
            Assert.That(push.Err, Does.Contain($"{peer.Address}: testing").And.Contain("only-here.conf"));
            Assert.That(peer.ReadText("/etc/nginx/other.conf"), Does.Contain("old"));
        }
        lab.Pushes("/etc/nginx/other.conf /etc/nginx/only-here.conf");
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(82), Is.EqualTo("other"));
    }

    [Test]
    public async Task A_second_push_writes_nothing_and_leaves_nginx_alone()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        await lab.Primary.PushedAsync();
        var traces = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync(Written)));
        var workers = await Task.WhenAll(lab.Peers.Select(peer => peer.WorkersAsync()));

        var said = await lab.Primary.PushedAsync();

        for (var i = 0; i < 2; i++)
        {
            Assert.That(said, Does.Contain($"Configuration on {lab.Peers[i].Address} is up to date"));
            Assert.That(await lab.Peers[i].TracesAsync(Written), Is.EqualTo(traces[i]));
            Assert.That(await lab.Peers[i].WorkersAsync(), Is.EqualTo(workers[i]));
            Assert.That(lab.Peers[i].Reloads(), Is.EqualTo(1));
        }
    }

    [TestCase("nginx -s reload")]
    [TestCase("kill $(cat /run/nginx.pid); while [ -e /run/nginx.pid ]; do sleep 0.01; done; nginx >/dev/null 2>&1")]
    public async Task What_somebody_else_had_nginx_load_is_loaded_again_and_verified(string other)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers)
        {
            var before = await peer.WorkersAsync();
            // Loaded while the file was another one, as it may have been.
            await peer.ShAsync("mv /etc/nginx/conf.d/site.conf /tmp/site");
            await peer.ShAsync(other);
            await Eventually.TrueAsync(
                async () => await peer.WorkersAsync() is { Length: > 0 } now && !now.Split('\n').Intersect(before.Split('\n')).Any(),
                "the workers are others");
            await peer.ShAsync("mv /tmp/site /etc/nginx/conf.d/site.conf");
            Assert.That(() => peer.AnswerAsync(81), Throws.InstanceOf<HttpRequestException>());
        }

        var said = await lab.Primary.PushedAsync();

        Assert.That(said, Does.Contain("up to date").And.Contain("nginx was reloaded and serves it now"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"));
    }

    [Test]
    public async Task Where_nginx_does_not_run_files_are_pushed_and_tested_and_that_is_no_success()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");
        var stopped = lab.Peers.Take(2).ToList();
        foreach (var peer in stopped) await peer.StopNginxAsync();

        await EndsWith2Async("would serve", "--dry-run");
        foreach (var peer in stopped) Assert.That(peer.Exists("/etc/nginx/conf.d/site.conf"), Is.False);
        await EndsWith2Async("serves");
        foreach (var peer in stopped)
        {
            Assert.That(peer.Exists("/etc/nginx/conf.d/site.conf"));
            Assert.That(peer.Exists(Served), Is.False);
        }
        Assert.That(await lab.Peers[2].AnswerAsync(81), Is.EqualTo("new"), "the others go on");
        await EndsWith2Async("serves");
        lab.Primary.WriteSite("newer");
        await EndsWith2Async("serves", "--all-or-none");
        await EndsWith2Async("serves", "--no-reload");
        var rollback = await lab.Primary.RunAsync("nginx-sync", "rollback");
        Assert.That(rollback.ExitCode, Is.EqualTo(2), rollback.ToString());
        foreach (var peer in stopped) Assert.That(peer.ReadText("/etc/nginx/conf.d/site.conf"), Does.Contain("\"new\""));

        async Task EndsWith2Async(string what, params string[] options)
        {
            var push = await lab.Primary.PushAsync(options);
            Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
            foreach (var peer in stopped)
            {
                Assert.That(push.Out, Does.Contain($"nginx is not running on {peer.Address}, skipping reload\n"));
                Assert.That(push.Err, Does.Contain($"nginx-sync: {peer.Address}: NGINX IS NOT RUNNING, and nothing {what} the configuration there:\n"));
            }
            Assert.That(push.Err, Does.Match($"\nnginx-sync: nginx is not running on {stopped[0].Address} {stopped[1].Address}\n(Pushed to|Dry run:) .*\n$"));
        }
    }

    [Test]
    public async Task Where_nginx_does_not_run_on_purpose_that_is_a_note()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d", "EXPECT_RUNNING=no");
        foreach (var peer in lab.Peers) await peer.StopNginxAsync();

        foreach (var options in new string[][] { ["--dry-run"], [], [], ["--no-reload"], ["--all-or-none"] })
        {
            var push = await lab.Primary.PushAsync(options);
            Assert.That((push.ExitCode, push.Err), Is.EqualTo((0, "")), push.ToString());
            foreach (var peer in lab.Peers) Assert.That(push.Out, Does.Contain($"nginx is not running on {peer.Address}, skipping reload (EXPECT_RUNNING=no)\n"));
        }
        lab.Primary.Write("/etc/nginx/conf.d/site.conf", "include /etc/nginx/only-here.conf;");
        lab.Primary.Write("/etc/nginx/only-here.conf", "");
        Assert.That((await lab.Primary.PushAsync()).ExitCode, Is.EqualTo(2), "it does not pass the test there");
        foreach (var peer in lab.Peers) Assert.That(peer.ReadText("/etc/nginx/conf.d/site.conf"), Does.Contain("new"));
    }

    [Test]
    public async Task A_substitution_is_tested_served_and_no_difference_afterwards()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.WriteSite("from the primary");
        lab.Pushes("/etc/nginx/conf.d", "POSTSYNC=\"/etc/nginx/conf.d/site.conf|'s/from the primary/for a peer/'\"");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("for a peer"));
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("Updating").And.Not.Contain("reloaded"));
        lab.Pushes("/etc/nginx/conf.d", "POSTSYNC=\"/etc/nginx/conf.d/site.conf|'s/return 200/retrun 200/'\"");
        var push = await lab.Primary.PushAsync();
        Assert.That(push.ExitCode, Is.EqualTo(2));
        Assert.That(push.Err, Does.Contain("unknown directive \"retrun\""));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("for a peer"));
    }
}
