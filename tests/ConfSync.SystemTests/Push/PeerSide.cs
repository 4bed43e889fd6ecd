namespace ConfSync.SystemTests.Push;

/// <summary>What the tests of the peer's side say to a lab, and ask it.</summary>
internal static class PeerSide
{
    public const string State = "/var/lib/nginx-sync";

    private const string Site = "/etc/nginx/conf.d/site.conf";

    /// <summary>The primary pushes these paths to all peers of the lab; further lines of its configuration follow.</summary>
    public static void Pushes(this Lab lab, string confPaths, params string[] lines) =>
        lab.Primary.Configure([$"NODES=\"{lab.Nodes}\"", $"CONFPATHS=\"{confPaths}\"", .. lines]);

    public static Task<Outcome> PushAsync(this Primary primary, params string[] options) =>
        primary.RunAsync(["nginx-sync", .. options]);

    /// <summary>Pushes, which has to succeed.</summary>
    public static async Task<string> PushedAsync(this Primary primary, params string[] options) => (await primary.PushAsync(options)).OutIfSuccessful;

    /// <summary>Pushes as a user who is not root, from a terminal of his own.</summary>
    public static Task<Outcome> PushAsAsync(this Primary primary, string user, params string[] options)
    {
        primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
        return primary.RunAsync(new Invocation(["nginx-sync", .. options]) { User = user });
    }

    /// <summary>A site that answers this on a port of its own.</summary>
    public static void WriteSite(this Node node, string answer, int port = 81) =>
        node.Write(Site, $"server {{ listen {port}; return 200 \"{answer}\"; }}");

    public static async Task<string> AnswerAsync(this Node node, int port = 80) => (await node.HttpGetAsync(port: port)).Body;

    /// <summary>A line at the top of nginx.conf.</summary>
    public static void AddToMain(this Node node, string line) =>
        node.Write("/etc/nginx/nginx.conf", line + "\n" + node.ReadText("/etc/nginx/nginx.conf"));

    public static void EditMain(this Node node, string old, string with)
    {
        var text = node.ReadText("/etc/nginx/nginx.conf");
        Assert.That(text, Does.Contain(old));
        node.Write("/etc/nginx/nginx.conf", text.Replace(old, with, StringComparison.Ordinal));
    }

    /// <summary>What a shell script prints in a node, which has to succeed.</summary>
    public static async Task<string> ShAsync(this Node node, string script) =>
        (await node.RunAsync("sh", "-c", script)).OutIfSuccessful.TrimEnd('\n');

    /// <summary>PIDs of the current workers of the nginx that its pid file names, in order.</summary>
    public static Task<string> WorkersAsync(this Node node) => node.ShAsync("""
        read -r master </run/nginx.pid
        for p in $(cat /proc/$master/task/$master/children); do
          [ "$(tr -d '\0' </proc/$p/cmdline)" != 'nginx: worker process' ] || echo $p
        done
        """);

    /// <summary>Everything that a change would show in, were it undone again: inode and times as well.</summary>
    public static Task<string> TracesAsync(this Node node, string path) => node.ShAsync(
        $"find {path} -exec stat -c '%i %Z %Y %f %u %g %s %n' {{}} + 2>/dev/null | LC_ALL=C sort; :");

    /// <summary>What a push may leave nowhere: staging directories, a journal, processes.</summary>
    public static Task<string> LeftoversAsync(this Node node) => node.ShAsync("""
        find /etc /srv /opt /var/lib /run -name '.nginx-sync.*' 2>/dev/null
        ls -d /var/lib/nginx-sync/transaction /var/lib/nginx-sync/.served.* 2>/dev/null
        ls -d /var/lib/nginx-sync/generations/.new.* /srv/backup/generations/.new.* 2>/dev/null
        for p in /proc/[0-9]*; do
          grep -q NGINX_SYNC_RUNNER= $p/environ 2>/dev/null || continue
          # busybox's timeout has a second process, which looks each second whether the first one still lives.
          for try in 1 2 3 4 5 6 7 8; do
            [ "$(cat $p/comm 2>/dev/null)" = timeout ] || break
            sleep 0.25 2>/dev/null || sleep 1
          done
          [ ! -e $p ] || ! grep -q NGINX_SYNC_RUNNER= $p/environ 2>/dev/null || echo process ${p#/proc/} $(cat $p/comm)
        done
        """);

    /// <summary>The same, where the end of the peer's processes is nobody's to wait for.</summary>
    /// <param name="within">8 s on an idle machine unless told.</param>
    public static async Task LeavesNothingAsync(this Node node, TimeSpan? within = null)
    {
        var left = "";
        await Eventually.TrueAsync(
            async () => (left = await node.LeftoversAsync()).Length == 0, "nothing is left", within ?? Pace.Limit(8))
            .ContinueWith(_ => Task.CompletedTask, TaskScheduler.Default).Unwrap();
        Assert.That(left, Is.Empty);
    }

    /// <summary>How many times nginx was told to reload, since it was started.</summary>
    public static int Reloads(this Node node) =>
        node.ReadText("/var/log/nginx/error.log").Split("signal 1 (SIGHUP) received").Length - 1;

    /// <summary>A push that hangs at its reload, for as long as nginx retries a port that is taken on the peer (2.5 s).</summary>
    /// <param name="mark">The step in the peer's journal that it has come to.</param>
    public static async Task<Running> HangAsync(this Lab lab, string mark)
    {
        var peer = lab.Peers[0];
        await TakePortAsync(peer, 8081);
        lab.Primary.WriteSite("new");
        lab.Primary.Write("/etc/nginx/conf.d/taken.conf", "server { listen 8081; }");
        lab.Pushes("/etc/nginx/conf.d");
        var push = await lab.Primary.StartAsync("nginx-sync");
        var marks = $"{State}/transaction/marks";
        await Eventually.TrueAsync(() => peer.Exists(marks) && peer.ReadText(marks).Contains(mark, StringComparison.Ordinal), mark);
        return push;
    }

    /// <summary>A process of the peer's own listens where nginx is to listen.</summary>
    public static Task TakePortAsync(this Node peer, int port)
    {
        peer.Write("/tmp/other.conf", $"pid /run/other.pid; events {{}} http {{ server {{ listen {port}; }} }}");
        // Another program: a master of the same binary would be taken for one of nginx's own.
        return peer.ShAsync("cp /usr/sbin/nginx /tmp/other; /tmp/other -c /tmp/other.conf >/dev/null 2>&1");
    }

    /// <summary>A peer gets the program, the key and a configuration, so that it pushes to these nodes from now on.</summary>
    public static async Task BecomePrimaryAsync(this Node peer, Primary primary, string nodes, string paths = "/etc/nginx/nginx.conf /etc/nginx/conf.d", params string[] more)
    {
        await peer.ShAsync("mkdir -p /opt/nginx-sync");
        foreach (var name in (await primary.ShAsync("cd /opt/nginx-sync; find . -type f")).Split('\n'))
        {
            peer.Write($"/opt/nginx-sync/{name}", primary.ReadBytes($"/opt/nginx-sync/{name}"));
        }
        foreach (var name in (await primary.ShAsync("cd /root/.ssh; ls | grep -v authorized_keys")).Split('\n'))
        {
            peer.Write($"/root/.ssh/{name}", primary.ReadBytes($"/root/.ssh/{name}"));
        }
        peer.Write("/etc/nginx-sync.conf", string.Join('\n', [$"NODES=\"{nodes}\"", $"CONFPATHS=\"{paths}\"", .. more]) + "\n");
        await peer.ShAsync("chmod 755 /opt/nginx-sync/nginx-sync; chmod 600 /root/.ssh/*");
    }

    /// <summary>Calls nginx-sync on a peer that became a primary.</summary>
    public static Task<Outcome> NginxSyncAsync(this Node peer, params string[] arguments) => peer.RunAsync(["/opt/nginx-sync/nginx-sync", .. arguments]);
}
