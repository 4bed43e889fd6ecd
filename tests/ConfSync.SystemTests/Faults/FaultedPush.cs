namespace ConfSync.SystemTests.Faults;

/// <summary>What goes wrong while a push stands still at one of its steps.</summary>
public enum Fault
{
    KillPrimary,
    KillSsh,
    KillRunner,
    KillParent,
    KillBoth,
    PowerLoss,
}

/// <summary>
/// A push to one peer that is held at one step of its transaction, through the seam that docs/protocol.md describes. It
/// replaces, creates and deletes files and changes a directory, so that a half of it would show.
/// </summary>
public sealed class FaultedPush : IAsyncDisposable
{
    private const string Hold = "/run/nginx-sync/hold";
    private const string Reached = "/run/nginx-sync/hold.reached";

    private readonly Lab lab;

    private FaultedPush(Lab lab) => this.lab = lab;

    public Node Peer => lab.Peers[0];

    public Primary Primary => lab.Primary;

    /// <summary>The peer's configuration before and after a push that is not disturbed.</summary>
    public IReadOnlyList<string> Old { get; private set; } = [];

    public Running Push { get; private set; } = null!;

    /// <summary>Starts a lab whose peer holds and serves the old configuration, and a push of the new one, and returns
    /// when it stands still at <paramref name="step"/>.</summary>
    /// <param name="healthCheck">Decides whether the push succeeds.</param>
    public static async Task<FaultedPush> HeldAtAsync(string step, string healthCheck = "true")
    {
        var push = new FaultedPush(await Lab.StartPeersAsync(1));
        push.Configure("true");
        push.Primary.Write("/etc/nginx/conf.d/default.conf", Answering("old"));
        push.Primary.Write("/etc/nginx/conf.d/kind/inner", "a directory, and a file later\n");
        push.Primary.Write("/etc/nginx/conf.d/deleted.conf", "# will go\n");
        push.Primary.Write("/etc/nginx/conf.d/parts/a.conf", "# stays\n");
        _ = (await push.Primary.RunAsync("nginx-sync")).OutIfSuccessful;
        push.Old = await push.TreeAsync();

        push.Configure(healthCheck);
        _ = (await push.Primary.RunAsync("rm", "-r", "/etc/nginx/conf.d/kind")).OutIfSuccessful;
        push.Primary.Write("/etc/nginx/conf.d/kind", "a file\n");
        push.Primary.Write("/etc/nginx/conf.d/default.conf", Answering("new"));
        push.Primary.Delete("/etc/nginx/conf.d/deleted.conf");
        push.Primary.Write("/etc/nginx/conf.d/created/b.conf", "# comes\n");
        _ = (await push.Primary.RunAsync("chmod", "0700", "/etc/nginx/conf.d/parts")).OutIfSuccessful;

        push.Peer.Write(Hold, step + "\n");
        push.Push = await push.Primary.StartAsync("nginx-sync");
        await Eventually.TrueAsync(() => push.Peer.Exists(Reached), $"the push stands still at {step}");
        return push;
    }

    public async Task SufferAsync(Fault fault)
    {
        switch (fault)
        {
            case Fault.KillPrimary:
                Push.Kill();
                break;
            case Fault.KillSsh:
                await ShellAsync(Primary, "kill -9 $(pgrep -x ssh)");
                break;
            case Fault.KillRunner:
                await ShellAsync(Peer, $"{FindBoth}; kill -9 $runner");
                break;
            case Fault.KillParent:
                await ShellAsync(Peer, $"{FindBoth}; kill -9 $parent");
                break;
            case Fault.KillBoth:
                await ShellAsync(Peer, $"{FindBoth}; kill -9 $parent $runner");
                break;
            case Fault.PowerLoss:
                await Peer.CrashAsync();
                await Peer.BootAsync();
                break;
        }
        await ReleaseAsync();
    }

    /// <summary>Half of what tidying up after the transaction does.</summary>
    public Task RemoveStagedFilesAsync() => ShellAsync(Peer, "rm -r /etc/nginx/.nginx-sync.*/new /etc/nginx/conf.d/.nginx-sync.*/new || true");

    /// <summary>From now on, pushes succeed.</summary>
    public void Heal() => Configure("true");

    /// <summary>A push that the peer rejects: it begins with a recovery there, and changes nothing else.</summary>
    public async Task PushWhatThePeerRejectsAsync()
    {
        Primary.Write("/etc/only-here.conf", "");
        Primary.Write("/etc/nginx/conf.d/rejected.conf", "include /etc/only-here.conf;\n");
        var attempt = await Primary.RunAsync("nginx-sync");
        Assert.That(attempt.ExitCode, Is.EqualTo(2), attempt.ToString());
        Primary.Delete("/etc/nginx/conf.d/rejected.conf");
    }

    /// <summary>Lets the push go on.</summary>
    public async Task ReleaseAsync() => await ShellAsync(Peer, $"rm -f {Hold}");

    /// <summary>Returns when nothing is left of the push on the peer but what it was to leave.</summary>
    public async Task SettledAsync()
    {
        var left = "";
        try
        {
            await Eventually.TrueAsync(
                async () => (left = await LeftAsync()).Length == 0, "nothing is left of the push", TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{left}", exception);
        }
    }

    // The journal's marks, and the processes that bear the runner's mark.
    private async Task<string> LeftAsync() => (await Peer.RunAsync("sh", "-c",
        """
        cat /var/lib/nginx-sync/transaction/marks 2>/dev/null
        for process in $(grep -lzs ^NGINX_SYNC_RUNNER= /proc/[0-9]*/environ); do
          tr '\\0\\n' '  ' <${process%/*}/cmdline | tail -c 100; echo
        done
        """)).Out;

    public Task<IReadOnlyList<string>> TreeAsync() => Peer.TreeAsync("/etc/nginx");

    /// <summary>The tree that the peer is to hold in the end.</summary>
    public Task<IReadOnlyList<string>> NewAsync() => Primary.TreeAsync("/etc/nginx");

    public async ValueTask DisposeAsync()
    {
        if (Push is not null) await Push.DisposeAsync();
        await lab.DisposeAsync();
    }

    // The runner's mark is in the environment of all that it starts; its parent is the one of them without it.
    internal const string FindBoth =
        """
        runner=$(pgrep -f 'nginx-sync .*run push' | while read -r pid; do
          grep -qz ^NGINX_SYNC_RUNNER= /proc/$pid/environ && echo $pid && break; done)
        parent=$(sed 's/.*) . \([0-9]*\) .*/\1/' /proc/$runner/stat)
        """;

    private void Configure(string healthCheck) => Primary.Configure(
        $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"",
        $"HEALTHCHECK='{healthCheck}'", "HEALTHCHECK_TIMEOUT=1", "CONFIRM_TIMEOUT=5");

    private static string Answering(string body) =>
        $$"""server { listen 80 default_server; location / { return 200 "{{body}}\n"; } }""";

    private static async Task ShellAsync(Node node, string script) =>
        _ = (await node.RunAsync("sh", "-c", script)).OutIfSuccessful;
}
