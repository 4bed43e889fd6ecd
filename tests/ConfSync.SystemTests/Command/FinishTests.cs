using System.Diagnostics;
using System.Text.Json.Nodes;
using ConfSync.Tests;

namespace ConfSync.SystemTests;

/// <summary>ON_FINISH: what is told to whom, and that nothing depends on it.</summary>
public sealed class FinishTests
{
    private const string Told = "/tmp/told";

    // What it gets, its environment and its own arguments.
    private const string Telling = "ON_FINISH='cat >/tmp/told; env | grep ^NGINX_SYNC_ | LC_ALL=C sort >/tmp/env; pwd >/tmp/pwd; tr \"\\\\0\" \" \" </proc/$$/cmdline >/tmp/argv'";

    [Test]
    public async Task The_command_gets_the_document_and_says_who_it_is_by_its_environment()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Telling);
        lab.WriteSite("first");

        var push = await lab.NginxSyncAsync("--output", "json", "-o", "/root/push.json", "-m", "why");

        Assert.That(push.OutIfSuccessful, Does.EndWith("it serves it.\n"));
        Assert.That(lab.Primary.ReadText(Told), Is.EqualTo(lab.Primary.ReadText("/root/push.json")), "the same document");
        var run = (string?)JsonNode.Parse(lab.Primary.ReadText(Told))!["run"]!["id"];
        Assert.That(lab.Primary.ReadText("/tmp/env"), Is.EqualTo($"NGINX_SYNC_KIND=push\nNGINX_SYNC_RESULT=ok\nNGINX_SYNC_RUN={run}\n"));
        Assert.That(lab.Primary.ReadText("/tmp/argv"), Does.StartWith("/bin/sh -c ").And.Not.Contain("told"));
        Assert.That(lab.Primary.ReadText("/tmp/pwd"), Is.EqualTo("/\n"));
    }

    [Test]
    public async Task It_is_told_of_what_changes_or_alarms_and_of_nothing_else()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(Telling);
        lab.WriteSite("first");
        Assert.That(await ToldAsync(lab, "-n"), Is.Null);
        Assert.That(await ToldAsync(lab), Is.EqualTo("nginx-sync push ok"));
        Assert.That(await ToldAsync(lab, "-C"), Is.Null, "all is well");
        Assert.That(await ToldAsync(lab, "history"), Is.Null);
        Assert.That(await ToldAsync(lab, "push", "nosuch"), Is.Null, "the user sees it");
        Assert.That(await ToldAsync(lab, "settle"), Is.EqualTo("nginx-sync settle ok"));
        lab.WriteSite("second");
        Assert.That(await ToldAsync(lab, "-C", "-q"), Is.EqualTo("nginx-sync comparison findings"));
        Assert.That(await ToldAsync(lab), Is.EqualTo("nginx-sync push ok"));
        Assert.That(await ToldAsync(lab, "rollback", "-n"), Is.Null);
        Assert.That(await ToldAsync(lab, "rollback", "--output", "jsonl"), Is.EqualTo("nginx-sync rollback ok"));
        lab.WriteSite("second", more: "nonsense;");
        Assert.That(await ToldAsync(lab), Is.EqualTo("nginx-sync push refused"));
        await lab.Peers[0].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        lab.WriteSite("second");
        Assert.That(await ToldAsync(lab), Is.EqualTo("nginx-sync push incomplete"));
        Assert.That(await ToldAsync(lab, "-C"), Is.EqualTo("nginx-sync comparison incomplete"));
    }

    /// <summary>The lock is free by then, and a command that compares does not begin itself anew for ever.</summary>
    [Test]
    public async Task The_command_may_call_nginx_sync()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure("ON_FINISH='echo one >>/tmp/calls; nginx-sync -n >/tmp/inner 2>&1; exec nginx-sync settle'");
        lab.WriteSite("first");

        var push = await lab.NginxSyncAsync();

        Assert.That((push.ExitCode, push.Err), Is.EqualTo((0, "")), push.ToString());
        Assert.That(lab.Primary.ReadText("/tmp/calls"), Is.EqualTo("one\n"));
        Assert.That(lab.Primary.ReadText("/tmp/inner"), Does.EndWith("1 is already up to date. Nothing was changed.\n"));
    }

    [TestCase("echo first; echo last words >&2; exit 7", 30, "ON_FINISH ended with status 7; it said last:\n    first\n    last words\n")]
    [TestCase("exit 3", 30, "ON_FINISH ended with status 3\n")]
    [TestCase("kill -9 $$", 30, "ON_FINISH ended with status 137\n")]
    [TestCase("sleep 613 & setsid sleep 613 & echo waiting; sleep 613", 1, "ON_FINISH took longer than 1 s (ON_FINISH_TIMEOUT) and was ended; it said last:\n    waiting\n")]
    [TestCase("exec sleep 613 <&- >&- 2>&-", 1, "ON_FINISH took longer than 1 s (ON_FINISH_TIMEOUT) and was ended\n")]
    public async Task A_command_that_fails_is_said_and_changes_no_exit_status(string command, int limit, string words)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure($"ON_FINISH='{command}'", FormattableString.Invariant($"ON_FINISH_TIMEOUT={limit}"));
        lab.WriteSite("first");

        var push = await lab.NginxSyncAsync();

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.EndWith("Pushed to 1 of 1 node: 1 updated; it serves it.\n"));
        Assert.That(push.Err, Is.EqualTo($"nginx-sync: warning: {words}"));
        Assert.That((await lab.Primary.RunAsync("pgrep", "-f", "sleep 613")).Out, Is.Empty, "it is ended with its children");
        var failing = await lab.NginxSyncAsync("--node", lab.Nodes, "-C");
        Assert.That(failing.ExitCode, Is.Zero, "a comparison that found nothing has none");
    }

    [Test]
    public async Task A_command_that_floods_or_leaves_something_behind_does_no_harm()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.WriteSite("first");
        lab.Configure("ON_FINISH='yes 0123456789'", "ON_FINISH_TIMEOUT=2");
        var flooded = await lab.NginxSyncAsync();
        Assert.That(flooded.ExitCode, Is.Zero);
        // Its end may come in the middle of a line.
        Assert.That(flooded.Err, Does.Match("\n    0123456789\n    [0-9]+\n$"));
        Assert.That(flooded.Err.Split('\n'), Has.Length.LessThan(30));

        lab.Configure("ON_FINISH='sleep 614 & exit 0'");
        var clock = Stopwatch.StartNew();
        var behind = await lab.NginxSyncAsync();
        Assert.That((behind.ExitCode, behind.Err), Is.EqualTo((0, "")), behind.ToString());
        Assert.That(clock.Elapsed, Is.LessThan(Pace.Limit(20)), "what it leaves behind is not waited for");
    }

    [Test]
    public async Task A_signal_ends_the_command()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.WriteSite("first");
        lab.Configure("ON_FINISH='echo >/tmp/begun; sleep 615'", "ON_FINISH_TIMEOUT=600");
        await using var running = await lab.StartNginxSyncAsync();
        await Eventually.TrueAsync(() => lab.Primary.Exists("/tmp/begun"), "the command is at work");

        running.SignalGroup(Running.SigInt);

        var outcome = await running.WaitAsync(Pace.Limit(10));
        Assert.That(outcome.ExitCode, Is.EqualTo(130), outcome.ToString());
        Assert.That(outcome.Err, Does.EndWith("nginx-sync: warning: ON_FINISH was ended, since a signal came\n"));
        Assert.That((await lab.Primary.RunAsync("pgrep", "-f", "sleep 615")).Out, Is.Empty);
    }

    private static async Task<string?> ToldAsync(Lab lab, params string[] call)
    {
        lab.Primary.Delete(Told);
        await lab.NginxSyncAsync(call);
        if (!lab.Primary.Exists(Told)) return null;
        var text = lab.Primary.ReadText(Told);
        Assert.That(DocumentSchema.ProblemsOf(text), Is.Empty, text);
        var document = JsonNode.Parse(text)!;
        return $"{document["document"]} {document["result"]}";
    }
}
