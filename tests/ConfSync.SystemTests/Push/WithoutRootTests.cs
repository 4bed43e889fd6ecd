namespace ConfSync.SystemTests.Push;

/// <summary>-u: neither here nor there is anybody root; nginx is run by the same user who pushes.</summary>
public sealed class WithoutRootTests
{
    [Test]
    public async Task A_user_pushes_to_his_own_nginx_without_sudo()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await PrepareAsync(lab);
        WriteSite(lab.Primary, "new");

        var push = await PushAsync(lab);

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        foreach (var peer in lab.Peers)
        {
            Assert.That((await peer.HttpGetAsync(port: 8080)).Body, Is.EqualTo("new\n"));
            Assert.That(await peer.TreeAsync("/srv/web/conf.d"), Is.EqualTo(await lab.Primary.TreeAsync("/srv/web/conf.d")));
        }
        var again = await PushAsync(lab);
        Assert.That(again.Out, Does.Contain($"Configuration on plain@{lab.Peers[0].Address} is up to date").Or.Contain("is up to date"));
        Assert.That(again.Out, Does.Not.Contain("was not known to serve"));
    }

    [Test]
    public async Task What_kills_the_workers_is_undone_without_root_too()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await PrepareAsync(lab);
        WriteSite(lab.Primary, "old");
        Assert.That((await PushAsync(lab)).ExitCode, Is.Zero);
        var before = await lab.Peers[0].TreeAsync("/srv/web/conf.d");
        lab.Primary.Write("/srv/web/conf.d/top.main", "working_directory /no/such/dir;\n");
        await OwnAsync(lab.Primary);

        var push = await PushAsync(lab);

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("the old configuration is back in place there"));
        Assert.That(await lab.Peers[0].TreeAsync("/srv/web/conf.d"), Is.EqualTo(before));
        Assert.That((await lab.Peers[0].HttpGetAsync(port: 8080)).Body, Is.EqualTo("old\n"));
    }

    [Test]
    public async Task A_peer_that_was_not_prepared_says_what_is_missing()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await PrepareAsync(lab);
        await ShellAsync(lab.Peers[0], "rm -r /run/nginx-sync");

        var push = await PushAsync(lab);

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("/run/nginx-sync").And.Contain("tmpfiles.d"));
    }

    private static async Task PrepareAsync(Lab lab)
    {
        foreach (var node in lab.Peers.Append<Node>(lab.Primary))
        {
            await node.StopNginxAsync();
            node.Write("/srv/web/nginx.conf",
                """
                pid /srv/web/run/nginx.pid;
                error_log /srv/web/run/error.log;
                include conf.d/*.main;
                events {}
                http {
                  access_log off;
                  client_body_temp_path /srv/web/run/body;
                  proxy_temp_path /srv/web/run/proxy;
                  fastcgi_temp_path /srv/web/run/fastcgi;
                  uwsgi_temp_path /srv/web/run/uwsgi;
                  scgi_temp_path /srv/web/run/scgi;
                  include conf.d/*.conf;
                }
                """);
            WriteSite(node, "before");
            await ShellAsync(node, "mkdir -p /srv/web/run /srv/backup /run/nginx-sync /var/lib/nginx-sync");
            await OwnAsync(node);
            var start = await node.RunAsync(new Invocation("nginx", "-c", "/srv/web/nginx.conf") { User = "plain" });
            Assert.That(start.ExitCode, Is.Zero, start.ToString());
        }
        lab.Primary.Configure(
            $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/srv/web/nginx.conf /srv/web/conf.d\"",
            "LOCKFILE=/srv/web/run/lock", "BACKUPDIR=/srv/backup");
        await ShellAsync(lab.Primary, "chmod 644 /etc/nginx-sync.conf");
    }

    private static void WriteSite(Node node, string answer) =>
        node.Write("/srv/web/conf.d/site.conf", $$"""server { listen 8080; location / { return 200 "{{answer}}\n"; } }""");

    private static Task OwnAsync(Node node) =>
        ShellAsync(node, "chown -R plain: /srv/web /srv/backup /run/nginx-sync /var/lib/nginx-sync 2>/dev/null || true");

    private static async Task<Outcome> PushAsync(Lab lab)
    {
        await OwnAsync(lab.Primary);
        return await lab.Primary.RunAsync(new Invocation("nginx-sync", "-u") { User = "plain" });
    }

    private static async Task ShellAsync(Node node, string script) =>
        _ = (await node.RunAsync("sh", "-c", script)).OutIfSuccessful;
}
