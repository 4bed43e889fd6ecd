using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>A comparison writes nothing on either side, not even for a moment.</summary>
public sealed class ReadOnlyTests
{
    // What was asked for; what sshd itself keeps.
    private static readonly string[] Allowed = ["/srv", "/srv/asked", "/srv/asked/page.html", "/srv/asked/report.json", "/var/log/sshd.log"];

    [TestCase(false)]
    [TestCase(true, Description = "the native file has no sockets of .NET's own diagnostics")]
    public async Task Nothing_is_written_on_either_side_whatever_is_shown(bool diagnoses)
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await DriftAsync(lab, peer);
        lab.Primary.Write("/srv/asked/page.html", "");
        var before = await LookAsync(lab);

        foreach (var flags in new string[][]
        {
            ["-C", "-d"], ["-C", "-w", "--report", "/srv/asked/page.html"], ["-C", "-d", "--output", "json"],
            ["-C", "--output", "json", "-o", "/srv/asked/report.json"], ["-c", "peer1", "-q"],
            ["status"], ["status", "--output", "json"],
        })
        {
            var outcome = await lab.Primary.RunAsync(new Invocation(["nginx-sync", .. flags])
            {
                Environment = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = diagnoses ? "1" : "0" },
            });
            Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        }

        var after = await LookAsync(lab);
        Assert.That(after, Is.EqualTo(before));
        Assert.That(lab.Primary.Exists("/srv/asked/report.json"));
    }

    [TestCase("/tmp")]
    [TestCase("/var/tmp")]
    [TestCase("/var/lib/nginx-sync")]
    [TestCase("/etc/nginx/conf.d")]
    [TestCase("/run/nginx-sync")]
    public async Task What_is_written_and_removed_again_would_be_seen(string directory)
    {
        await using var lab = await StartPushedAsync(PeerKind.Alpine);
        var before = await LookAsync(lab);
        var made = await lab.Peers[0].RunAsync("sh", "-c", $"echo x >{directory}/x && rm {directory}/x");
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
        Assert.That((await LookAsync(lab)).Except(before), Has.Some.Match($"^peer1 {directory}/? "));
    }

    private static async Task<List<string>> LookAsync(Lab lab)
    {
        var looks = new List<string>();
        foreach (var node in lab.Peers.Prepend<Node>(lab.Primary))
        {
            var written = await node.Files.WrittenAsync();
            looks.AddRange(written.Where(line => !Allowed.Contains(line.Split(' ')[0])).Select(line => $"{node.Name} {line}"));
        }
        return looks;
    }
}
