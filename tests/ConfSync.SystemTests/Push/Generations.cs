namespace ConfSync.SystemTests.Push;

/// <summary>What the tests of going back do to a lab, and ask it.</summary>
internal static class Generations
{
    public const string Kept = $"{PeerSide.State}/generations";

    public const string Data = "/etc/nginx/data";

    /// <summary>Where the seam of docs/protocol.md holds a transaction still.</summary>
    public const string Hold = "/run/nginx-sync/hold";

    public static Task<Outcome> RollbackAsync(this Primary primary, params string[] arguments) =>
        primary.RunAsync(["nginx-sync", "rollback", .. arguments]);

    /// <summary>Rolls back, which has to succeed.</summary>
    public static async Task<string> RolledBackAsync(this Primary primary, params string[] arguments) =>
        (await primary.RollbackAsync(arguments)).OutIfSuccessful;

    /// <summary>Changes the primary's files by a shell script in <see cref="Data"/>, and pushes them.</summary>
    public static async Task PushStateAsync(this Lab lab, string script)
    {
        await lab.Primary.ShAsync($"umask 022; mkdir -p {Data}; cd {Data}; {script}");
        _ = await lab.Primary.PushedAsync();
    }

    /// <summary>All that is under CONFPATHS: see <see cref="Node.TreeAsync"/>; and the times of its files.</summary>
    public static async Task<string> StateAsync(this Node node) =>
        string.Join('\n', await node.TreeAsync("/etc/nginx")) + '\n' +
        await node.ShAsync($"find {Data} -type f -exec stat -c '%Y %n' {{}} + 2>/dev/null | LC_ALL=C sort; :");

    public static Task<string> NumbersAsync(this Node node) => node.ShAsync($"ls {Kept} | sort -n | tr '\\n' ' '");

    public static Task KillRunnerAsync(this Node node) => node.ShAsync("""
        for p in /proc/[0-9]*; do
          grep -q NGINX_SYNC_RUNNER= $p/environ 2>/dev/null && tr '\0' ' ' <$p/cmdline | grep -q ' run push ' || continue
          kill -KILL ${p#/proc/}
        done 2>/dev/null; :
        """);

    /// <summary>Starts a command on the primary whose transaction on the peer stands still at a mark.</summary>
    public static async Task<Running> HeldAtAsync(this Lab lab, string mark, params string[] command)
    {
        lab.Peers[0].Write(Hold, mark + "\n");
        var running = await lab.Primary.StartAsync(command);
        await Eventually.TrueAsync(() => lab.Peers[0].Exists($"{Hold}.reached"), mark);
        return running;
    }

    public static void Release(this Node node)
    {
        node.Delete(Hold);
        node.Delete($"{Hold}.reached");
    }
}
