namespace ConfSync.SystemTests.Push;

/// <summary>What a push would overwrite: another primary's push that this one never had, and edits on the node.</summary>
public sealed class OverwrittenTests
{
    private const string Site = "/etc/nginx/conf.d/site.conf", Own = "/etc/nginx/conf.d/own.conf";

    [Test]
    public async Task A_push_that_this_primary_never_had_is_not_lost()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        var (second, node) = (lab.Peers[0], lab.Peers[1]);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "CONNECT_TIMEOUT=3");
        lab.Primary.WriteSite("one");
        _ = await lab.Primary.PushedAsync();
        lab.Primary.WriteSite("two");
        await second.UnplugAsync();
        Assert.That((await lab.Primary.PushAsync("--serial", "all", "-m", "the second")).ExitCode, Is.EqualTo(2));
        await second.PlugInAsync();
        await second.BecomePrimaryAsync(lab.Primary, node.Address);
        second.WriteSite("three");

        foreach (var options in new[] { Array.Empty<string>(), ["-n"], ["--all-or-none"] })
        {
            var refused = await PushAsync(second, options);
            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
            Assert.That(refused.Err, Does.Contain($"{node.Address}: planning the change failed; nothing was changed there (NS-3111):\n    the node holds what root@primary pushed at "));
            Assert.That(refused.Err, Does.Match(@"\(run [0-9a-f]{7}: the second\), which this machine has never had"));
            Assert.That(await node.AnswerAsync(81), Is.EqualTo("two"));
        }
        var forced = await PushAsync(second, "--force");
        Assert.That(forced.ExitCode, Is.Zero, forced.ToString());
        Assert.That(await node.AnswerAsync(81), Is.EqualTo("three"));

        // The first one comes back, and has not heard of it.
        lab.Primary.WriteSite("four");
        var back = await lab.Primary.PushAsync("--node", node.Address);
        Assert.That(back.ExitCode, Is.EqualTo(2), back.ToString());
        Assert.That(back.Err, Does.Contain("the node holds what root@peer1 pushed at "));
        Assert.That(await node.AnswerAsync(81), Is.EqualTo("three"));
    }

    [Test]
    public async Task A_peer_that_had_it_all_goes_on_as_the_primary()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        var (second, node) = (lab.Peers[0], lab.Peers[1]);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        lab.Primary.WriteSite("one");
        _ = await lab.Primary.PushedAsync();
        await second.BecomePrimaryAsync(lab.Primary, node.Address);
        second.WriteSite("two");

        var pushed = await PushAsync(second);

        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        Assert.That(await node.AnswerAsync(81), Is.EqualTo("two"));
        Assert.That(pushed.Out + pushed.Err, Does.Not.Contain("edited there"));
    }

    /// <summary>Its digest cannot be compared with those of this primary, because it has other CONFPATHS.</summary>
    [Test]
    public async Task A_narrower_push_of_another_primary_is_not_lost()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        var (second, node) = (lab.Peers[0], lab.Peers[1]);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        lab.Primary.WriteSite("one");
        _ = await lab.Primary.PushedAsync("--node", node.Address);
        await second.BecomePrimaryAsync(lab.Primary, node.Address, Site);
        second.WriteSite("two");
        Assert.That((await PushAsync(second)).Err, Does.Contain("the node holds what root@primary pushed at "));
        Assert.That((await PushAsync(second, "--force")).ExitCode, Is.Zero);

        lab.Primary.AddToMain("# not touched by the other one");
        var apart = await lab.Primary.PushAsync("--node", node.Address, "-n");
        lab.Primary.WriteSite("three");
        var refused = await lab.Primary.PushAsync("--node", node.Address);

        // The primary holds "one" itself, so already the first of the two would undo the push of the other one.
        foreach (var outcome in new[] { apart, refused })
        {
            Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain("the node holds what root@peer1 pushed at "));
        }
        Assert.That(await node.AnswerAsync(81), Is.EqualTo("two"));
        lab.Primary.WriteSite("two");
        _ = await lab.Primary.PushedAsync("--node", node.Address);
        Assert.That(node.ReadText("/etc/nginx/nginx.conf"), Does.Contain("# not touched by the other one\n"));
    }

    [Test]
    public async Task The_pushes_of_a_second_configuration_are_no_edits()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "OVERWRITE=no");
        lab.Primary.WriteSite("one");
        _ = await lab.Primary.PushedAsync();
        lab.Primary.WriteSite("two");
        lab.Primary.Write("/etc/other/file", "of the second configuration\n");
        lab.Primary.Write("/etc/second.conf", $"NODES={lab.Peers[0].Address}\nCONFPATHS=\"{Site} /etc/other\"\nOVERWRITE=no\n");
        _ = await lab.Primary.PushedAsync("-f", "/etc/second.conf");
        lab.Primary.WriteSite("three");

        var pushed = await lab.Primary.PushedAsync();

        Assert.That(pushed, Does.Not.Contain("edited there"));
        Assert.That(await lab.Peers[0].AnswerAsync(81), Is.EqualTo("three"));
    }

    [Test]
    public async Task An_edit_on_the_node_is_named_before_it_is_overwritten_or_is_kept()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        lab.Primary.WriteSite("one");
        _ = await lab.Primary.PushedAsync();
        lab.Primary.WriteSite("two");
        lab.Primary.AddToMain("# another line");
        // Only a file that is younger than the push by a whole second counts as edited.
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        foreach (var peer in lab.Peers)
        {
            peer.WriteSite("by hand");
            peer.Write(Own, "# by hand\n");
        }
        lab.Peers[1].Write(Site, lab.Primary.ReadText(Site));

        var planned = await lab.Primary.PushAsync("-n");
        Assert.That(planned.Out + planned.Err, Does.Contain($"{lab.Peers[0].Address}: edited there since the last push; the push overwrites it (nginx-sync rollback brings it back): {Own}, {Site}\n"));
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "OVERWRITE=no");
        var refused = await lab.Primary.PushAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Err, Does.Contain($"these were edited there since the last push, and OVERWRITE=no:\n    {Own}\n"));
        Assert.That(lab.Peers[0].ReadText(Own), Is.EqualTo("# by hand\n"));

        var forced = await lab.Primary.PushAsync("--force");

        Assert.That(forced.ExitCode, Is.Zero, forced.ToString());
        Assert.That(forced.Out + forced.Err, Does.Contain($"{lab.Peers[1].Address}: edited there since").And.Contain("Edited there and overwritten: "));
        foreach (var peer in lab.Peers)
        {
            Assert.That((peer.Exists(Own), await peer.AnswerAsync(81)), Is.EqualTo((false, "two")));
        }
        lab.Primary.WriteSite("three");
        var quiet = await lab.Primary.PushedAsync();
        Assert.That(quiet, Does.Not.Contain("edited there"));
    }

    private static Task<Outcome> PushAsync(Node peer, params string[] options) => peer.RunAsync(["/opt/nginx-sync/nginx-sync", .. options]);
}
