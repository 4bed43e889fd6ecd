using System.Text.RegularExpressions;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>The metrics of a run. promtool looks at those of real ones (MetricsTests of the system tests).</summary>
public sealed class MetricsTests
{
    [Test]
    public void A_run_has_its_time_its_result_and_its_nodes_by_outcome()
    {
        var text = RunPrometheus.Write(Documents.Head(result: RunResult.Incomplete, status: 2), Documents.Body);

        Assert.That(text, Does.Contain("\nnginx_sync_last_run_duration_seconds{kind=\"push\"} 1.5\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_last_run_timestamp_seconds{kind=\"push\"} 1.5\n"), "the end");
        Assert.That(text, Does.Contain("\nnginx_sync_last_run_success{kind=\"push\"} 0\n"));
        Assert.That(text, Does.Contain("{kind=\"push\",result=\"ok\"} 0\n").And.Contain("{kind=\"push\",result=\"incomplete\"} 1\n"));
        Assert.That(text, Does.Contain("\nnginx_sync_last_run_nodes{kind=\"push\",outcome=\"would-update\"} 1\n"));
        var counted = Regex.Matches(text, @"^nginx_sync_last_run_nodes\{.*\} (\d+)$", RegexOptions.Multiline).Sum(match => int.Parse(match.Groups[1].Value, null));
        Assert.That(counted, Is.EqualTo(Documents.Body.Reports.Length), "each node has one outcome");
    }

    [Test]
    public void Every_outcome_has_a_series_also_where_there_is_none()
    {
        var text = RunPrometheus.Write(Documents.Head(), new RunBody(new RunNature(RunKind.Push, IsDryRun: true)));

        var outcomes = Regex.Matches(text, "nginx_sync_last_run_nodes\\{kind=\"dry-run\",outcome=\"([a-z-]+)\"\\} 0\n").Select(match => match.Groups[1].Value);
        Assert.That(outcomes, Is.EquivalentTo(Documents.Body.Reports.Select(RunNames.Of).Distinct()));
    }

    [Test]
    public void A_label_is_escaped()
    {
        var text = new PrometheusText();
        text.Head("x", "y");
        text.Sample(0.5, ("node", "a\"b\\c\nd"), ("other", ""));
        Assert.That(text.ToString(), Is.EqualTo("# HELP x y\n# TYPE x gauge\nx{node=\"a\\\"b\\\\c\\nd\",other=\"\"} 0.5\n"));
    }
}
