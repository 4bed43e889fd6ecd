namespace ConfSync.SystemTests.Push;

/// <summary>A primary that takes over what another one pushed, before it pushes itself.</summary>
public sealed class AdoptTests
{
    private const string Site = "/etc/nginx/conf.d/site.conf", Hold = "/run/nginx-sync/hold";

    [Test]
    public async Task What_another_primary_pushed_is_taken_over_shown_and_undone_and_then_pushed_over()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        var (second, node, third) = (lab.Peers[0], lab.Peers[1], lab.Peers[2]);
        await SplitAsync(lab);
        second.WriteSite("three");
        second.Write("/etc/nginx/conf.d/own.conf", "# by hand\n");
        await second.ShAsync("chown 7:7 /etc/nginx/conf.d/own.conf; touch -d '+2 seconds' /etc/nginx/conf.d/own.conf");
        var before = await second.TreeAsync("/etc/nginx");
        var refused = await second.NginxSyncAsync("--node", node.Address);
        Assert.That(refused.Err, Does.Contain($"(NS-3111):\n    the node holds what root@primary pushed at ").And.Contain($"To take it over to this machine first: nginx-sync --adopt {node.Address}."), refused.ToString());

        await IsRefusedAsync(second, node, before);
        var shown = await second.NginxSyncAsync("--adopt", node.Address, "-n");
        Assert.That(shown.ExitCode, Is.Zero, shown.ToString());
        Assert.That(shown.Out, Does.Contain($" * {node.Address} holds what root@primary left there at ").And.Contain("\"the second\")"));
        Assert.That(shown.Out, Does.Contain($"edited here since, and taken away (nginx-sync adopt --undo brings it back): /etc/nginx/conf.d/own.conf, {Site}"));
        Assert.That(shown.Out, Does.Contain($"--- local:{Site}\t").And.Contain($"+++ {node.Address}:{Site}\t").And.Contain("Dry run: nothing was changed."));
        Assert.That(await second.TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That((await second.NginxSyncAsync("-q", "--node", node.Address)).ExitCode, Is.EqualTo(2), "a dry run is no adoption");

        // Killed while the files are live and not confirmed: nothing is taken over, and nothing counts as had.
        await KilledAsync(second, node, "verified");
        Assert.That(await second.TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That((await second.NginxSyncAsync("-q", "--node", node.Address)).ExitCode, Is.EqualTo(2));

        var taken = await second.NginxSyncAsync("--adopt", node.Address, "--yes", "-m", "after the split");
        Assert.That(taken.ExitCode, Is.Zero, taken.ToString());
        Assert.That(taken.Out, Does.Contain($"This machine holds what {node.Address} holds, and serves it. Nothing was pushed"));
        Assert.That((await second.AnswerAsync(81), await node.AnswerAsync(81), await third.AnswerAsync(81)), Is.EqualTo(("two", "two", "one")));
        Assert.That(second.Exists("/etc/nginx/conf.d/own.conf"), Is.False);
        Assert.That((await second.NginxSyncAsync("adopt", node.Address, "--yes")).Out, Does.Contain("holds already what"));

        await UndoneAsync(second, node, before);

        second.WriteSite("four");
        var pushed = await second.NginxSyncAsync();
        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        foreach (var peer in new[] { node, third }) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("four"));
    }

    /// <summary>What the primary makes for the node cannot be told from what the node holds.</summary>
    [Test]
    public async Task What_is_made_for_the_node_is_not_taken_for_the_primarys_own()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        var (second, node) = (lab.Peers[0], lab.Peers[1]);
        await SplitAsync(lab);
        var own = $"/etc/nginx-sync.d/nodes/{node.Address}/files/etc/nginx/conf.d/own.conf";
        foreach (var primary in new[] { lab.Primary, second })
        {
            primary.Write("/etc/nginx-sync.d/templates/etc/nginx/conf.d/made.conf", "# of %{NODE}\n");
            primary.Write(own, "# the node's\n");
            primary.Write("/etc/nginx/conf.d/edited.conf", "# on the primary\n");
        }
        string[] more = ["EXCLUDE=\"*.bak\"", "TEMPLATES=/etc/nginx/conf.d/made.conf", "POSTSYNC=\"/etc/nginx/conf.d/edited.conf|s/primary/node/\""];
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", more);
        lab.Primary.Write("/etc/nginx/conf.d/new.conf", "# new\n");
        lab.Primary.Write("/etc/nginx-sync.d/templates/etc/nginx/conf.d/made.conf", "# made of %{NODE}\n");
        lab.Primary.Write(own, "# the node's own\n");
        lab.Primary.Write("/etc/nginx/conf.d/edited.conf", "# is on the primary\n");
        _ = await lab.Primary.PushedAsync("--node", node.Address);
        await second.BecomePrimaryAsync(lab.Primary, node.Address, more: more);
        second.Write("/etc/nginx/conf.d/left.bak", "excluded\n");

        var refused = await second.NginxSyncAsync("adopt", node.Address, "-n");
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Err, Does.Contain("    /etc/nginx/conf.d/edited.conf (POSTSYNC edits it)\n    /etc/nginx/conf.d/made.conf (a template, see TEMPLATES)\n    /etc/nginx/conf.d/own.conf (a file of this node's own)\n  nginx-sync diff "));

        second.Write("/etc/nginx-sync.d/templates/etc/nginx/conf.d/made.conf", "# made of %{NODE}\n");
        second.Write(own, "# the node's own\n");
        second.Write("/etc/nginx/conf.d/edited.conf", "# is on the primary\n");
        var taken = await second.NginxSyncAsync("adopt", node.Address, "--yes");
        Assert.That(taken.ExitCode, Is.Zero, taken.ToString());
        Assert.That(second.ReadText("/etc/nginx/conf.d/new.conf"), Is.EqualTo("# new\n"));
        Assert.That(second.ReadText("/etc/nginx/conf.d/edited.conf"), Is.EqualTo("# is on the primary\n"));
        Assert.That((second.Exists("/etc/nginx/conf.d/own.conf"), second.Exists("/etc/nginx/conf.d/made.conf"), second.Exists("/etc/nginx/conf.d/left.bak")), Is.EqualTo((false, false, true)));
        var pushed = await second.NginxSyncAsync();
        Assert.That((pushed.ExitCode, pushed.Out.Contains("already up to date", StringComparison.Ordinal)), Is.EqualTo((0, true)), pushed.ToString());
        second.WriteSite("three");
        Assert.That((await second.NginxSyncAsync()).ExitCode, Is.Zero);
    }

    // A pushes "two" to the node while B is away; then B is the primary.
    private static async Task SplitAsync(Lab lab)
    {
        var (second, node) = (lab.Peers[0], lab.Peers[1]);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        lab.Primary.WriteSite("one");
        _ = await lab.Primary.PushedAsync("--serial", "all");
        lab.Primary.WriteSite("two");
        _ = await lab.Primary.PushedAsync("--node", node.Address, "-m", "the second");
        await second.BecomePrimaryAsync(lab.Primary, string.Join(' ', lab.Peers.Skip(1).Select(peer => peer.Address)));
    }

    private static async Task IsRefusedAsync(Node second, Node node, IReadOnlyList<string> before)
    {
        foreach (var (words, status, says) in new (string[], int, string)[]
        {
            (["--adopt", node.Address], 1, "there is no terminal to ask at: --yes asks nothing, --dry-run only shows it"),
            (["--adopt", "192.0.2.99", "-n"], 1, "it is not in NODES of"),
            (["--adopt", "*", "-n"], 1, "takes one node, and * means 2"),
            (["--adopt", node.Address, "-C"], 2, "--compare-all is not for --adopt"),
            (["--yes"], 1, "--yes is for --adopt"),
            (["adopt"], 1, "adopt takes one NODE, or --undo"),
            (["adopt", "--undo", "--yes"], 1, "there is nothing to undo"),
        })
        {
            var outcome = await second.NginxSyncAsync(words);
            Assert.That((outcome.ExitCode, outcome.Err.Contains(says, StringComparison.Ordinal)), Is.EqualTo((status, true)), $"{string.Join(' ', words)}: {outcome}");
        }
        var declined = await second.RunAsync(new Invocation("script", "-qec", $"/opt/nginx-sync/nginx-sync --adopt {node.Address}", "/dev/null") { Input = "no\n"u8.ToArray() });
        Assert.That(declined.Out, Does.Contain("Change this machine like this? (yes or no): ").And.Contain("nothing was changed"), declined.ToString());
        Assert.That(await second.TreeAsync("/etc/nginx"), Is.EqualTo(before));
    }

    private static async Task KilledAsync(Node second, Node node, string step)
    {
        await second.ShAsync($"mkdir -p /run/nginx-sync; echo {step} >{Hold}");
        await using var adopting = await second.StartAsync("/opt/nginx-sync/nginx-sync", "--adopt", node.Address, "--yes");
        await Eventually.TrueAsync(() => second.Exists($"{Hold}.reached"), $"it is at {step}");
        adopting.Kill();
        second.Delete(Hold);
        await second.IsCleanAsync();
    }

    // Back to what it was, and what the node holds counts as never had again; then forward once more.
    private static async Task UndoneAsync(Node second, Node node, IReadOnlyList<string> before)
    {
        var undone = await second.NginxSyncAsync("adopt", "--undo", "--yes");
        Assert.That(undone.ExitCode, Is.Zero, undone.ToString());
        Assert.That(await second.TreeAsync("/etc/nginx"), Is.EqualTo(before));
        Assert.That(await second.AnswerAsync(81), Is.EqualTo("three"));
        var refused = await second.NginxSyncAsync("--node", node.Address);
        Assert.That((refused.ExitCode, refused.Err.Contains("(NS-3111)", StringComparison.Ordinal)), Is.EqualTo((2, true)), refused.ToString());
        Assert.That((await second.NginxSyncAsync("adopt", node.Address, "--yes", "-q")).ExitCode, Is.Zero);
    }
}
