using System.Text.Json;
using ConfSync.SystemTests.Push;
using ConfSync.Tests;

namespace ConfSync.SystemTests;

/// <summary>Each call of nginx-sync that README.md and docs/*.md print is run, on nodes with the names that they print, and does what its
/// kind of call does.</summary>
public sealed class DocumentedCallsTests
{
    private const string ConfigFile = "/etc/nginx-sync.conf", Held = "held", Here = "here";

    private static readonly string[] Looking = ["help", "completion", "history", "doctor", "migrate", "init", "settle", "cluster"];

    /// <summary>Calls that end with 1 because the nodes differ from the primary: that is what they tell.</summary>
    private static readonly string[] Differing = ["-C", "-c", "diff", "compare", "status"];

    [Test]
    public async Task Each_does_what_it_is_printed_for()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        await NameAsync(lab);
        var older = "";
        var (isReady, count) = (false, 0);
        foreach (var call in DocumentedCalls.All.Select(found => found.Call).Distinct().Order(StringComparer.Ordinal))
        {
            var nodes = call.Contains("192.0.2.", StringComparison.Ordinal) ? "192.0.2.11 192.0.2.12 192.0.2.13" : "web1 web2 web3";
            if (!isReady) await PrepareAsync(lab, older = $"older {++count}");
            lab.Primary.Write(ConfigFile, $"NODES=\"{nodes}\"\nCONFPATHS=/etc/nginx/conf.d\n");
            var outcome = await RunAsync(lab, call);

            Assert.That(outcome.ExitCode, Is.EqualTo(Expected(call)), $"nginx-sync {call}: {outcome}");
            if (IsOfClusters(call)) Assert.That(outcome.Out + outcome.Err, Does.Contain(Lacking(call)), call);
            var peer = lab.Peers[call.Contains("192.0.2.13", StringComparison.Ordinal) ? 2 : 0];
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo(Served(call, older)), $"nginx-sync {call}: {outcome}");
            isReady = Served(call, older) == Held;
        }
    }

    // The nodes keep two generations, the first of which a second one replaced, and the primary has a change for them.
    private static async Task PrepareAsync(Lab lab, string older)
    {
        foreach (var node in lab.Peers) _ = (await node.RunAsync("rm", "-rf", "/var/lib/nginx-sync/generations")).OutIfSuccessful;
        lab.Primary.Write("/tmp/file", "NODES=\"web1 web2 web3\"\nCONFPATHS=/etc/nginx/conf.d\n");
        foreach (var text in new[] { older, Held })
        {
            lab.Primary.WriteSite(text);
            _ = await lab.Primary.PushedAsync("--serial", "all", "-f", "/tmp/file");
        }
        lab.Primary.WriteSite(Here);
    }

    private static async Task<Outcome> RunAsync(Lab lab, string call)
    {
        if (call.StartsWith("init", StringComparison.Ordinal)) lab.Primary.Delete(ConfigFile);
        if (call.Contains(DocumentedCalls.Run, StringComparison.Ordinal))
        {
            using var history = JsonDocument.Parse((await lab.NginxSyncAsync("history", "--output", "json")).Out);
            var runs = history.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("run").GetProperty("id").GetString()!).ToList();
            call = call.Replace(DocumentedCalls.Run, runs[1], StringComparison.Ordinal);
        }
        // Asked for nodes, a user gives them.
        var typed = call == "init" ? "web1 web2 web3\n" : "";
        return await lab.Primary.RunAsync("sh", "-c", typed.Length > 0 ? $"printf '{typed}' | script -qec 'nginx-sync {call}' /dev/null" : $"nginx-sync {call}");
    }

    // There is no cluster here: such calls say so.
    private static int Expected(string call) => call.StartsWith("cluster", StringComparison.Ordinal) ? 2
        : IsOfClusters(call) || (IsAdoption(call) && !call.EndsWith(" -n", StringComparison.Ordinal)) || Differing.Contains(call.Split(' ')[0]) ? 1 : 0;

    private static string Lacking(string call) =>
        call.StartsWith("cluster import", StringComparison.Ordinal) ? "has no file /etc/keepalived/keepalived.conf"
        : call.StartsWith("cluster status", StringComparison.Ordinal) ? "no virtual address is known"
        : call.StartsWith("cluster init", StringComparison.Ordinal) ? "there is no terminal to ask at" : "there is no /etc/nginx-sync.d/cluster.conf";

    private static bool IsOfClusters(string call) => call.Contains("--if-holder", StringComparison.Ordinal) || call.StartsWith("cluster", StringComparison.Ordinal);

    // There is no terminal at which the user could be asked, and nothing was taken over before that could be undone.
    private static bool IsAdoption(string call) => call.Split(' ').Intersect(["adopt", "--adopt"]).Any();

    private static string Served(string call, string older)
    {
        var words = call.Split(' ');
        if (IsAdoption(call) || words.Intersect(["-n", "--dry-run", "--plan", "--help", "--version"]).Any() || Differing.Concat(Looking).Contains(words[0]) || words.Contains("settle") || IsOfClusters(call)) return Held;
        return words[0] == "rollback" ? older : Here;
    }

    // The names and addresses of the documents, beside those of the lab.
    private static async Task NameAsync(Lab lab)
    {
        await AddAddressAsync(lab.Primary, "192.0.2.10");
        for (var i = 0; i < lab.Peers.Count; i++)
        {
            var (peer, address) = (lab.Peers[i], $"192.0.2.{11 + i}");
            await AddAddressAsync(peer, address);
            _ = (await lab.Primary.RunAsync("sh", "-ec", $"""
                echo '{address} web{i + 1}' >>/etc/hosts
                sed -n 's/^{peer.Address},[^ ]* /web{i + 1},{address} /p' /root/.ssh/known_hosts >/tmp/known
                [ -s /tmp/known ]; cat /tmp/known >>/root/.ssh/known_hosts
                """)).OutIfSuccessful;
        }

        static async Task AddAddressAsync(Node node, string address) =>
            _ = (await node.RunAsync("ip", "address", "add", $"{address}/24", "dev", "eth0")).OutIfSuccessful;
    }
}
