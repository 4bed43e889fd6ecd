using System.Text.Json;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>Files that change while they are compared.</summary>
public sealed class MovingTests
{
    private const int Files = 401;

    // The script reads contents with cat; this one is found first. It changes three of the files, and logs its calls.
    private const string Cat = $$"""
        #!/bin/sh
        case " $*" in *" {{Conf}}/moving/"*)
          echo call >>/var/log/cat.log
          cd {{Conf}}/moving
          [ ! -e f100 ] || echo '# grown' >>f100
          rm -f f150
          echo '#' >f390
          ;;
        esac
        exec /bin/cat "$@"
        """;

    [Test]
    public async Task What_changes_meanwhile_is_told_and_the_rest_is_compared()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await CheckAsync(lab, peer);
    }

    private static async Task CheckAsync(Lab lab, Node peer)
    {
        for (var i = 0; i < Files; i++)
        {
            lab.Primary.Write($"{Conf}/moving/f{i}", $"# new {i}\n");
            peer.Write($"{Conf}/moving/f{i}", $"# old {i}\n");
        }
        peer.Write("/usr/local/bin/cat", Cat);
        await peer.RunAsync("chmod", "0755", "/usr/local/bin/cat");

        var outcome = await CompareAsync(lab, "-c", peer.Name, "-d", "--output", "json");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), "not all was compared");
        Assert.That(outcome.Err, Is.EqualTo($"""
            nginx-sync: {peer.Name} was not wholly compared; run again:
                {Conf}/moving/f100 changed while it was compared
                {Conf}/moving/f150 changed while it was compared
                {Conf}/moving/f390 changed while it was compared

            """));
        using var document = JsonDocument.Parse(outcome.Out);
        Assert.That(document.RootElement.GetProperty("counts").GetProperty("errors").GetInt32(), Is.EqualTo(1));
        var entries = document.RootElement.GetProperty("nodes")[0].GetProperty("entries").EnumerateArray()
            .ToDictionary(entry => entry.GetProperty("path").GetString()!, entry => entry.GetProperty("diff"));
        Assert.That(entries, Has.Count.EqualTo(Files));
        for (var i = 0; i < Files; i++)
        {
            var diff = entries[$"{Conf}/moving/f{i}"];
            if (i is 100 or 150 or 390)
            {
                Assert.That(diff.GetProperty("kind").GetString(), Is.EqualTo("changed"));
                continue;
            }
            var lines = diff.GetProperty("hunks")[0].GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("text").GetString());
            Assert.That(lines, Is.EqualTo((string[])[$"# old {i}", $"# new {i}"]));
        }
        // 3 batches, and in halves what lies between the two that changed in one of them.
        Assert.That(peer.ReadText("/var/log/cat.log").Split('\n'), Has.Length.InRange(10, 40), "few processes, whatever the number of files");

        peer.Write($"{Conf}/moving/f100", "# once more\n");
        var text = await CompareAsync(lab, "-c", peer.Name, "-d");
        Assert.That(text.Out, Does.Contain($"Files local:{Conf}/moving/f100 and remote:{Conf}/moving/f100 differ (changed while it was compared)\n"));
        Assert.That(text.Out, Does.Match(peer.Name + ": 401 paths are not the same .*; not wholly compared; nginx does not run"));
        Assert.That(text.Out, Does.EndWith("1 node compared, 1 with differences, 1 where nginx runs something else than its disk holds, 1 not wholly compared\n"));
    }

    [Test]
    public async Task A_push_does_not_send_what_has_changed_on_the_primary_meanwhile()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        for (var i = 0; i < 3; i++) lab.Primary.Write($"{Conf}/moving/f{i}00", $"# new {i}\n");
        lab.Primary.Write("/usr/local/bin/cat", Cat);
        await lab.Primary.RunAsync("chmod", "0755", "/usr/local/bin/cat");

        var push = await lab.Primary.RunAsync("nginx-sync");

        // It changes at each reading, also when all was begun again. Nothing was pushed, and no node is at fault.
        Assert.That(push.ExitCode, Is.EqualTo(1), push.ToString());
        Assert.That(push.Err, Does.Contain($"{Conf}/moving/f100, on this machine, changed while it was read; run again"));
        Assert.That(lab.Peers[0].Exists($"{Conf}/moving"), Is.False);
    }
}
