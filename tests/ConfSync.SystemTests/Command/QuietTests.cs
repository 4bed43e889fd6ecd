using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests;

/// <summary>What a push says to those who do not watch: cron, and systemd's journal.</summary>
public sealed class QuietTests
{
    // As systemd sets it: the device and the inode of the stream that it connected to the journal.
    private const string AsService = "exec 3>&1; export JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/3); exec 3>&-; nginx-sync";

    [Test]
    public async Task Quiet_says_nothing_where_all_is_well_and_only_what_is_wrong_elsewhere()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        foreach (var arguments in new string[][] { ["-q", "-n"], ["-q"], ["--quiet"], ["push", "-q", "-r"] })
        {
            var well = await lab.NginxSyncAsync(arguments);
            Assert.That(well, Has.Property("ExitCode").Zero.And.Property("Out").Empty.And.Property("Err").Empty);
        }
        Assert.That(await lab.Peers[1].SiteAsync(), Is.EqualTo("new"));
        // nginx has read its files and no push has seen that: nothing is wrong with it.
        await lab.Peers[0].ShAsync("rm /var/lib/nginx-sync/served*; touch /etc/nginx/nginx.conf");
        var tried = await lab.NginxSyncAsync("-q", "-n");
        Assert.That(tried, Has.Property("ExitCode").Zero.And.Property("Out").Empty.And.Property("Err").Empty);

        lab.WriteSite("newer");
        await lab.Peers[0].ShAsync("kill -KILL $(cat /run/sshd.pid)");
        var wrong = await lab.NginxSyncAsync("-q");
        Assert.That(wrong, Has.Property("ExitCode").EqualTo(2).And.Property("Out").Empty);
        Assert.That(wrong.Err, Does.StartWith($"nginx-sync: {lab.Peers[0].Address}: connecting failed; nothing was changed there (NS-2015):\n").And.EndWith(
            $"Pushed to 1 of 2 nodes: {lab.Peers[1].Address} has the new configuration and serves it; {lab.Peers[0].Address} has what it had. They may differ.\n"));
    }

    [Test]
    public async Task The_journal_gets_priorities_and_no_blank_lines_and_another_stream_gets_none()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure("UNRELATED=1");
        lab.WriteSite("new");
        await lab.Peers[0].ShAsync("kill -KILL $(cat /run/sshd.pid)");

        var service = await lab.Primary.RunAsync("sh", "-c", $"{AsService} 2>&1");

        Assert.That(service.ExitCode, Is.EqualTo(2), service.ToString());
        var lines = service.Out.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.All.Match("^<[346]>."));
        Assert.That(lines, Has.Some.StartsWith("<6> * Synchronization started at ").And.Some.StartsWith("<3>Pushed to 1 of 2 nodes: "));
        Assert.That(lines, Has.Some.Match("^<4>nginx-sync: warning: .*UNRELATED"));
        var failure = Array.FindIndex(lines, line => line.StartsWith($"<3>nginx-sync: {lab.Peers[0].Address}: connecting failed", StringComparison.Ordinal));
        Assert.That(lines[failure + 1], Does.StartWith("<3>    "), "each line of a text has the priority");

        await lab.Primary.RunAsync("sh", "-c", $"{AsService} >/root/elsewhere 2>&1");
        Assert.That(lab.Primary.ReadText("/root/elsewhere"), Does.Contain("\n * Synchronization started at ").And.Not.Contain("<6>"));
    }

    [Test]
    public async Task What_nginx_warns_of_is_said_once_with_the_nodes()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.Primary.Write(NginxSync.Site, "server { listen 8080; server_name a; return 200 'new'; }\nserver { listen 8080; server_name a; }\n");

        var outcome = await lab.NginxSyncAsync();

        Assert.That(outcome, Has.Property("ExitCode").Zero.And.Property("Err").Empty);
        var names = lab.Peers.Select(peer => peer.Address).ToList();
        Assert.That(outcome.Out, Does.Contain(
            $"\nnginx warns on {names[0]}, {names[1]} and {names[2]}: conflicting server name \"a\" on 0.0.0.0:8080, ignored\n * Synchronization ended"));
        Assert.That(outcome.Out.Split("conflicting server name"), Has.Length.EqualTo(3), "and once by the primary's own");
    }
}
