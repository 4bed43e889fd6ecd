using System.Text.RegularExpressions;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>The lines for cron that the documents print, run as cron runs them: silent on a clean cluster, and heard when
/// something is wrong.</summary>
public sealed partial class CronTests
{
    private const string Metrics = "/var/lib/prometheus/node-exporter/nginx-sync.prom";

    private static readonly string Mail = LineOf("README.md"), Prometheus = LineOf("docs/compare.md");

    [Test]
    public async Task A_clean_cluster_is_silent_and_what_is_wrong_is_heard()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        // Where the package has it. What the lab has on PATH is not there for cron.
        _ = (await lab.Primary.RunAsync("sh", "-c", $"mv /usr/local/bin/nginx-sync /usr/sbin/; mkdir -p {Path.GetDirectoryName(Metrics)}")).OutIfSuccessful;

        await EndsAsync("the cluster is clean", 0, "");
        Assert.That(Alarms(lab), Is.Empty);

        lab.Peers[0].Write($"{Conf}/a.conf", "# edited there\n");
        await lab.Peers[0].RunAsync("nginx", "-s", "reload");
        await EndsAsync("a node has drifted", 1, "peer1: 1 path is not the same");
        Assert.That(Alarms(lab), Does.Contain("nginx_sync_drifted_paths{node=\"peer1\"} 1"));
        _ = (await PushAsync(lab)).OutIfSuccessful;
        await EndsAsync("it is pushed again", 0, "");

        await lab.Peers[1].StopNginxAsync();
        await EndsAsync("nginx is stopped", 1, "peer2: no differences; nginx is not running");
        Assert.That(Alarms(lab), Is.EqualTo(["nginx_sync_node_running{node=\"peer2\"} 0"]));
        await lab.Peers[1].StartNginxAsync();
        // The times of files are whole seconds there: what changes in the second of the start could be older.
        await Task.Delay(1100);

        lab.Primary.Write($"{Conf}/a.conf", "# newer\n");
        _ = (await PushAsync(lab, "--no-reload")).OutIfSuccessful;
        await EndsAsync("a reload was left out", 1, "nginx does not run what is on its disk: a push reloads it");
        Assert.That(Alarms(lab), Has.Length.EqualTo(3).And.All.Contains("nginx_sync_reload_pending"));
        _ = (await PushAsync(lab)).OutIfSuccessful;

        await lab.Peers[2].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        await EndsAsync("a node is away", 2, "peer3 could not be compared");
        Assert.That(Alarms(lab), Does.Contain("nginx_sync_node_compared{node=\"peer3\"} 0"));

        async Task EndsAsync(string why, int status, string words)
        {
            var mail = await AsCronAsync(lab, Mail);
            Assert.That(mail.ExitCode, Is.EqualTo(status), $"{why}: {mail}");
            if (words.Length == 0) Assert.That(mail.Out + mail.Err, Is.Empty, why);
            else Assert.That(mail.Out + mail.Err, Does.Contain(words), why);
            var prometheus = await AsCronAsync(lab, Prometheus);
            Assert.That((prometheus.ExitCode, prometheus.Out), Is.EqualTo((status, "")), $"{why}: {prometheus}");
        }
    }

    // What an alarm is set on.
    private static string[] Alarms(Lab lab) =>
        [.. lab.Primary.ReadText(Metrics).Split('\n').Where(line => Alarm().IsMatch(line))];

    private static Task<Outcome> PushAsync(Lab lab, params string[] options) => lab.Primary.RunAsync(["/usr/sbin/nginx-sync", .. options]);

    private static Task<Outcome> AsCronAsync(Lab lab, string line) => lab.Primary.RunAsync(
        "env", "-i", "HOME=/root", "LOGNAME=root", "SHELL=/bin/sh", "PATH=/usr/bin:/bin", "sh", "-c", line);

    // The sixth field of a line of /etc/cron.d is the user, all after it the command, in which % is a newline.
    private static string LineOf(string document)
    {
        var line = CronLine().Match(File.ReadAllText(Path.Combine(Repository, document))).Groups["command"].Value;
        Assert.That(line, Does.Contain("nginx-sync -C").And.Not.Contain("%"), document);
        return line;
    }

    // No initializer: those of the fields above would come before it.
    private static string Repository => RootAbove(AppContext.BaseDirectory);

    private static string RootAbove(string directory) =>
        File.Exists(Path.Combine(directory, "ConfSync.sln")) ? directory : RootAbove(Path.GetDirectoryName(directory)!);

    [GeneratedRegex(@"^ *\*/\d+ \* \* \* \* root (?<command>.*)$", RegexOptions.Multiline)]
    private static partial Regex CronLine();

    [GeneratedRegex(@"^nginx_sync_((node_running|node_compared)\{.*\} 0|(drifted_paths|reload_pending)\{.*\} [1-9])")]
    private static partial Regex Alarm();
}
