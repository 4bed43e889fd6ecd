namespace ConfSync.SystemTests.Push;

/// <summary>
/// Three peers that hold and serve the old configuration, and a primary that has a new one, which replaces, creates and
/// deletes files and changes a directory, so that a half of it would show. Nodes are held at a step through the seam that
/// docs/protocol.md describes.
/// </summary>
public sealed class AgreedPush : IAsyncDisposable
{
    public const string Decision = "/var/lib/nginx-sync/decision";

    private const string Hold = "/run/nginx-sync/hold";
    private const string Default = "/etc/nginx/conf.d/default.conf";

    private readonly Lab lab;
    private readonly string login;

    private AgreedPush(Lab lab, string login) => (this.lab, this.login) = (lab, login);

    public Primary Primary => lab.Primary;

    public IReadOnlyList<Node> Peers => lab.Peers;

    /// <summary>The nodes' trees before the push and after it.</summary>
    public IReadOnlyList<string> Old { get; private set; } = [];

    public IReadOnlyList<string> New { get; private set; } = [];

    /// <summary>Whether a decision is recorded on the primary.</summary>
    public bool IsRecorded => Primary.Exists(Decision);

    /// <param name="more">Further lines of the configuration.</param>
    public static Task<AgreedPush> PreparedAsync(params string[] more) =>
        PreparedAsync("root", [PeerKind.Debian, PeerKind.Debian, PeerKind.Debian], more);

    /// <param name="login">root, or deploy: through sudo on both sides.</param>
    /// <inheritdoc cref="PreparedAsync(string[])" path="/param"/>
    public static async Task<AgreedPush> PreparedAsync(string login, PeerKind[] kinds, params string[] more)
    {
        var push = new AgreedPush(await Lab.StartAsync(kinds), login);
        // For a user who is not root, as a system with a /run/lock for everybody.
        await push.Primary.ShAsync("chmod 1777 /run/lock");
        push.Configure(more);
        push.Primary.Write(Default, Answering("old"));
        push.Primary.Write("/etc/nginx/conf.d/kind/inner", "a directory, and a file later\n");
        push.Primary.Write("/etc/nginx/conf.d/deleted.conf", "# will go\n");
        push.Primary.Write("/etc/nginx/conf.d/parts/a.conf", "# stays\n");
        _ = (await push.Primary.RunAsync(push.Command("--serial", "all"))).OutIfSuccessful;
        push.Old = await push.Primary.TreeAsync("/etc/nginx");

        push.Primary.Delete("/etc/nginx/conf.d/kind");
        push.Primary.Write("/etc/nginx/conf.d/kind", "a file\n");
        push.Primary.Write(Default, Answering("new"));
        push.Primary.Delete("/etc/nginx/conf.d/deleted.conf");
        push.Primary.Write("/etc/nginx/conf.d/created/b.conf", "# comes\n");
        await push.Primary.ShAsync("chmod 0700 /etc/nginx/conf.d/parts");
        push.New = await push.Primary.TreeAsync("/etc/nginx");
        return push;
    }

    public void Configure(params string[] more) => ConfigureNodes(lab.Nodes, more);

    /// <summary>A node is sick where /tmp/sick is, and slow where /tmp/slow says for how many seconds.</summary>
    public void ConfigureNodes(string nodes, params string[] more)
    {
        Primary.Configure(
            [$"NODES=\"{nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"", "CONFIRM_TIMEOUT=5",
                FormattableString.Invariant($"CONNECT_TIMEOUT={Math.Min(15, Pace.Limit(3).TotalSeconds):0}"), "STEP_TIMEOUT=10",
                "HEALTHCHECK='test ! -e /tmp/slow || sleep $(cat /tmp/slow); test ! -e /tmp/sick'", "HEALTHCHECK_TIMEOUT=1", .. more]);
        if (login != "root") Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);
    }

    /// <summary>The primary's file answers with another word, which the peers know nothing of.</summary>
    public void Edit(string answer) => Primary.Write(Default, Answering(answer));

    public Task<Outcome> RunAsync(params string[] options) => Primary.RunAsync(Command(["--all-or-none", .. options]));

    public Task<Outcome> SettleAsync() => Primary.RunAsync(Command("settle"));

    /// <summary>Starts the push and returns when this node (the primary, too) stands still at this step.</summary>
    public async Task<Running> HeldAtAsync(Node node, string step)
    {
        node.Write(Hold, step + "\n");
        var push = await Primary.StartAsync(Command("--all-or-none"));
        await Eventually.TrueAsync(() => node.Exists($"{Hold}.reached") || push.HasExited, $"{node.Name} stands still at {step}");
        Assert.That(push.HasExited, Is.False, push.Out + push.Err);
        return push;
    }

    public static Task ReleaseAsync(Node node) => node.ShAsync($"rm -f {Hold} {Hold}.reached");

    /// <summary>A push whose primary is killed once its decision is recorded, and before any node was told.</summary>
    public async Task DieDecidedAsync()
    {
        await using var running = await HeldAtAsync(Primary, "decided");
        await KillPrimaryAsync(running);
    }

    /// <summary>Kills the primary's process as it stands, and the local shell that it held.</summary>
    public async Task KillPrimaryAsync(Running push)
    {
        // The shells that only wait for its next word end with it, perhaps sooner than they are killed.
        await Primary.ShAsync("p=$(pgrep -x nginx-sync); s=$(pgrep -P $p -x sh); kill -9 $p && { kill -9 $s 2>/dev/null || :; }");
        await push.WaitAsync(Pace.Limit(60));
        await ReleaseAsync(Primary);
    }

    /// <summary>Pushes one node after the other while one of them is sick: it says so, and all have what they had.</summary>
    public async Task EnsureOneSickUndoesAllAsync(Node sick)
    {
        sick.Write("/tmp/sick", "");
        var outcome = await RunAsync("--serial", "1");
        sick.Delete("/tmp/sick");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain($"{sick.Address}: the health check failed; the old configuration is back in place there"));
        foreach (var undone in Peers.TakeWhile(peer => peer != sick))
        {
            Assert.That(outcome.Out, Does.Contain($" * Undid the update on {undone.Address}, since {sick.Address} failed: it has what it had\n"));
        }
        foreach (var left in Peers.SkipWhile(peer => peer != sick).Skip(1)) Assert.That(outcome.Out, Does.Contain($" * Left {left.Address} as it was"));
        await EnsureAllAsync(isNew: false);
        Assert.That(IsRecorded, Is.False);
    }

    /// <summary>Every peer holds all of the old configuration, or all of the new, and serves it; nothing of a push is
    /// left there.</summary>
    public async Task EnsureAllAsync(bool isNew)
    {
        foreach (var peer in Peers) await EnsureAsync(peer, isNew);
    }

    /// <inheritdoc cref="EnsureAllAsync"/>
    public async Task EnsureAsync(Node peer, bool isNew)
    {
        await peer.LeavesNothingAsync();
        Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(isNew ? New : Old), peer.Name);
        Assert.That(await peer.AnswerAsync(), Is.EqualTo(isNew ? "new\n" : "old\n"), peer.Name);
    }

    /// <summary>One more push, and all is as the primary has it.</summary>
    public async Task EnsureConvergesAsync()
    {
        var next = await RunAsync();
        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        var wanted = await Primary.TreeAsync("/etc/nginx");
        foreach (var peer in Peers) Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(wanted), peer.Name);
        Assert.That(IsRecorded, Is.False);
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    private Invocation Command(params string[] arguments) => new(["nginx-sync", .. arguments]) { User = login };

    private static string Answering(string body) =>
        $$"""server { listen 80 default_server; location / { return 200 "{{body}}\n"; } }""";
}
