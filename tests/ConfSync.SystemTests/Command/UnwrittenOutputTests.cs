namespace ConfSync.SystemTests;

/// <summary>What is printed and cannot be written is said and has an exit status of its own, whatever was asked for; what is
/// done is done all the same.</summary>
public sealed class UnwrittenOutputTests
{
    private static readonly string[] Calls =
    [
        "--help", "--version", "rollback --help", "-C", "-C -d", "-C -w", "-C --output json", "-C --output prometheus", "-c peer1", "history", "settle",
        "history --output json", "settle --output json", "-n --output json", "-n", "", "rollback -n", "rollback -n --output json", "rollback",
    ];

    [TestCase(">/dev/full", "standard output cannot be written: No space left on device; the exit status will be 2")]
    [TestCase(">&-", "standard output cannot be written: it is closed; the exit status will be 2")]
    [TestCase(">&- <&-", "standard output cannot be written: it is closed; the exit status will be 2")]
    [TestCase("-l /mnt/full/log", "the log /mnt/full/log cannot be written: No space left on device; the exit status will be 2", true)]
    public async Task Output_that_cannot_be_written_is_said_and_the_run_goes_on(string where, string words, bool isLog = false)
    {
        await using var lab = await PreparedAsync();
        foreach (var call in Calls.Where(call => !isLog || !call.Contains("--", StringComparison.Ordinal)))
        {
            lab.WriteSite($"by {call}");

            var outcome = await ShAsync(lab, $"nginx-sync {call} {where}");

            Assert.That(outcome.ExitCode, Is.EqualTo(2), $"{call}: {outcome}");
            Assert.That(outcome.Err.Split('\n')[..^1].Count(line => line == $"nginx-sync: {words}"), Is.EqualTo(1), $"{call}: {outcome}");
            Assert.That(outcome.Err, Does.Not.Contain("nhandled").And.Not.Contain("defect"), call);
            if (call.Length == 0) Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("by "));
            if (isLog && !call.StartsWith("-C", StringComparison.Ordinal)) Assert.That(outcome.Out, Is.Not.Empty, call);
        }
    }

    [Test]
    public async Task A_reader_that_goes_away_ends_nothing_and_hears_nothing()
    {
        await using var lab = await PreparedAsync();
        foreach (var call in Calls.Where(call => call != "rollback"))
        {
            var usual = (await ShAsync(lab, $"nginx-sync {call} >/dev/null")).ExitCode;
            foreach (var reader in new[] { "true", "head -1" })
            {
                var outcome = await ShAsync(lab, $"{{ nginx-sync {call} 2>/tmp/err; echo $? >/tmp/status; }} | {reader} >/dev/null; cat /tmp/err >&2; exit $(cat /tmp/status)");

                Assert.That(outcome.ExitCode, Is.EqualTo(usual), $"{call} | {reader}: {outcome}");
                Assert.That(outcome.Err, Is.Empty, $"{call} | {reader}");
            }
        }
    }

    [TestCase("-o /mnt/full/report")]
    [TestCase("-o /dev/full")]
    [TestCase("--report /mnt/full/report.html")]
    [TestCase("--output json -o /mnt/full/report")]
    [TestCase("--output prometheus -o /dev/full")]
    public async Task A_report_that_cannot_be_written_is_said(string options)
    {
        await using var lab = await PreparedAsync();
        lab.WriteSite("other");

        var outcome = await ShAsync(lab, $"nginx-sync -C -d {options} >/dev/null");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Match("^nginx-sync: the report cannot be written: No space left on device.*\n$"));
    }

    [Test]
    public async Task Nothing_to_say_needs_nowhere_to_say_it()
    {
        await using var lab = await PreparedAsync();
        lab.Configure();
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        foreach (var where in new[] { ">&-", ">/dev/full", ">&- 2>&- <&-" })
        {
            var outcome = await ShAsync(lab, $"nginx-sync -C -q {where}");
            Assert.That((outcome.ExitCode, outcome.Err), Is.EqualTo((0, "")), where);
            var prometheus = await ShAsync(lab, $"rm -f /tmp/prom; nginx-sync -C --output prometheus -o /tmp/prom {where}; status=$?; grep -c '^nginx_sync_drifted_paths.* 0$' /tmp/prom; exit $status");
            Assert.That((prometheus.ExitCode, prometheus.Out), Is.EqualTo((0, "1\n")), where);
        }
    }

    private static async Task<Lab> PreparedAsync()
    {
        var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("first");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("second");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        _ = (await ShAsync(lab, "mkdir -p /mnt/full; mount -t tmpfs -o size=64k none /mnt/full; dd if=/dev/zero of=/mnt/full/fill bs=1k 2>/dev/null; [ -s /mnt/full/fill ]"))
            .OutIfSuccessful;
        return lab;
    }

    private static Task<Outcome> ShAsync(Lab lab, string script) => lab.Primary.RunAsync("sh", "-c", script);
}
