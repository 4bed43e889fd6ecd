using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Transport;

namespace ConfSync.Tests.Reports;

/// <summary>A status in each of its forms.</summary>
public sealed class ClusterStatusTests
{
    [Test]
    public void Each_node_has_a_line_in_columns()
    {
        var since = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}";
        var lines = ClusterStatusText.Lines(Everything(), quiet: false).ToList();
        Assert.That(lines, Has.Count.EqualTo(8));
        Assert.That(lines[0], Is.EqualTo(
            "NODE   REACHED  RUN      AGE    DRIFT    RELOAD        NGINX        SINCE             CLOCK    UNFINISHED"));
        Assert.That(lines[1], Does.Match($"^one    yes      0123456  3 d    no       no            1\\.26\\.0       {since}  0\\.0 s    no$"));
        Assert.That(lines[2], Does.Match($"^two    yes      -        -      2 paths  pending       1\\.26\\.0       {since}  -1\\.5 s   yes$"));
        Assert.That(lines[3], Is.EqualTo(
            "three  yes      -        -      no       -             not running  -                 +0.4 s   no"));
        Assert.That(lines[4], Is.EqualTo(
            "four   no       -        -      -        -             -            -                 -        -"));
        Assert.That(lines[5], Does.Match($"^five   yes      unnamed  5 min  no       probably not  unknown      {since}  \\+90\\.0 s  no$"));
        Assert.That(lines[7], Is.EqualTo(
            "4 nodes compared, 1 with differences, 1 where nginx runs something else than its disk holds, " +
            "1 where nginx is not running; 1 node not compared; something unfinished on 1 node"));
    }

    [Test]
    public void Quietly_only_what_is_wrong_is_said()
    {
        var lines = ClusterStatusText.Lines(Everything(), quiet: true).ToList();
        Assert.That(lines.Skip(1).SkipLast(2).Select(line => line.Split(' ')[0]), Is.EqualTo(["two", "three", "four"]));
        var well = Everything();
        Assert.That(ClusterStatusText.Lines(well with { Nodes = [well.Nodes[0], well.Nodes[4]] }, quiet: true), Is.Empty);
    }

    [Test]
    public void The_document_is_as_the_schema_says()
    {
        var text = Document();

        Assert.That(DocumentSchema.ProblemsOf(text, "status"), Is.Empty);
        Assert.That(DocumentSchema.IsOne(text));
        Assert.That(DocumentSchema.ProblemsOf(text.Replace("\"reached\": true", "\"reached\": 1", StringComparison.Ordinal), "status"), Is.Not.Empty);
    }

    internal static string Document() => ClusterStatusJson.Write(Documents.Head(DocumentKind.Status, RunResult.Findings, 1), Everything());

    [Test]
    public void What_is_not_known_is_no_sample()
    {
        var text = ClusterStatusPrometheus.Write(Everything());
        Assert.That(text, Does.Contain("\nnginx_sync_drifted_paths{node=\"two\"} 2\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_push_unfinished 1\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_node_unfinished{node=\"two\"} 1\n").And.Not.Contain("unfinished{node=\"four\"}"));
        Assert.That(text, Does.Contain("\nnginx_sync_node_served_timestamp_seconds{node=\"one\"} 0\n").And.Not.Contain("served_timestamp_seconds{node=\"two\"}"));
        Assert.That(text, Does.Contain("\nnginx_sync_node_nginx_start_timestamp_seconds{node=\"one\"} 172800\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_node_clock_difference_seconds{node=\"two\"} -1.5\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_node_info{node=\"one\",run=\"0123456789abcdef\",nginx_version=\"1.26.0\"} 1\n"));
        Assert.That(text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'), Is.All.Match("^[a-z_]+({[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? -?[0-9.E+-]+$"));
    }

    [TestCase("nginx version: nginx/1.22.1", "1.22.1")]
    [TestCase("nginx version: nginx/1.18.0 (Ubuntu)\nother", "1.18.0")]
    [TestCase("sh: 1: /proc/7/exe: Permission denied\nAngie version: Angie/1.5.2", "1.5.2")]
    [TestCase("nginx version: openresty/1.25.3.1", "1.25.3.1")]
    [TestCase("nginx version: \e[2J", null)]
    [TestCase("", null)]
    public void A_version_is_read_from_nginxs_own_words(string words, string? version) =>
        Assert.That(StatusReader.VersionIn(words), Is.EqualTo(version));

    /// <summary>One of everything.</summary>
    private static Comparison Everything()
    {
        var run = new RunRecord("0123456789abcdef", "1.2.3", "ticket 17", null);
        var generation = new Generation(7, DateTimeOffset.UnixEpoch, "root@primary", "digest", null, run, 1, [], []);
        var clock = new ServiceStatus("1.26.0", DateTimeOffset.UnixEpoch.AddDays(2), null, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
        var differs = new ComparedEntry(null, SampleTrees.Directory("/etc/x/m"));
        return new Comparison(DateTimeOffset.UnixEpoch.AddDays(12), TimeSpan.FromSeconds(2), 7, [
            Of("one", NginxState.Current, clock with { Served = generation, ServedFor = TimeSpan.FromDays(3.42591435185185) }),
            Of("two", NginxState.Pending, clock with { ClockDifference = TimeSpan.FromSeconds(-1.5) }) with { Entries = [differs, differs], Unfinished = "a push was cut off" },
            Of("three", NginxState.NotRunning, clock with { Version = null, RunsSince = null, ClockDifference = TimeSpan.FromSeconds(0.4) }),
            new NodeComparison(SampleNodes.Of("four"), [], NginxState.Unknown, new LookFailure.Said("cannot\nbe reached", PeerFailure.Connect, TransportFailure.Refused), null, TimeSpan.Zero),
            Of("five", NginxState.ProbablyCurrent, clock with { Version = null, Served = generation with { Run = null }, ServedFor = TimeSpan.FromMinutes(5), ClockDifference = TimeSpan.FromSeconds(90) })])
        {
            Earlier = new UnfinishedPush(DateTimeOffset.UnixEpoch, "root@primary", "/etc/nginx-sync.conf", [SampleNodes.Of("one")]),
        };
    }

    private static NodeComparison Of(string node, NginxState nginx, ServiceStatus service) =>
        new(SampleNodes.Of(node), [], nginx, null, null, TimeSpan.Zero) { Service = service };
}
