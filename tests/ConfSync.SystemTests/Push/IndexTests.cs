using System.Text.RegularExpressions;
using ConfSync.Primary;

namespace ConfSync.SystemTests.Push;

/// <summary>A push of many files does not hash again what an earlier one hashed, and still finds every change.</summary>
public sealed partial class IndexTests
{
    private const string Data = "/etc/nginx/conf.d/data";

    [Test]
    public async Task A_later_push_hashes_only_what_was_changed_and_finds_every_edit()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        await lab.Primary.ShAsync($"mkdir {Data}; i=0; while [ $i -lt 600 ]; do echo $i >{Data}/$i; i=$((i + 1)); done");
        _ = await ReceivedAsync(lab);
        await OlderAsync();
        // The first scan of many files remembers that there are many, the next one hashes them for the index.
        var without = await ReceivedAsync(lab);
        _ = await ReceivedAsync(lab);
        var with = await ReceivedAsync(lab);
        Assert.That(without - with, Is.GreaterThan(600 * 40), "digests are not sent again");
        Assert.That((await lab.Primary.ShAsync($"stat -c %a:%U {ScanIndexFiles.Directory} {ScanIndexFiles.Directory}/*")).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(["700:root", "600:root", "600:root"]), "of the primary and of the node");

        // Of the same size, in place, and with the time that it had; and a directory that takes another's place.
        await peer.ShAsync($"touch -r {Data}/7 /root/time; echo x >{Data}/7; touch -r /root/time {Data}/7");
        await RepairedAsync(lab, $"cat {Data}/7", "7");
        await peer.ShAsync($"cp -a {Data} /root/data; echo y >/root/data/8");
        await OlderAsync();
        await peer.ShAsync($"mv {Data} /root/before; mv /root/data {Data}");
        await RepairedAsync(lab, $"cat {Data}/8", "8");
        // On the primary.
        await lab.Primary.ShAsync($"touch -r {Data}/9 /root/time; echo z >{Data}/9; touch -r /root/time {Data}/9");
        await RepairedAsync(lab, $"cat {Data}/9", "z");
    }

    [TestCase("for f in {0}/*; do echo damaged >>$f; done")]
    [TestCase("chmod 0666 {0}/*")]
    [TestCase("for f in {0}/*; do sed -i '3s/.*/9999999999/' $f; done")]
    [TestCase("chmod 0777 {0}")]
    [TestCase("rm -r {0}")]
    public async Task An_index_that_cannot_be_trusted_is_not_used(string damage)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d");
        await lab.Primary.ShAsync($"mkdir {Data}; i=0; while [ $i -lt 600 ]; do echo $i >{Data}/$i; i=$((i + 1)); done");
        _ = await ReceivedAsync(lab);
        await OlderAsync();
        _ = await ReceivedAsync(lab);
        _ = await ReceivedAsync(lab);
        var with = await ReceivedAsync(lab);
        await lab.Primary.ShAsync(string.Format(null, damage, ScanIndexFiles.Directory));
        Assert.That(await ReceivedAsync(lab) - with, Is.GreaterThan(600 * 40), "everything is hashed");
    }

    // A file counts only if it is two seconds older than the index.
    private static Task OlderAsync() => Task.Delay(TimeSpan.FromSeconds(3.1));

    private static async Task RepairedAsync(Lab lab, string command, string expected)
    {
        var pushed = await lab.Primary.PushAsync();
        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        Assert.That(await lab.Peers[0].ShAsync(command), Is.EqualTo(expected));
    }

    /// <summary>How many bytes the node sent in a push.</summary>
    private static async Task<int> ReceivedAsync(Lab lab)
    {
        var pushed = await lab.Primary.PushAsync("--timing");
        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        return int.Parse(Received().Match(pushed.Out).Groups[1].Value, null);
    }

    [GeneratedRegex("bytes sent, ([0-9]+) received")]
    private static partial Regex Received();
}
