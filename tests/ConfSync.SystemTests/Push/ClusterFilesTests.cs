namespace ConfSync.SystemTests.Push;

/// <summary>keepalived's files, made for each member from one definition.</summary>
public sealed class ClusterFilesTests
{
    private const string Definition = "/etc/nginx-sync.d/cluster.conf";
    private const string Keepalived = "/etc/keepalived";

    [Test]
    public async Task Each_member_gets_its_own_files_which_keepalived_takes_and_no_other_node_does()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        var (first, second, other) = (lab.Peers[0], lab.Peers[1], lab.Peers[2]);
        lab.Pushes($"{Keepalived} /etc/nginx/conf.d", "EXPECT_RUNNING=nginx");
        lab.Primary.Write($"{Keepalived}/here", "# keeps the directory\n");
        lab.Primary.Write(Definition, $"""
            MEMBERS="one={first.Address}/eth0 two={second.Address}/eth0"
            VIRTUAL="VI_1=10.99.200.1:51:one,two VI_2=10.99.200.2:61:two,one"

            """);

        await lab.Primary.PushedAsync();

        foreach (var (peer, name, priorities) in new[] { (first, "one", "101 100"), (second, "two", "100 101") })
        {
            var text = peer.ReadText($"{Keepalived}/keepalived.conf");
            Assert.That(text, Does.Contain($"router_id {name}\n").And.Contain($"unicast_src_ip {peer.Address}\n").And.Not.Contain("state MASTER"));
            Assert.That(await peer.ShAsync($"sed -n 's/^ *priority //p' {Keepalived}/keepalived.conf | paste -sd' '"), Is.EqualTo(priorities));
            Assert.That(await peer.ShAsync($"stat -c '%a %U' {Keepalived}/keepalived.conf {Keepalived}/nginx-sync-check | paste -sd' '"), Is.EqualTo("600 root 755 root"));
            // It says nothing where it finds nothing wrong. Its exit status is no proof.
            Assert.That(await peer.ShAsync($"keepalived -t -f {Keepalived}/keepalived.conf 2>&1"), Is.Empty);
            Assert.That(await peer.ShAsync($"{Keepalived}/nginx-sync-check http://127.0.0.1/ && echo answers"), Is.EqualTo("answers"));
            Assert.That((await peer.RunAsync("sh", "-c", $"{Keepalived}/nginx-sync-check http://127.0.0.1:1/")).ExitCode, Is.Not.Zero);
        }
        Assert.That(other.Exists($"{Keepalived}/keepalived.conf"), Is.False);
        var compared = await lab.Primary.PushAsync("-C");
        Assert.That(compared.ExitCode, Is.Zero, compared.ToString());

        lab.Primary.Write(Definition, $"MEMBERS=\"one={first.Address}/eth0\"\nVIRTUAL=\"VI_1=10.99.200.1:51:one\"\n");
        var refused = await lab.Primary.PushAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Err, Does.Contain($"{Definition}:2: "));
    }
}
