using System.Text.Json;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>A push to machines of which several hold one address, on real keepalived.</summary>
public sealed class SeveralHoldersTests
{
    [Test]
    public async Task Nothing_is_pushed_until_one_holds_it_or_the_user_insists()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await lab.StartClusterAsync();
        var (one, two) = (lab.Peers[0], lab.Peers[1]);
        lab.Primary.WriteSite("new");
        // What it leaves behind, the other one takes too.
        await one.ShAsync("kill -9 $(pidof keepalived)");
        await two.HoldsAsync(ClusterNodes.First);
        var words = $"TWO MACHINES HOLD {ClusterNodes.First} (VI_1): one ({one.Address}), two ({two.Address})";

        var push = await lab.Primary.PushAsync();
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain(words).And.Contain("NS-3114").And.Contain("nothing was changed there"));
        var dry = await lab.Primary.PushAsync("-n", "--output", "json");
        Assert.That(dry.ExitCode, Is.EqualTo(2), dry.ToString());
        using (var document = JsonDocument.Parse(dry.Out))
        {
            var refusal = document.RootElement.GetProperty("nodes")[0].GetProperty("failure").GetProperty("refusal");
            Assert.That(refusal.GetProperty("code").GetString(), Is.EqualTo("several-holders"));
            Assert.That(refusal.GetProperty("nodes").EnumerateArray().Select(name => name.GetString()), Is.EqualTo([$"one ({one.Address})", $"two ({two.Address})"]));
        }
        var comparison = await lab.Primary.RunAsync("nginx-sync", "-C");
        Assert.That(comparison.ExitCode, Is.EqualTo(1), comparison.ToString());
        Assert.That(comparison.Out, Does.EndWith($"; {words}\n"));
        foreach (var peer in lab.Peers) Assert.That(peer.Exists("/etc/nginx/conf.d/site.conf"), Is.False);

        var forced = await lab.Primary.PushAsync("--force");
        Assert.That(forced.ExitCode, Is.EqualTo(2), forced.ToString());
        Assert.That(forced.Err, Does.Contain($"!! {words}; the push goes on (--force)\n").And.Contain($". {words}."));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));

        await one.ShAsync("start-services");
        await two.HoldsAsync(ClusterNodes.First, isHeld: false);
        await lab.Primary.PushedAsync();
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "-C")).OutIfSuccessful, Does.Not.Contain("MACHINE"));
    }
}
