namespace ConfSync.SystemTests.Push;

/// <summary>The administrator of a node starts, stops or upgrades its nginx while a push is at work.</summary>
public sealed class NginxMeanwhileTests
{
    private const string StopNginx = "kill $(cat /run/nginx.pid); while [ -e /run/nginx.pid ]; do sleep 0.01; done";
    private const string Upgrade = "kill -USR2 $(cat /run/nginx.pid); while [ ! -s /run/nginx.pid.oldbin ] || [ ! -s /run/nginx.pid ]; do sleep 0.01; done";
    private const string Hold = "/run/nginx-sync/hold";

    private Lab lab = null!;

    [SetUp]
    public async Task StartAsync()
    {
        lab = await Lab.StartAsync(PeerKind.Debian);
        await lab.Peers[0].ShAsync($"{StopNginx}; mkdir -p /run/nginx-sync; /usr/sbin/nginx");
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "HEALTHCHECK_TIMEOUT=1");
    }

    [TearDown]
    public async Task EndAsync() => await lab.DisposeAsync();

    private Node Peer => lab.Peers[0];

    /// <summary>Pushes; while the push stands still at a mark, something is done on the peer.</summary>
    private async Task<Outcome> PushAsync(string mark, string meanwhile)
    {
        Peer.Write(Hold, mark + "\n");
        await using var push = await lab.Primary.StartAsync("nginx-sync");
        await Eventually.TrueAsync(() => Peer.Exists(Hold + ".reached"), $"the push is at {mark}");
        await Peer.ShAsync(meanwhile);
        Peer.Delete(Hold);
        return await push.WaitAsync();
    }

    [TestCase("staged")]
    [TestCase("tested")]
    [TestCase("active")]
    [TestCase("verified")]
    public async Task One_that_was_started_meanwhile_serves_what_is_pushed(string mark)
    {
        await Peer.ShAsync(StopNginx);

        var push = await PushAsync(mark, "/usr/sbin/nginx -g 'daemon on; master_process on;'");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(await Peer.AnswerAsync(81), Is.EqualTo("new"));
        Assert.That(await lab.Primary.PushedAsync(), Does.Not.Contain("reloaded"), "and is known to");
    }

    [TestCase("tested")]
    [TestCase("kept")]
    [TestCase("signalled")]
    [TestCase("verified")]
    public async Task One_that_was_started_anew_meanwhile_serves_what_is_pushed(string mark)
    {
        var push = await PushAsync(mark, $"{StopNginx}; /usr/sbin/nginx");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(await Peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [TestCase("active", "/usr/sbin/nginx")]
    [TestCase("verified", "/usr/sbin/nginx")]
    [TestCase("verified", "")]
    public async Task After_an_undo_nothing_serves_the_new_configuration(string mark, string start)
    {
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d", "HEALTHCHECK='[ -e /tmp/healthy ]'", "HEALTHCHECK_TIMEOUT=1");
        await Peer.ShAsync("touch /tmp/healthy");
        if (mark == "verified")
        {
            // Undone when the session ends, without a reload of its own being known to be needed.
            Peer.Write(Hold, "verified\n");
            await using var killed = await lab.Primary.StartAsync("nginx-sync");
            await Eventually.TrueAsync(() => Peer.Exists(Hold + ".reached"), "the push is at verified");
            await Peer.ShAsync($"{StopNginx}; {start}");
            killed.Kill();
            Peer.Delete(Hold);
            await Eventually.TrueAsync(() => !Peer.Exists($"{PeerSide.State}/transaction"), "it is undone");
        }
        else
        {
            var push = await PushAsync(mark, $"{StopNginx}; {start}; rm /tmp/healthy");
            Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
            Assert.That(push.Err, Does.Contain("the old configuration is back in place there"));
        }

        Assert.That(Peer.Exists("/etc/nginx/conf.d/site.conf"), Is.False);
        if (start.Length > 0) Assert.That(await Peer.AnswerAsync(), Is.EqualTo("default\n"));
        Assert.That(() => Peer.AnswerAsync(81), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task One_that_is_stopped_meanwhile_is_no_undo_that_failed()
    {
        var push = await PushAsync("verified", StopNginx);

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("the old configuration is back in place there").And.Contain("does not run"));
        Assert.That(push.Err, Does.Not.Contain("COULD NOT BE PUT BACK"));
    }

    [TestCase("")]
    [TestCase("tested")]
    public async Task An_upgrade_that_is_not_finished_is_refused(string mark)
    {
        if (mark.Length == 0) await Peer.ShAsync(Upgrade);

        var push = mark.Length == 0 ? await lab.Primary.PushAsync() : await PushAsync(mark, Upgrade);

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("an upgrade of nginx is not finished").And.Not.Contain("COULD NOT"));
        Assert.That(Peer.Exists("/etc/nginx/conf.d/site.conf"), Is.False);
        await Peer.ShAsync("kill -QUIT $(cat /run/nginx.pid.oldbin); while [ -e /run/nginx.pid.oldbin ]; do sleep 0.01; done");
        await lab.Primary.PushedAsync();
        Assert.That(await Peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [TestCase("signalled", "")]
    [TestCase("verified", "")]
    [TestCase("verified", "; kill -QUIT $(cat /run/nginx.pid.oldbin)")]
    public async Task Where_an_upgrade_was_begun_meanwhile_success_means_that_nobody_serves_the_old_one(string mark, string end)
    {
        var push = await PushAsync(mark, Upgrade + end);

        var answers = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            try { answers.Add(await Peer.AnswerAsync(81)); }
            catch (HttpRequestException) { answers.Add("none"); }
        }
        if (push.ExitCode == 0) Assert.That(answers, Is.All.EqualTo("new"), push.ToString());
        else Assert.That(push.Err, Does.Contain("upgrade"), push.ToString());
        if (mark == "verified") Assert.That(push.ExitCode, Is.Zero, push.ToString());
    }
}
