using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>Configurations that pass <c>nginx -t</c> and with which nginx then dies, starves or does not listen, among
/// three peers under load: one node finds out, the others never hear of it.</summary>
public sealed class UnservableTests : FaultFixture
{
    private const int PerSecond = 50;

    // Where no worker survives, nobody serves from the end of the old ones (0.1 s after the signal) to the end of the
    // undo, which cannot be avoided; a busy machine takes its time.
    [TestCase("worker_connections 512", "worker_connections 999999999", "fatal code 2", 2.0)]
    [TestCase("user www-data;", "user www-data; working_directory /no/such/dir;", "chdir(\"/no/such/dir\") failed", 2.0)]
    [TestCase("http {", "http { server { listen 8081; }", "still could not bind()", 0.0)]
    public async Task It_is_undone_on_the_first_node_and_unheard_of_on_the_others(string old, string with, string words, double seconds)
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        _ = await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) await peer.TakePortAsync(8081);
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TreeAsync("/etc/nginx")));
        var workers = await Task.WhenAll(lab.Peers.Select(peer => peer.WorkersAsync()));
        var loads = lab.Peers.Select(peer => SteadyLoad.On(peer, PerSecond)).ToList();
        foreach (var load in loads) await load.AnswersAsync(5);
        lab.Primary.EditMain(old, with);

        var push = await lab.Primary.PushAsync();

        foreach (var load in loads) await load.AnswersAsync(5);
        var reports = await Task.WhenAll(loads.Select(load => load.StopAsync()));
        foreach (var load in loads) await load.DisposeAsync();
        TestContext.Out.WriteLine(string.Join("; ", reports.Select(report => $"{report.Failed} of {report.Sent} requests lost")));
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain("reloading nginx failed; the old configuration is back in place there").And.Contain(words)
            .And.Contain($"left as they were: {lab.Peers[1].Address} {lab.Peers[2].Address}"));
        var cure = words.Contains("bind", StringComparison.Ordinal) ? "another program there has that address and port" : "correct the configuration here";
        Assert.That(push.Err, Does.Contain($"\n  {cure}"));
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await lab.Peers[i].TreeAsync("/etc/nginx"), Is.EqualTo(before[i]));
            Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
            Assert.That(await lab.Peers[i].AnswerAsync(), Is.EqualTo("default\n"));
        }
        Assert.That(await Task.WhenAll(lab.Peers.Skip(1).Select(peer => peer.WorkersAsync())), Is.EqualTo(workers.Skip(1)));
        Assert.That(reports.Skip(1).Select(report => report.Failed), Is.All.Zero, "no request was lost on the others");
        Assert.That(reports[0].Failed, Is.LessThanOrEqualTo(seconds * PerSecond));
        lab.Primary.EditMain(with, old);
        Assert.That((await lab.Primary.PushAsync()).ExitCode, Is.Zero);
    }
}
