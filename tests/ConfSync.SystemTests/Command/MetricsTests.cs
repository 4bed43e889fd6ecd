using System.Text;

namespace ConfSync.SystemTests;

/// <summary>What --output prometheus says of runs on real peers, as promtool and the textfile collector read it.</summary>
public sealed class MetricsTests
{
    private const string File = "/var/prom/nginx.prom";

    [Test]
    public async Task A_run_leaves_metrics_that_promtool_finds_nothing_wrong_with()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("first");
        lab.Primary.Write(File, "old\n");

        var good = await lab.NginxSyncAsync("--output", "prometheus", "-o", File);
        Assert.That(good.OutIfSuccessful, Does.EndWith("Pushed to 2 of 2 nodes: 2 updated; all serve it.\n"));
        await CheckAsync(lab.Primary.ReadText(File), "push", "success", "1");
        Assert.That(lab.Primary.ReadText(File), Does.Contain("nodes{kind=\"push\",outcome=\"updated\"} 2\n"));
        Assert.That((await lab.Primary.RunAsync("sh", "-c", "ls -A /var/prom; stat -c %a " + File)).Out, Is.EqualTo("nginx.prom\n644\n"));

        await lab.Peers[1].StopNginxAsync();
        lab.WriteSite("second");
        var down = await lab.NginxSyncAsync("-q", "--output", "prometheus", "-o", File);
        Assert.That(down.ExitCode, Is.EqualTo(2), down.ToString());
        await CheckAsync(lab.Primary.ReadText(File), "push", "nodes_down", "1");
        await lab.Peers[1].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        var away = await lab.NginxSyncAsync("rollback", "-n", "--output", "prometheus");
        Assert.That(away.ExitCode, Is.EqualTo(2), away.ToString());
        Assert.That(away.Out, Does.StartWith("# HELP nginx_sync_last_run_timestamp_seconds "));
        await CheckAsync(away.Out, "dry-run", "result", "1", ",result=\"incomplete\"");
        lab.Configure("KEEP=none");
        var refused = await lab.NginxSyncAsync("settle", "--output", "prometheus", "-o", File);
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        await CheckAsync(lab.Primary.ReadText(File), "settle", "result", "1", ",result=\"refused\"");
    }

    [Test]
    public async Task A_comparison_s_metrics_pass_promtool_as_well()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        await CheckAsync((await lab.NginxSyncAsync("-C", "--output", "prometheus")).Out);
        await CheckAsync("", isGood: true);
        await CheckAsync("# TYPE nginx_sync_runs_milliseconds counter\nnginx_sync_runs_milliseconds 1\n", isGood: false);
    }

    private static async Task CheckAsync(string text, string kind, string metric, string value, string label = "")
    {
        Assert.That(text, Does.Contain($"\nnginx_sync_last_run_{metric}{{kind=\"{kind}\"{label}}} {value}\n"));
        await CheckAsync(text);
    }

    private static async Task CheckAsync(string text, bool isGood = true)
    {
        await using var promtool = Running.Start("/usr/bin/promtool", ["check", "metrics"], Encoding.UTF8.GetBytes(text));
        var outcome = await promtool.WaitAsync();
        Assert.That(outcome.ExitCode == 0 && outcome.Out.Length + outcome.Err.Length == 0, Is.EqualTo(isGood), $"{text}{outcome}");
    }
}
