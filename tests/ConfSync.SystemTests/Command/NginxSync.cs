namespace ConfSync.SystemTests;

/// <summary>nginx-sync as the primary's user calls it, and what the tests of the command ask of peers.</summary>
internal static class NginxSync
{
    public const string Site = "/etc/nginx/conf.d/site.conf";

    public const string Journal = "/var/lib/nginx-sync/transaction";

    private const string Paths = "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"";

    // A timer that was stopped may leave its sleep behind, which does nothing.
    private const string Processes = """
        for process in $(grep -lzs ^NGINX_SYNC_RUNNER= /proc/[0-9]*/environ); do
          read -r name <${process%environ}comm && [ "$name" != sleep ] && echo "$name"
        done
        """;

    public static Task<Outcome> NginxSyncAsync(this Lab lab, params string[] arguments) =>
        lab.Primary.RunAsync(["nginx-sync", .. arguments]);

    public static Task<Running> StartNginxSyncAsync(this Lab lab, params string[] arguments) =>
        lab.Primary.StartAsync(["nginx-sync", .. arguments]);

    /// <summary>The original's three lines, and more.</summary>
    public static void Configure(this Lab lab, params string[] more) => lab.ConfigureNodes(lab.Nodes, more);

    public static void ConfigureNodes(this Lab lab, string nodes, params string[] more) =>
        lab.Primary.Configure([$"NODES=\"{nodes}\"", Paths, "EXCLUDE=\"default.conf\"", .. more]);

    /// <summary>A site on the primary that answers with these words, on a port of its own.</summary>
    public static void WriteSite(this Lab lab, string answer, string more = "") =>
        lab.Primary.Write(Site, $"{more}\nserver {{ listen 8080; return 200 '{answer}'; }}\n");

    public static async Task<string> SiteAsync(this Node node) => (await node.HttpGetAsync(port: 8080)).Body;

    /// <summary>Another program holds the site's port: nginx -t passes, and the reload fails after 2.5 s.</summary>
    public static async Task TakePortAsync(this Node node) =>
        _ = (await node.RunAsync("/usr/sbin/sshd", "-p", "8080", "-o", "PidFile=none")).OutIfSuccessful;

    /// <summary>Its sshd reads its configuration again, with these lines in it.</summary>
    public static async Task ConfigureSshdAsync(this Node node, string lines)
    {
        const string File = "/etc/ssh/sshd_config", Log = "/var/log/sshd.log";
        node.Write(File, $"{lines}\n{node.ReadText(File)}");
        var before = Listening();
        await node.RunAsync("sh", "-c", "kill -HUP $(cat /run/sshd.pid)");
        await Eventually.TrueAsync(() => Listening() > before, "sshd listens again");

        int Listening() => node.ReadText(Log).Split("Server listening on 0.0.0.0 ").Length;
    }

    /// <summary>What a login of root's runs there instead of what was asked for.</summary>
    public static void ForceCommand(this Node node, string command)
    {
        const string Keys = "/root/.ssh/authorized_keys";
        node.Write(Keys, $"command=\"{command}\" {node.ReadText(Keys)}");
    }

    /// <summary>Nothing of a push is left: no journal, nothing staged, no process.</summary>
    public static Task IsCleanAsync(this Node node) => Eventually.TrueAsync(
        async () => !node.Exists(Journal) &&
            !(await node.TreeAsync("/etc/nginx")).Any(line => line.Contains(".nginx-sync.", StringComparison.Ordinal)) &&
            (await node.RunAsync("sh", "-c", Processes)).Out.Length == 0,
        $"nothing of a push is left on {node.Name}");

    /// <summary>The peer is in a transaction, whose last mark is this.</summary>
    public static Task IsAtAsync(this Node node, string mark) => Eventually.TrueAsync(
        () => node.Exists($"{Journal}/marks") && node.ReadText($"{Journal}/marks").EndsWith($"{mark}\n", StringComparison.Ordinal),
        $"{node.Name} is at {mark}");

    public static int Generations(this Node node) =>
        node.Exists("/var/lib/nginx-sync") ? node.Exec("find", "/var/lib/nginx-sync", "-mindepth", "1", "-maxdepth", "1").Out.Split('\n').Length - 1 : 0;
}
