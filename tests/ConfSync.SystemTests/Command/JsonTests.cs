using System.Text.Json.Nodes;
using ConfSync.SystemTests.Push;
using ConfSync.Tests;

namespace ConfSync.SystemTests;

/// <summary>What --output json prints of a push, a roll-back, settle and history on real peers is what docs/schema.json describes.
/// </summary>
public sealed class JsonTests
{
    [Test]
    public async Task A_push_tells_what_changed_on_which_node_and_what_failed()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        lab.Configure("HEALTHCHEK_SEEN=1");
        lab.WriteSite("first");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("second");
        lab.Peers[0].Write("/etc/nginx/conf.d/extra.conf", "# extra\n");
        lab.Peers[1].Write("/etc/nginx/conf.d/extra.conf", "# extra\n");
        await lab.Peers[2].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");

        var plan = await RunAsync(lab.Primary, 2, "-n");
        var push = await RunAsync(lab.Primary, 2, "-m", "ticket 17");

        foreach (var (document, outcome) in new[] { (plan, "would-update"), (push, "updated") })
        {
            Assert.That(Of(document, "document", "result", "exitStatus", "who"), Is.EqualTo("nginx-sync push|incomplete|2|root@primary"));
            Assert.That((bool)document["dryRun"]!, Is.EqualTo(document == plan));
            Assert.That(document["counts"]!.ToJsonString(), Is.EqualTo($$"""{"nodes":3,"not-reached":1,"{{outcome}}":2}"""));
            Assert.That((string?)document["warnings"]![0]!["message"], Does.StartWith("HEALTHCHEK_SEEN is not a variable of nginx-sync"));
            for (var i = 0; i < 2; i++)
            {
                var node = document["nodes"]![i]!;
                Assert.That(Of(node, "node", "host", "outcome", "down"), Is.EqualTo($"{lab.Peers[i].Address}|{lab.Peers[i].Address}|{outcome}|false"));
                Assert.That(node["counts"]!.ToJsonString(), Is.EqualTo("""{"changed":1,"created":0,"deleted":1}"""));
                Assert.That(
                    node["changes"]!.AsArray().Select(change => Of(change!, "path", "kind")),
                    Is.EqualTo((string[])["/etc/nginx/conf.d/extra.conf|delete", $"{NginxSync.Site}|replace"]));
                Assert.That(node["changes"]![1]!["differences"]!.ToJsonString(), Is.EqualTo("""["content"]"""));
                Assert.That(Of(node["changes"]![1]!["after"]!, "kind", "mode", "owner", "group"), Is.EqualTo("file|0644|root|root"));
            }
            var away = document["nodes"]![2]!;
            Assert.That(Of(away, "outcome", "holds"), Is.EqualTo("not-reached|unseen"));
            Assert.That(Of(away["failure"]!, "step", "code", "state"), Is.EqualTo("connect|connect|untouched"));
            Assert.That((string?)away["failure"]!["words"], Does.Contain("refused"));
        }
        Assert.That((string?)push["nodes"]![0]!["reload"], Is.EqualTo("reloaded"));
        Assert.That((string?)push["nodes"]![0]!["holds"], Is.EqualTo("new"));
        Assert.That((bool)plan["nodes"]![0]!["nginxRuns"]!);
        Assert.That((string?)push["run"]!["message"], Is.EqualTo("ticket 17"));
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("second"));
    }

    [Test]
    public async Task A_history_and_a_roll_back_name_the_same_run()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("first");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        lab.WriteSite("second");
        var push = await RunAsync(lab.Primary, 0, "-m", "why");

        var history = await RunAsync(lab.Primary, 0, "history", "-r");
        Assert.That(Of(history, "document", "result"), Is.EqualTo("nginx-sync history|ok"));
        foreach (var node in history["nodes"]!.AsArray())
        {
            var generations = node!["generations"]!.AsArray();
            Assert.That(generations.Select(one => Of(one!, "number", "served", "count")), Is.EqualTo((string[])["2|true|1", "1|false|1"]));
            Assert.That(Of(generations[0]!["run"]!, "id", "message"), Is.EqualTo($"{push["run"]!["id"]}|why"));
            Assert.That(Of(generations[0]!["changes"]![0]!, "path", "kind"), Is.EqualTo($"{NginxSync.Site}|replace"));
        }

        var plan = await RunAsync(lab.Primary, 0, "rollback", "-n");
        var back = await RunAsync(lab.Primary, 0, "rollback");
        Assert.That(Of(plan, "document", "dryRun"), Is.EqualTo("nginx-sync rollback|true"));
        Assert.That(plan["nodes"]!.AsArray().Select(node => Of(node!, "outcome", "generation")), Is.All.EqualTo("would-update|1"));
        Assert.That(back["nodes"]!.AsArray().Select(node => Of(node!, "outcome", "generation")), Is.All.EqualTo("updated|1"));
        Assert.That(await lab.Peers[0].SiteAsync(), Is.EqualTo("first"));
        await lab.Peers[1].RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        var partly = await RunAsync(lab.Primary, 2, "history");
        Assert.That((string?)partly["result"], Is.EqualTo("incomplete"));
        Assert.That((string?)partly["nodes"]![1]!["error"], Does.Contain("refused"));
    }

    [Test]
    public async Task What_is_settled_is_told_and_what_a_push_finished_before_it_began()
    {
        await using var push = await AgreedPush.PreparedAsync();
        var nothing = await RunAsync(push.Primary, 0, "settle");
        Assert.That(Of(nothing, "document", "result", "message"), Is.EqualTo("nginx-sync settle|ok|nothing is left to settle"));
        await push.DieDecidedAsync();

        var plan = await RunAsync(push.Primary, 0, "settle", "-n");
        Assert.That(Of(plan["earlier"]!, "state"), Is.EqualTo("pending"));
        Assert.That(plan["nodes"]!.AsArray().Select(node => Of(node!, "outcome")), Is.EqualTo((string[])["would-update", "would-update", "would-update"]));
        var settled = await RunAsync(push.Primary, 0, "settle");
        Assert.That(Of(settled["earlier"]!, "state", "who"), Is.EqualTo("finished|root@primary"));
        Assert.That(settled["nodes"]!.AsArray().Select(node => Of(node!, "holds")), Is.EqualTo((string[])["new", "new", "new"]));
        await push.EnsureAllAsync(isNew: true);

        push.Edit("newer");
        await push.DieDecidedAsync();
        var next = await RunAsync(push.Primary, 0);
        Assert.That(Of(next["earlier"]!, "state"), Is.EqualTo("finished"));
        Assert.That(next["earlier"]!["results"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That(next["nodes"]!.AsArray().Select(node => Of(node!, "outcome")), Is.EqualTo((string[])["unchanged", "unchanged", "unchanged"]));
    }

    [Test]
    public async Task A_run_that_was_refused_before_it_began_has_a_document_too()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("first");
        await using (await HeldLockAsync(lab))
        {
            var locked = await RefusedAsync(lab.Primary, 1, "lock");
            Assert.That(Of(locked["lock"]!, "path", "program"), Is.EqualTo("/run/nginx-sync.lock|flock"));
            await RefusedAsync(lab.Primary, 1, "lock", "rollback");
            await RefusedAsync(lab.Primary, 1, "lock", "settle");
        }
        await RefusedAsync(lab.Primary, 1, "call", "push", "nosuch");
        await RefusedAsync(lab.Primary, 2, "call", "compare", "nosuch");
        await RefusedAsync(lab.Primary, 1, "call", "-l", "/no/such/log");
        lab.WriteSite("first", more: "nonsense;");
        var untested = await RefusedAsync(lab.Primary, 1, "primary");
        Assert.That(Of(untested, "step", "fault"), Is.EqualTo("test|said"));
        Assert.That((string?)untested["words"], Does.Contain("unknown directive \"nonsense\""));
        lab.Configure("EXLCUDE=x", "KEEP=none");
        foreach (var call in (string[])["push", "rollback", "settle", "history", "compare"])
        {
            var problems = (await RefusedAsync(lab.Primary, call == "compare" ? 2 : 1, "configuration", call))["problems"]!.AsArray();
            Assert.That(problems.Select(problem => Of(problem!, "file", "line")), Is.EqualTo((string[])["/etc/nginx-sync.conf|4", "/etc/nginx-sync.conf|5"]), call);
        }
        await RefusedAsync(lab.Primary, 1, "configuration", "-f", "/no/such/file");
    }

    /// <summary>While a node is being reloaded, what has happened so far is there to be read.</summary>
    [Test]
    public async Task Events_come_while_the_run_goes_on_and_the_last_one_is_the_document()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure("UNKNOWN=1");
        lab.WriteSite("first");
        await lab.Peers[1].TakePortAsync();
        await using var running = await lab.StartNginxSyncAsync("--output", "jsonl");
        await running.UntilItSaysAsync($$"""{"node":"{{lab.Peers[1].Address}}","step":"reload"}""".TrimStart('{'));
        Assert.That(running.HasExited, Is.False);
        var outcome = await running.WaitAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        var events = Events(outcome);
        Assert.That(events.Take(2).Select(one => (string?)one["event"]), Is.EqualTo((string[])["warning", "began"]));
        Assert.That(events.Count(one => (string?)one["event"] == "finished"), Is.EqualTo(1));
        Assert.That(events.Select(one => (DateTime)one["time"]!), Is.Ordered);
        var steps = events.Where(one => (string?)one["event"] == "node-began" && (string?)one["node"] == lab.Peers[0].Address).Select(one => (string?)one["step"]);
        Assert.That(string.Join(' ', steps), Does.StartWith("connect scan stage test ").And.Contains(" activate ").And.Contains(" reload ").And.EndsWith(" confirm"));
        var failed = events.Single(one => (string?)one["event"] == "node-finished" && (string?)one["node"] == lab.Peers[1].Address);
        Assert.That(Of(failed["result"]!, "outcome", "holds"), Is.EqualTo("failed|old"));
        Assert.That(Of(events[^1]["document"]!, "result", "exitStatus"), Is.EqualTo("incomplete|2"));
        Assert.That(events[^1]["document"]!["nodes"]![1]!.ToJsonString(), Is.EqualTo(failed["result"]!.ToJsonString()));
        await using (await HeldLockAsync(lab))
        {
            var refused = Events(await lab.NginxSyncAsync("rollback", "--output", "jsonl"));
            Assert.That(refused.Select(one => (string?)one["event"]), Is.EqualTo((string[])["warning", "finished"]));
            Assert.That((string?)refused[^1]["document"]!["error"]!["code"], Is.EqualTo("lock"));
        }
    }

    [Test]
    public async Task A_document_in_a_file_leaves_the_screen_to_people()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("first");

        var outcome = await lab.NginxSyncAsync("--output", "json", "-o", "/root/push.json");

        Assert.That(outcome.OutIfSuccessful, Does.EndWith("Pushed to 1 of 1 node: 1 updated; it serves it.\n"));
        var document = lab.Primary.ReadText("/root/push.json");
        Assert.That(DocumentSchema.ProblemsOf(document), Is.Empty);
        Assert.That((string?)JsonNode.Parse(document)!["message"], Is.EqualTo("Pushed to 1 of 1 node: 1 updated; it serves it."));
        Assert.That((await lab.Primary.RunAsync("stat", "-c", "%a", "/root/push.json")).Out, Is.EqualTo("600\n"));
        var unwritable = await lab.NginxSyncAsync("--output", "json", "-o", "/no/such/file");
        Assert.That((unwritable.ExitCode, unwritable.Err), Is.EqualTo((1, "nginx-sync: the report cannot be written: /no/such/file: there is no directory /no/such\n")));
    }

    [Test]
    public async Task A_run_that_a_signal_ends_says_so()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("first");
        await lab.Peers[0].TakePortAsync();
        await using var running = await lab.StartNginxSyncAsync("--output", "json");
        await lab.Peers[0].IsAtAsync("signalled");
        running.Signal(Running.SigTerm);

        var outcome = await running.WaitAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(143), outcome.ToString());
        var document = Parsed(outcome);
        Assert.That(Of(document, "result", "exitStatus"), Is.EqualTo("interrupted|143"));
        Assert.That(document["nodes"]!.AsArray().Select(node => Of(node!, "outcome")), Has.None.EqualTo("updated"));
    }

    private static async Task<JsonNode> RefusedAsync(Primary primary, int status, string code, params string[] call)
    {
        var document = await RunAsync(primary, status, call);
        var error = document["error"]!;
        Assert.That(Of(document, "result", "exitStatus"), Is.EqualTo($"refused|{status}"));
        Assert.That((string?)error["code"], Is.EqualTo(code), document.ToJsonString());
        Assert.That((string?)error["message"], Is.Not.Empty);
        return error;
    }

    /// <summary>Runs nginx-sync, whose standard output has to be a document of the schema.</summary>
    private static async Task<JsonNode> RunAsync(Primary primary, int status, params string[] call)
    {
        var outcome = await primary.RunAsync(["nginx-sync", .. call, "--output", "json"]);
        Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.ToString());
        Assert.That(outcome.Err, Does.Not.Contain("\n * ").And.Not.StartsWith(" * "), "only what is not as it should be");
        return Parsed(outcome);
    }

    private static JsonNode Parsed(Outcome outcome)
    {
        Assert.That(DocumentSchema.ProblemsOf(outcome.Out), Is.Empty, outcome.ToString());
        Assert.That(DocumentSchema.IsOne(outcome.Out), outcome.Out);
        return JsonNode.Parse(outcome.Out)!;
    }

    private static List<JsonNode> Events(Outcome outcome)
    {
        Assert.That(outcome.Out, Does.EndWith("\n"));
        var lines = outcome.Out.TrimEnd('\n').Split('\n');
        foreach (var line in lines) Assert.That(DocumentSchema.ProblemsOf(line, "event"), Is.Empty, line);
        return [.. lines.Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<Running> HeldLockAsync(Lab lab)
    {
        var holder = await lab.Primary.StartAsync("flock", "-o", "/run/nginx-sync.lock", "sleep", "60");
        await Eventually.TrueAsync(async () => (await lab.Primary.RunAsync("flock", "-n", "/run/nginx-sync.lock", "true")).ExitCode != 0, "the lock is held");
        return holder;
    }

    private static string Of(JsonNode node, params string[] members) => string.Join('|', members.Select(member => node[member]?.ToString() ?? ""));
}
