using ConfSync.SystemTests.Faults;
using static ConfSync.SystemTests.Push.Generations;

namespace ConfSync.SystemTests.Push;

/// <summary>What differs from node to node: values in templates, whole files, and POSTSYNC for one node.</summary>
public sealed class PerNodeTests
{
    private const string Directory = "/etc/nginx-sync.d";
    private const string Template = $"{Directory}/templates/etc/nginx/conf.d/node.conf";
    private const string Site = "/etc/nginx/conf.d/site.conf";

    // The ports on which a node answers from a template, from the site, and from a file of its own.
    private const int TemplatePort = 82, SitePort = 83, OwnPort = 84;

    [Test]
    public async Task Each_node_gets_what_is_its_own_and_that_is_no_drift()
    {
        await using var lab = await StartAsync();

        var first = await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) Assert.That(first, Does.Contain($" * Updating configuration on {peer.Address}\n"));
        await EnsureAsync(lab, "one");
        Assert.That((await lab.Primary.PushedAsync()).Split("is up to date"), Has.Length.EqualTo(4));
        var compared = await lab.Primary.PushAsync("-C");
        Assert.That(compared.ExitCode, Is.Zero, compared.ToString());

        // A value that changes concerns its node alone.
        lab.Primary.Write(ValuesOf(lab.Peers[1]), "COLOUR=green\nWORD=one\n");
        lab.Peers[0].Write("/etc/nginx/conf.d/node.conf", "# by hand\n");
        var drifted = await lab.Primary.PushAsync("-Cd");
        Assert.That(drifted.ExitCode, Is.EqualTo(1), drifted.ToString());
        Assert.That(drifted.Out, Does.Contain("200 'colour0 one").And.Contain("200 'green one").And.Not.Contain("%{").And.Not.Contain("colour2"));
        var second = await lab.Primary.PushedAsync();
        Assert.That(second, Does.Contain($"{lab.Peers[2].Address} is up to date"));
        Assert.That(await lab.Peers[1].AnswerAsync(TemplatePort), Is.EqualTo("green one"));
        Assert.That(await lab.Peers[0].AnswerAsync(TemplatePort), Is.EqualTo("colour0 one"));
        Assert.That(lab.Primary.Exists("/etc/nginx/conf.d/node.conf"), Is.False);
        Assert.That(await lab.Peers[1].ShAsync("stat -c '%a %U' /etc/nginx/conf.d/own.conf"), Is.EqualTo("640 www-data"));
    }

    [Test]
    public async Task Nothing_is_pushed_where_a_value_is_missing_or_a_file_would_go_nowhere()
    {
        await using var lab = await StartAsync();
        lab.Primary.Write(ValuesOf(lab.Peers[2]), "COLOUR=blue\n");
        lab.Primary.Write(Template, "# %{COLOUR}\n# %{WORD}\n");
        lab.Primary.Write($"{Directory}/nodes/{lab.Peers[1].Address}/files/etc/other.conf", "");

        var outcome = await lab.Primary.PushAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain(
            $"{Directory}/nodes/{lab.Peers[1].Address}/files/etc/other.conf is not beneath CONFPATHS on the node"));
        lab.Primary.Delete($"{Directory}/nodes/{lab.Peers[1].Address}/files/etc/other.conf");
        outcome = await lab.Primary.PushAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain(
            $"{Template}:2: {lab.Peers[2].Address} has no value for %{{WORD}}: write WORD=… into {ValuesOf(lab.Peers[2])}"));
        foreach (var peer in lab.Peers) Assert.That(peer.Exists(Site), Is.False);

        await lab.Primary.ShAsync($"chmod 666 {ValuesOf(lab.Peers[2])}");
        outcome = await lab.Primary.PushAsync();
        Assert.That(outcome.Err, Does.Contain($"{ValuesOf(lab.Peers[2])}: others than root may write it (mode 666)"));
    }

    [TestCase("decided")]
    [TestCase("deciding")]
    public async Task All_or_none_gives_each_node_its_own_whenever_the_primary_dies(string step)
    {
        await using var lab = await StartAsync("CONFIRM_TIMEOUT=5");
        _ = await lab.Primary.PushedAsync();
        Rewrite(lab, "two");
        lab.Primary.Write(Hold, step + "\n");
        await using var running = await lab.Primary.StartAsync("nginx-sync", "--all-or-none");
        await Eventually.TrueAsync(() => lab.Primary.Exists($"{Hold}.reached") || running.HasExited, step);
        await lab.Primary.ShAsync("p=$(pgrep -x nginx-sync); s=$(pgrep -P $p -x sh); kill -9 $p && { kill -9 $s 2>/dev/null || :; }");
        await running.WaitAsync(Pace.Limit(60));
        lab.Primary.Release();
        foreach (var peer in lab.Peers) await peer.LeavesNothingAsync(Pace.Limit(20));
        await EnsureAsync(lab, "one");

        // What was decided does not change with the files on the primary.
        Rewrite(lab, "three");
        var settled = await lab.Primary.RunAsync("nginx-sync", "settle");

        Assert.That(settled.ExitCode, Is.Zero, settled.ToString());
        await EnsureAsync(lab, step == "decided" ? "two" : "one");
        _ = await lab.Primary.PushedAsync();
        await EnsureAsync(lab, "three");
    }

    [Test]
    public async Task A_node_that_is_lost_is_looked_at_for_what_is_its_own(
        [Values("active", "verified")] string mark, [Values(Fault.KillSsh, Fault.KillRunner, Fault.PowerLoss)] Fault fault)
    {
        await using var lab = await StartAsync("CONFIRM_TIMEOUT=5");
        _ = await lab.Primary.PushedAsync();
        Rewrite(lab, "two");
        var struck = lab.Peers[0];
        await using var running = await lab.HeldAtAsync(mark, "nginx-sync", "--all-or-none");

        await fault.StrikeAsync(lab.Primary, running, struck);
        struck.Release();
        var outcome = await running.WaitAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        foreach (var peer in lab.Peers) await peer.LeavesNothingAsync(Pace.Limit(20));
        await EnsureAsync(lab, "one");
        _ = await lab.Primary.PushedAsync();
        await EnsureAsync(lab, "two");
    }

    [Test]
    public async Task Nodes_go_back_each_to_what_it_had()
    {
        await using var lab = await StartAsync();
        foreach (var word in new[] { "one", "two", "three" })
        {
            Rewrite(lab, word);
            _ = await lab.Primary.PushedAsync();
        }

        _ = await lab.Primary.RolledBackAsync();
        await EnsureAsync(lab, "two");
        _ = await lab.Primary.RolledBackAsync([.. lab.Peers.Select(peer => peer.Address), "--to", "1"]);
        await EnsureAsync(lab, "one");
        var history = (await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful;
        Assert.That(history.Split("back to 1"), Has.Length.EqualTo(4), history);
        _ = await lab.Primary.PushedAsync();
        await EnsureAsync(lab, "three");
    }

    [Test]
    public async Task A_user_who_is_not_root_pushes_them_too()
    {
        await using var lab = await StartAsync();
        await lab.Primary.ShAsync("chmod 1777 /run/lock");

        var outcome = await lab.Primary.PushAsAsync("deploy");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        await EnsureAsync(lab, "one");
    }

    // The first node has a rule of POSTSYNC, the second one a file of its own, the third another file than the primary's.
    private static async Task<Lab> StartAsync(params string[] more)
    {
        var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        lab.Pushes(
            "/etc/nginx/nginx.conf /etc/nginx/conf.d",
            [
                "TEMPLATES=/etc/nginx/conf.d/node.conf", $"POSTSYNC=\"{lab.Peers[0].Address}:{Site}|s/site/edited/\"",
                "HEALTHCHECK_TIMEOUT=2", .. more,
            ]);
        lab.Primary.Write($"{FilesOf(lab.Peers[1])}/own.conf", $"server {{ listen {OwnPort}; return 200 'own'; }}\n");
        await lab.Primary.ShAsync($"chmod 640 {FilesOf(lab.Peers[1])}/own.conf; chown www-data {FilesOf(lab.Peers[1])}/own.conf; umask 022");
        Rewrite(lab, "one");
        return lab;
    }

    private static void Rewrite(Lab lab, string word)
    {
        for (var i = 0; i < lab.Peers.Count; i++) lab.Primary.Write(ValuesOf(lab.Peers[i]), $"COLOUR=colour{i}\nWORD={word}\n");
        lab.Primary.Write(Template, $"server {{ listen {TemplatePort}; return 200 '%{{COLOUR}} %{{WORD}}'; }}\n");
        lab.Primary.Write(Site, $"server {{ listen {SitePort}; return 200 'site {word}'; }}\n");
        lab.Primary.Write($"{FilesOf(lab.Peers[2])}/site.conf", $"server {{ listen {SitePort}; return 200 'another {word}'; }}\n");
    }

    private static async Task EnsureAsync(Lab lab, string word)
    {
        string[] sites = [$"edited {word}", $"site {word}", $"another {word}"];
        for (var i = 0; i < lab.Peers.Count; i++)
        {
            var peer = lab.Peers[i];
            Assert.That(
                (await peer.AnswerAsync(TemplatePort), await peer.AnswerAsync(SitePort)), Is.EqualTo(($"colour{i} {word}", sites[i])), peer.Name);
            Assert.That(peer.Exists("/etc/nginx/conf.d/own.conf"), Is.EqualTo(i == 1), peer.Name);
        }
        Assert.That(await lab.Peers[1].AnswerAsync(OwnPort), Is.EqualTo("own"));
    }

    private static string ValuesOf(Node peer) => $"{Directory}/nodes/{peer.Address}.conf";

    private static string FilesOf(Node peer) => $"{Directory}/nodes/{peer.Address}/files/etc/nginx/conf.d";
}
