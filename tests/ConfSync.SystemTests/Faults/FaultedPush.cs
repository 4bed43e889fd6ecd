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
    StopPrimary,
    StopSsh,
    StopRunner,
    StopParent,
    StopBoth,

    /// <summary>Nobody is told, packets are lost.</summary>
    LinkDown,
}

/// <summary>The peer of a <see cref="FaultedPush"/>, and how it is reached.</summary>
/// <param name="Login">root, or deploy: through sudo on both sides.</param>
/// <param name="BackupDirectory">On a file system of its own; null for the default.</param>
/// <param name="HealthCheck">Decides whether the push succeeds.</param>
public sealed record FaultSetting(
    PeerKind? Kind = null, string Login = "root", string? BackupDirectory = null, string HealthCheck = "true")
{
    /// <summary>A shell script that is run on the peer before the push.</summary>
    public string Prepare { get; init; } = ":";

    /// <summary>The new configuration was on the peer before, and does not come by a push but by a roll-back.</summary>
    public bool IsRollback { get; init; }
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
    private readonly FaultSetting setting;

    private FaultedPush(Lab lab, FaultSetting setting) => (this.lab, this.setting) = (lab, setting);

    public Node Peer => lab.Peers[0];

    public Primary Primary => lab.Primary;

    /// <summary>The peer's configuration before and after a push that is not disturbed.</summary>
    public IReadOnlyList<string> Old { get; private set; } = [];

    public Running Push { get; private set; } = null!;

    /// <summary>Starts a lab whose peer holds and serves the old configuration, and a push of the new one, and returns
    /// when it stands still at <paramref name="step"/>.</summary>
    public static async Task<FaultedPush> HeldAtAsync(string step, FaultSetting? setting = null)
    {
        setting ??= new FaultSetting();
        var push = new FaultedPush(await Lab.StartPeersAsync(1, setting.Kind), setting);
        if (setting.BackupDirectory is { } directory) await push.MountAsync(directory);
        // For a user who is not root, as a system with a /run/lock for everybody.
        await ShellAsync(push.Primary, "chmod 1777 /run/lock");
        push.Configure("true");
        push.Primary.Write("/etc/nginx/conf.d/default.conf", Answering("old"));
        push.Primary.Write("/etc/nginx/conf.d/kind/inner", "a directory, and a file later\n");
        push.Primary.Write("/etc/nginx/conf.d/deleted.conf", "# will go\n");
        push.Primary.Write("/etc/nginx/conf.d/parts/a.conf", "# stays\n");
        _ = (await push.RunAsync()).OutIfSuccessful;
        if (setting.IsRollback) await push.GoThereAndBackAsync();
        await ShellAsync(push.Peer, setting.Prepare);
        push.Old = await push.TreeAsync();

        push.Configure(setting.HealthCheck);
        await push.EditAsync();

        push.Peer.Write(Hold, step + "\n");
        push.Push = await push.Primary.StartAsync(push.Command(setting.IsRollback ? ["rollback"] : []));
        await Eventually.TrueAsync(
            () => push.Peer.Exists(Reached), $"the push stands still at {step}", TimeSpan.FromSeconds(60));
        return push;
    }

    /// <summary>Pushes as it is set.</summary>
    public Task<Outcome> RunAsync() => Primary.RunAsync(Command());

    /// <summary>Gives a directory of the peer a small file system of its own, with what is in it.</summary>
    public Task MountAsync(string directory) => ShellAsync(Peer, Mounting(directory));

    /// <summary>The same as a line of shell.</summary>
    public static string Mounting(string directory) =>
        $"""
        mkdir -p {directory} /tmp/kept && rm -rf /tmp/kept/* && cp -a {directory}/. /tmp/kept &&
          mount -t tmpfs -o size=1m,mode=0755 small {directory} && cp -a /tmp/kept/. {directory}
        """;

    /// <summary>Runs a script on the peer, which has to succeed.</summary>
    public Task OnPeerAsync(string script) => ShellAsync(Peer, script);

    public async Task SufferAsync(Fault fault)
    {
        await fault.StrikeAsync(Primary, Push, Peer);
        if (fault == Fault.PowerLoss && setting.BackupDirectory is { } directory) await MountAsync(directory);
        await ReleaseAsync();
    }

    /// <summary>What was stopped goes on, if it is still there.</summary>
    public Task ContinueAsync(Fault fault) => fault.PassAsync(Primary, Push, Peer);

    /// <summary>Half of what tidying up after the transaction does.</summary>
    public Task RemoveStagedFilesAsync() => ShellAsync(Peer, "rm -r /etc/nginx/.nginx-sync.*/new /etc/nginx/conf.d/.nginx-sync.*/new || true");

    /// <summary>From now on, pushes succeed.</summary>
    public void Heal() => Configure("true");

    /// <summary>A push that the peer rejects: it begins with a recovery there, and changes nothing else.</summary>
    public async Task PushWhatThePeerRejectsAsync()
    {
        Primary.Write("/etc/only-here.conf", "");
        Primary.Write("/etc/nginx/conf.d/rejected.conf", "include /etc/only-here.conf;\n");
        var attempt = await RunAsync();
        Assert.That(attempt.ExitCode, Is.EqualTo(2), attempt.ToString());
        Primary.Delete("/etc/nginx/conf.d/rejected.conf");
    }

    /// <summary>Lets the push go on.</summary>
    public async Task ReleaseAsync() => await ShellAsync(Peer, $"rm -f {Hold}");

    /// <summary>Returns when nothing is left of the push on the peer but what it was to leave.</summary>
    /// <param name="timeout">30 s unless told.</param>
    public async Task SettledAsync(TimeSpan? timeout = null)
    {
        var left = "";
        try
        {
            await Eventually.TrueAsync(
                async () => (left = await LeftAsync()).Length == 0, "nothing is left of the push", timeout);
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

    private Invocation Command(params string[] arguments) => new(["nginx-sync", .. arguments]) { User = setting.Login };

    private async Task EditAsync()
    {
        await ShellAsync(Primary, "rm -r /etc/nginx/conf.d/kind; echo '# also changed' >>/etc/nginx/nginx.conf");
        Primary.Write("/etc/nginx/conf.d/kind", "a file\n");
        Primary.Write("/etc/nginx/conf.d/default.conf", Answering("new"));
        Primary.Delete("/etc/nginx/conf.d/deleted.conf");
        Primary.Write("/etc/nginx/conf.d/created/b.conf", "# comes\n");
        await ShellAsync(Primary, "chmod 0700 /etc/nginx/conf.d/parts");
    }

    private async Task GoThereAndBackAsync()
    {
        await ShellAsync(Primary, "cp -a /etc/nginx /tmp/old");
        await EditAsync();
        _ = (await RunAsync()).OutIfSuccessful;
        await ShellAsync(Primary, "rm -r /etc/nginx && cp -a /tmp/old /etc/nginx");
        _ = (await RunAsync()).OutIfSuccessful;
    }

    private void Configure(string healthCheck)
    {
        Primary.Configure(
            $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"",
            $"HEALTHCHECK='{healthCheck}'", "HEALTHCHECK_TIMEOUT=1", "CONFIRM_TIMEOUT=5", "RELOAD_TIMEOUT=5", "TEST_TIMEOUT=5", "STEP_TIMEOUT=5",
            setting.BackupDirectory is { } directory ? $"BACKUPDIR={directory}" : "");
        Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
    }

    private static string Answering(string body) =>
        $$"""server { listen 80 default_server; location / { return 200 "{{body}}\n"; } }""";

    private static async Task ShellAsync(Node node, string script) =>
        _ = (await node.RunAsync("sh", "-c", script)).OutIfSuccessful;
}
