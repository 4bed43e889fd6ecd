using System.Text.Json;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>The order between nodes that hold addresses, on real keepalived.</summary>
public sealed class RoleOrderTests
{
    private Lab lab = null!;

    private string One => lab.Peers[0].Address;

    private string Two => lab.Peers[1].Address;

    private string Three => lab.Peers[2].Address;

    [TearDown]
    public async Task EndAsync() => await lab.DisposeAsync();

    private async Task StartAsync(params string[] settings)
    {
        lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Debian, PeerKind.Alpine);
        await lab.StartClusterAsync(settings);
        lab.Primary.WriteSite("new");
    }

    [Test]
    public async Task A_node_without_an_address_is_the_canary_and_each_holder_comes_alone_after_it()
    {
        await StartAsync();

        var push = await lab.Primary.PushAsync("-r");

        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        Assert.That(push.Out, Does.Contain($"order of the nodes: {Three}, {One} (holds 1 virtual address), {Two} (holds 1 virtual address)\n"));
        Assert.That(push.Out, Does.Contain(": 3 updated; ").And.Not.Contain("MACHINE"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task Where_the_addresses_have_moved_the_order_is_another_one()
    {
        await StartAsync();
        await lab.Peers[0].ShAsync("kill $(cat /run/keepalived.pid)");
        await lab.Peers[1].HoldsAsync(ClusterNodes.First);

        Assert.That(await TurnsAsync(), Is.EqualTo([One, Three, Two]));
    }

    [Test]
    public async Task ORDER_nodes_keeps_the_order_of_NODES_and_asks_nothing()
    {
        await StartAsync("ORDER=nodes");
        var before = lab.Peers.Select(peer => peer.SshLogins()).ToList();

        Assert.That((await TurnsAsync())[0], Is.EqualTo(One));

        Assert.That(lab.Peers.Select(peer => peer.SshLogins()), Is.EqualTo(before.Select(count => count + 1)));
    }

    [Test]
    public async Task What_kills_nginx_reaches_no_node_that_holds_an_address()
    {
        await StartAsync();
        await using var load = SteadyLoad.On(lab.Peers[0], perSecond: 50);
        lab.Primary.Delete("/etc/nginx/conf.d/site.conf");
        // nginx -t passes, the reload is accepted, and no worker survives.
        lab.Pushes("/etc/nginx/nginx.conf /etc/nginx/conf.d /etc/keepalived", "EXPECT_RUNNING=nginx");
        lab.Primary.AddToMain("working_directory /no/such/dir;");

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain($"{Three}: reloading nginx failed").And.Contain($"left as they were: {One} {Two}"));
        await load.AnswersAsync(20);
        Assert.That((await load.StopAsync()).Failures, Is.Empty);
    }

    [Test]
    public async Task An_address_without_a_holder_after_a_push_is_in_the_verdict()
    {
        await StartAsync();
        // It goes on running, and holds the address no more.
        await lab.Peers[1].ShAsync("kill $(cat /run/keepalived.pid)");
        await lab.Peers[0].HoldsAsync(ClusterNodes.Second);
        await lab.Peers[0].ShAsync($"kill -STOP $(pidof keepalived); ip addr del {ClusterNodes.First}/32 dev eth0");

        var push = await lab.Primary.PushAsync("--output", "json");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Contain($"!! NO MACHINE HOLDS {ClusterNodes.First} (VI_1); the push goes on, since it may mend that\n"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        using var document = JsonDocument.Parse(push.Out);
        Assert.That(document.RootElement.GetProperty("message").GetString(), Does.EndWith($". NO MACHINE HOLDS {ClusterNodes.First} (VI_1)."));
        Assert.That(document.RootElement.GetProperty("astray")[0].GetProperty("address").GetString(), Is.EqualTo(ClusterNodes.First));
    }

    /// <summary>Pushes, which has to succeed, and gives the nodes in the order of their turns.</summary>
    private async Task<List<string>> TurnsAsync()
    {
        var push = await lab.Primary.PushAsync("--output", "jsonl");
        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        var turns = new List<string>();
        foreach (var line in push.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var said = JsonDocument.Parse(line);
            if (said.RootElement.TryGetProperty("step", out var step) && step.GetString() == "activate") turns.Add(said.RootElement.GetProperty("node").GetString()!);
        }
        return [.. turns.Distinct()];
    }
}
