using System.Text.Json;
using ConfSync.Tests;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>What cron, monitoring and other programs get.</summary>
public sealed class OutputTests
{
    [Test]
    public async Task Quiet_says_nothing_when_all_is_well_and_only_what_is_wrong_when_not()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Debian, PeerKind.Debian);
        var well = await CompareAsync(lab, "-C", "-q");
        Assert.That((well.ExitCode, well.Out, well.Err), Is.EqualTo((0, "", "")));

        lab.Peers[0].Write($"{Conf}/a.conf", "# other\n");
        await lab.Peers[2].StopNginxAsync();
        var wrong = await CompareAsync(lab, "-C", "-q");
        Assert.That(wrong.Out, Is.EqualTo("""
             * Comparing configs on master node and peer1:

            Files local:/etc/nginx/conf.d/a.conf and remote:/etc/nginx/conf.d/a.conf differ
            peer1: 1 path is not the same (1 differ); nginx does not run what is on its disk: do not reload it, because that would make the differences live; push
             * Comparing configs on master node and peer3:

            peer3: no differences; nginx is not running

            3 nodes compared, 1 with differences, 1 where nginx runs something else than its disk holds, 1 where nginx is not running

            """));
        Assert.That((wrong.ExitCode, wrong.Err), Is.EqualTo((1, "")));

        await lab.Peers[0].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        var unreached = await CompareAsync(lab, "-C", "-q");
        Assert.That(unreached.ExitCode, Is.EqualTo(2));
        Assert.That(unreached.Err, Does.Contain("peer1 could not be compared"));
    }

    [Test]
    public async Task Json_holds_both_sides_of_every_kind_of_drift()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await DriftAsync(lab, peer);
        lab.Primary.Write($"{Conf}/tls.key", "one\n");

        var outcome = await CompareAsync(lab, "-C", "-d", "--output", "json");

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        await File.WriteAllTextAsync(Path.Combine(TestContext.CurrentContext.WorkDirectory, "compare.json"), outcome.Out);
        Assert.That(DocumentSchema.ProblemsOf(outcome.Out), Is.Empty);
        using var document = JsonDocument.Parse(outcome.Out);
        var nodes = document.RootElement.GetProperty("nodes").EnumerateArray().ToList();
        Assert.That(nodes, Has.Count.EqualTo(2));
        foreach (var node in nodes)
        {
            Assert.That(node.GetProperty("nginx").GetString(), Is.EqualTo("pending"));
            var entries = node.GetProperty("entries").EnumerateArray().ToDictionary(entry => entry.GetProperty("path").GetString()!);
            Assert.That(Differences("a.conf"), Is.EqualTo("differs content"));
            Assert.That(Differences("kind.conf"), Does.StartWith("differs kind"));
            Assert.That(Differences("link"), Is.EqualTo("differs target"));
            Assert.That(Differences("mode.conf"), Is.EqualTo("differs mode"));
            Assert.That(Differences("owner.conf"), Is.EqualTo("differs owner,group"));
            Assert.That(Differences("sub"), Is.EqualTo("only-local "));
            Assert.That(Differences("extra/more.conf"), Is.EqualTo("only-remote "));
            Assert.That(entries[$"{Conf}/mode.conf"].GetProperty("remote").GetProperty("mode").GetString(), Is.EqualTo("0600"));
            Assert.That(entries[$"{Conf}/a.conf"].GetProperty("local").GetProperty("sha256").GetString(), Has.Length.EqualTo(64));
            Assert.That(entries[$"{Conf}/a.conf"].GetProperty("diff").GetProperty("hunks").GetArrayLength(), Is.EqualTo(1));
            Assert.That(entries[$"{Conf}/tls.key"].GetProperty("local").GetProperty("sha256").GetString(), Has.Length.EqualTo(8));
            Assert.That(entries[$"{Conf}/tls.key"].GetProperty("diff").GetProperty("kind").GetString(), Is.EqualTo("secret"));

            string Differences(string name)
            {
                var entry = entries[$"{Conf}/{name}"];
                return entry.GetProperty("state").GetString() + " " +
                    string.Join(',', entry.GetProperty("differences").EnumerateArray().Select(value => value.GetString()));
            }
        }
    }

    [Test]
    public async Task A_file_for_the_textfile_collector_is_old_or_new_and_everybody_may_read_it()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Debian, PeerKind.Debian);
        lab.Peers[0].Write($"{Conf}/a.conf", "# other\n");
        await lab.Peers[1].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        await lab.Peers[2].StopNginxAsync();
        lab.Primary.Write("/var/prom/nginx.prom", "old\n");

        var outcome = await CompareAsync(lab, "-C", "--output", "prometheus", "-o", "/var/prom/nginx.prom");

        Assert.That((outcome.ExitCode, outcome.Out), Is.EqualTo((2, "")), outcome.ToString());
        var text = lab.Primary.ReadText("/var/prom/nginx.prom");
        Assert.That(text, Does.Contain("\nnginx_sync_drifted_paths{node=\"peer1\"} 1\n"));
        Assert.That(text, Does.Not.Contain("drifted_paths{node=\"peer2\"}"), "what is not known is not given as 0");
        Assert.That(text, Does.Contain("\nnginx_sync_node_compared{node=\"peer2\"} 0\n").And.Contain("\nnginx_sync_nodes_not_compared 1\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_node_running{node=\"peer1\"} 1\nnginx_sync_node_running{node=\"peer3\"} 0\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_reload_pending{node=\"peer1\"} 1\nnginx_sync_reload_pending{node=\"peer3\"} 0\n"));
        Assert.That(text, Does.Match(@"\nnginx_sync_last_check_timestamp_seconds [0-9.]{10,}\n"));
        var listing = await lab.Primary.RunAsync("sh", "-c", "umask 077; ls -A /var/prom; stat -c %a /var/prom/nginx.prom");
        Assert.That(listing.Out, Is.EqualTo("nginx.prom\n644\n"), "nothing is left beside it");

        Assert.That((await lab.Primary.RunAsync("mkfifo", "/var/pipe")).ExitCode, Is.Zero);
        foreach (var (option, file, words) in new[]
        {
            ("-o", "/no/such/directory/file", "/no/such/directory/file: there is no directory /no/such/directory"),
            ("--report", "/var/prom", "/var/prom is a directory"), ("-o", "/", "/ is a directory"), ("-o", "/var/pipe", "/var/pipe is no regular file"),
        })
        {
            var unwritable = await CompareAsync(lab, "-c", "peer1", option, file);
            Assert.That(unwritable.ExitCode, Is.EqualTo(2), unwritable.ToString());
            Assert.That(unwritable.Err, Does.EndWith($"nginx-sync: the report cannot be written: {words}\n"));
        }
    }

    [Test]
    public async Task Flags_of_a_comparison_without_one_are_refused()
    {
        await using var lab = await Lab.StartPeersAsync(0);
        foreach (var flags in new string[][] { ["-w"], ["-o", "x"], ["-C", "--output", "xml"] })
        {
            var outcome = await CompareAsync(lab, flags);
            Assert.That(outcome.ExitCode, Is.EqualTo(flags.Contains("-C") ? 2 : 1), outcome.ToString());
            Assert.That(outcome.Err, Does.Contain("Try: nginx-sync --help"));
        }
    }
}
