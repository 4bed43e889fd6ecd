namespace ConfSync.SystemTests.Push;

/// <summary>After an undo nginx serves what is on the disk, which need not be what it served before: that is not taken for known.</summary>
public sealed class KnownAfterUndoTests
{
    [Test]
    public async Task What_was_served_before_an_update_without_a_reload_is_not_known_to_be_served_after_an_undo()
    {
        await using var lab = await ServingFirstAsync();
        var peer = lab.Peers[0];
        lab.Primary.WriteSite("second");
        _ = (await lab.Primary.RunAsync("nginx-sync", "--no-reload")).OutIfSuccessful;
        lab.Primary.WriteSite("third");
        await peer.ShAsync("touch /tmp/bad");
        Assert.That((await lab.Primary.PushAsync()).ExitCode, Is.EqualTo(2));
        await peer.ShAsync("rm /tmp/bad");
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("second"), "the undo has nginx read what is there");

        lab.Primary.WriteSite("first");
        _ = (await lab.Primary.RunAsync("nginx-sync", "--no-reload")).OutIfSuccessful;
        await lab.Primary.PushedAsync();

        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("first"));
    }

    [Test]
    public async Task What_was_edited_without_a_reload_before_a_push_that_is_undone_is_not_known_either()
    {
        await using var lab = await ServingFirstAsync();
        var peer = lab.Peers[0];
        await peer.ShAsync("cp -p /etc/nginx/conf.d/site.conf /root/kept; sed -i s/first/edited/ /etc/nginx/conf.d/site.conf; touch /tmp/bad");
        lab.Primary.WriteSite("second");
        Assert.That((await lab.Primary.PushAsync()).ExitCode, Is.EqualTo(2));
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("edited"));
        await peer.ShAsync("rm /tmp/bad; cp -p /root/kept /etc/nginx/conf.d/site.conf");

        lab.Primary.WriteSite("first");
        await lab.Primary.PushedAsync();

        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("first"));
    }

    // One peer, whose health check fails as long as /tmp/bad is there.
    private static async Task<Lab> ServingFirstAsync()
    {
        var lab = await Lab.StartPeersAsync(1);
        lab.Pushes("/etc/nginx/conf.d", "HEALTHCHECK='test ! -e /tmp/bad'", "HEALTHCHECK_TIMEOUT=1");
        lab.Primary.WriteSite("first");
        await lab.Primary.PushedAsync();
        return lab;
    }
}
