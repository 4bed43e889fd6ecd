namespace ConfSync.SystemTests.Faults;

/// <summary>The file system that holds the configuration of a peer.</summary>
public enum ConfigurationDisk
{
    /// <summary>In memory, with renames as everywhere.</summary>
    Ordinary,

    /// <summary>As in a container: what is there before a push is in the image, whose directories cannot be renamed.</summary>
    Overlay,
}

/// <summary>What is interrupted by faults.</summary>
public enum InjectedRun
{
    Push,

    /// <summary>A push that is not healthy, so that it is undone.</summary>
    Undo,

    RollBack,
}

/// <summary>How a run came out that was struck, and whether that is what was promised.</summary>
/// <param name="Struck">Where it was struck.</param>
/// <param name="ExitCode">Of the run.</param>
/// <param name="Problems">What is not as it is to be; none is good.</param>
internal sealed record InjectionResult(string Struck, int ExitCode, IReadOnlyList<string> Problems);

/// <summary>
/// A peer that goes from one configuration to another and back, with a <see cref="FaultInjector"/> in it. The two differ in
/// all that a plan knows: files and links created, replaced and deleted, directories that come, go, become a file or get
/// other attributes.
/// </summary>
internal sealed class InjectionSite : IAsyncDisposable
{
    private const string Disk = "/etc/nginx";

    private readonly Lab lab;
    private readonly ConfigurationDisk disk;
    private readonly FaultInjector injector;
    private readonly PeerLook[] looks = new PeerLook[2];

    private InjectionSite(Lab lab, ConfigurationDisk disk, FaultInjector injector) =>
        (this.lab, this.disk, this.injector) = (lab, disk, injector);

    /// <summary>Which of the two configurations the peer holds.</summary>
    public int Held { get; private set; }

    private Node Peer => lab.Peers[0];

    public static async Task<InjectionSite> StartAsync(ConfigurationDisk disk)
    {
        var lab = await Lab.StartPeersAsync(1);
        var site = new InjectionSite(lab, disk, await FaultInjector.InstallAsync(lab.Peers[0]));
        await ShellAsync(lab.Peers[0], """
            mkdir /srv/layers && mount -t tmpfs -o mode=0755 layers /srv/layers
            mkdir /srv/layers/lower /srv/layers/upper /srv/layers/work
            """);
        await ShellAsync(lab.Primary, """
            cp -a /etc/nginx /srv/1; cp -a /etc/nginx /srv/0; cd /srv/0/conf.d
            mkdir -p kind/deep parts goes/deep; echo in >kind/in; echo deep >kind/deep/in; ln -s in kind/link
            echo a >goes/a; echo b >goes/deep/b; ln -s a goes/link; echo p >parts/p; echo other >other; echo only >deleted
            chmod 0750 goes/deep; chgrp www-data goes/deep; chmod 0640 goes/a
            cd /srv/1/conf.d
            mkdir -p other/deep parts comes/deep; echo in >other/in; echo deep >other/deep/in; ln -s in other/link
            echo a >comes/a; echo b >comes/deep/b; ln -s a comes/link; echo p >parts/p; echo kind >kind; echo new >created
            chmod 0700 parts; chgrp www-data parts; chmod 0750 comes/deep; chmod 0640 comes/a
            """);
        foreach (var number in (int[])[0, 1])
        {
            lab.Primary.Write($"/srv/{number}/conf.d/default.conf", $$"""server { listen 80 default_server; return 200 "{{number}}"; }""");
            lab.Primary.Files.Link($"/srv/{number}/conf.d/changes", $"{number}");
        }
        await ShellAsync(lab.Primary, "echo '# more' >>/srv/1/nginx.conf; rm -r /etc/nginx; cp -a /srv/0 /etc/nginx");
        await ShellAsync(lab.Peers[0], site.Layering);
        foreach (var number in (int[])[1, 0])
        {
            await site.HoldAsync(number);
            site.looks[number] = await PeerLook.AtAsync(lab.Primary);
            if (await site.ConvergeAsync(number) is { Count: > 0 } problems) throw new InvalidOperationException(string.Join('\n', problems));
        }
        return site;
    }

    /// <summary>Goes to the other configuration, struck as planned, and looks; then does so without faults, and looks.</summary>
    public async Task<InjectionResult> StrikeAsync(InjectedRun run, params string[] plan)
    {
        var from = Held;
        var to = 1 - Held;
        await ShellAsync(Peer, Layering);
        if (run != InjectedRun.RollBack) await HoldAsync(to);
        Configure(run == InjectedRun.Undo ? "false" : "true");

        injector.Arm(plan);
        var outcome = await lab.NginxSyncAsync(run == InjectedRun.RollBack ? ["rollback"] : []);
        injector.Disarm();

        var there = await PeerLook.AtAsync(Peer);
        var verdict = new InjectionVerdict(looks[from], looks[to], there, await AnswerAsync(), $"{from}", $"{to}");
        List<string> problems = [.. verdict.Problems(outcome, mayStay: plan.Any(line => line.EndsWith("lasting", StringComparison.Ordinal)))];

        Configure("true");
        problems.AddRange(await ConvergeAsync(run == InjectedRun.RollBack ? from : to));
        if (problems.Count > 0) problems.Add($"the run that was struck ended with {outcome.ExitCode}: {outcome.Err}");
        return new InjectionResult(injector.Struck, outcome.ExitCode, problems);
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    /// <summary>What the peer holds becomes the image, under an empty layer.</summary>
    private string Layering => disk == ConfigurationDisk.Overlay
        ? """
          cd /srv/layers; cp -a /etc/nginx next
          ! mountpoint -q /etc/nginx || umount /etc/nginx
          rm -rf lower upper work; mv next lower; mkdir upper work
          mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off layers /etc/nginx
          """
        : """
          mountpoint -q /etc/nginx || {
            cp -a /etc/nginx/. /srv/layers/lower; mount --bind /srv/layers/lower /etc/nginx
          }
          """;

    /// <summary>The primary holds this one from now on.</summary>
    private Task HoldAsync(int number) =>
        ShellAsync(lab.Primary, $"rm -rf {Disk}/conf.d {Disk}/nginx.conf && cp -a /srv/{number}/conf.d /srv/{number}/nginx.conf {Disk}/");

    private void Configure(string healthCheck) => lab.Primary.Configure(
        $"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/conf.d\"", $"HEALTHCHECK='{healthCheck}'",
        // One that fails is tried again for so long. Otherwise nothing is silent here but a machine that is busy.
        $"HEALTHCHECK_TIMEOUT={(healthCheck == "false" ? 1 : 20)}", "CONNECT_TIMEOUT=60", "CONFIRM_TIMEOUT=20", "RELOAD_TIMEOUT=60");

    private async Task<IReadOnlyList<string>> ConvergeAsync(int number)
    {
        Configure("true");
        var next = await lab.NginxSyncAsync();
        List<string> problems = [];
        if (next.ExitCode != 0) problems.Add($"the next push fails: {next.Err}");
        var there = await PeerLook.AtAsync(Peer);
        if (!there.HoldsSame(looks[number])) problems.Add($"after the next push, the peer holds something else: {looks[number].Difference(there)}");
        if (await AnswerAsync() is var answer && answer != $"{number}") problems.Add($"after the next push, nginx answers {answer}");
        if (there.Left.Length > 0) problems.Add($"after the next push, this is left: {there.Left}");
        Held = number;
        return problems;
    }

    private async Task<string> AnswerAsync()
    {
        try
        {
            return (await Peer.HttpGetAsync()).Body;
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    private static async Task ShellAsync(Node node, string script) =>
        _ = (await node.RunAsync("sh", "-ec", script)).OutIfSuccessful;
}
