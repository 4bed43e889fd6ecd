using System.Globalization;
using System.Text.RegularExpressions;

namespace ConfSync.SystemTests.Compare;

/// <summary>Cost follows the change: what a large tree costs in which nothing differs.</summary>
public sealed partial class ScaleTests
{
    private const int Files = 10_000;
    private const int FileSize = 4096;

    // A directory for every 100 files, and every file another one.
    private const string MakeTree = """
        cd /etc/nginx && mkdir big && cd big &&
        i=0; while [ $i -lt 10000 ]; do
          d=$((i / 100)); [ $((i % 100)) -ne 0 ] || mkdir -m 0755 $d
          printf '# %04090d\n' $i >$d/server-$i.example.conf
          i=$((i + 1))
        done
        """;

    [TestCase(16)]
    public async Task Nothing_changed_in_10000_files_takes_one_scan_and_no_content(int peers)
    {
        await using var lab = await Lab.StartPeersAsync(peers);
        foreach (var node in lab.Peers.Append(lab.Primary))
        {
            var made = await node.RunAsync("sh", "-c", "umask 022; " + MakeTree);
            Assert.That(made.ExitCode, Is.Zero, made.ToString());
        }
        // Where nginx runs something else than what is on its disk, a comparison does not end with 0.
        await Task.Delay(TimeSpan.FromSeconds(1));
        foreach (var peer in lab.Peers) _ = (await peer.RunAsync("nginx", "-s", "reload")).OutIfSuccessful;
        lab.Primary.Configure($"NODES=\"{lab.Nodes}\"", "CONFPATHS=\"/etc/nginx\"");
        var size = (await lab.Peers[0].RunAsync("sh", "-c", "cat /etc/nginx/big/*/* | wc -c")).OutIfSuccessful;
        Assert.That(int.Parse(size, CultureInfo.InvariantCulture), Is.EqualTo(Files * (FileSize - 3)).Within(Files * 3));

        var received = await ReceivedAsync(lab);
        var outcome = await lab.Primary.RunAsync("sh", "-c", """
            nginx-sync -C >/tmp/out & p=$!
            while peak=$(grep VmHWM /proc/$p/status 2>/dev/null) && [ -n "$peak" ]; do echo "$peak"; sleep 0.02; done
            wait $p; s=$?; cat /tmp/out; exit $s
            """);
        received = await ReceivedAsync(lab) - received;

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Contain($"{peers} nodes compared, 0 with differences"));
        var peak = Peak().Matches(outcome.Out).Max(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        TestContext.Out.WriteLine($"{peers} peers: {peak / 1024} MiB at most, {received / 1e6:0.0} MB received");
        Assert.That(peak, Is.LessThan(100 * 1000), "kB of memory");
        Assert.That(received, Is.LessThan((long)peers * Files * FileSize / 10), "names and digests, not contents");
        Assert.That(lab.Peers.Select(peer => peer.SshLogins()), Has.All.EqualTo(1), "one session, so one scan");
    }

    // Bytes into the primary from its peers; see proc(5), /proc/net/dev.
    private static async Task<long> ReceivedAsync(Lab lab)
    {
        var text = (await lab.Primary.RunAsync("cat", "/proc/net/dev")).OutIfSuccessful;
        return long.Parse(Interface().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex Peak();

    [GeneratedRegex(@"eth0:\s*(\d+)")]
    private static partial Regex Interface();
}
