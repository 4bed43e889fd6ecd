using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>A running pair read into a definition, and a cluster set up from nothing, on real keepalived.</summary>
public sealed class ClusterInitTests
{
    private const string MainFile = "/etc/keepalived/keepalived.conf", First = ClusterNodes.First, Second = ClusterNodes.Second;

    [Test]
    public async Task A_running_pair_is_read_and_three_empty_members_become_a_cluster_by_one_call()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes("/etc/nginx/conf.d", "EXPECT_RUNNING=nginx");
        await ImportAsync(lab);
        await RefuseAsync(lab);

        var init = await InitAsync(lab, $"one={lab.Peers[0].Address}", $"two={lab.Peers[1].Address}", "--virtual", $"{First}=one", "--virtual", $"{Second}=two");

        Assert.That(init.ExitCode, Is.Zero, init.ToString());
        Assert.That(init.Out, Does.Contain($"VIRTUAL=\"VI_1={First}:51:one,two,").And.Contain($"VI_2={Second}:61:two,").And.Contain($"keepalived was started on {lab.Peers[0].Address}"));
        Assert.That(init.Out, Does.Contain("3 machines looked at: every virtual address has one holder.").And.Contain("CONFPATHS does not hold /etc/keepalived"));
        Assert.That(await HoldersAsync(lab, First), Is.EqualTo(new[] { lab.Peers[0].Name }));
        Assert.That(await HoldersAsync(lab, Second), Is.EqualTo(new[] { lab.Peers[1].Name }));
        foreach (var node in lab.Peers.Append<Node>(lab.Primary)) Assert.That(node.ReadText(MainFile), Does.StartWith("# Written by nginx-sync for "));
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "cluster", "show", "-q")).ExitCode, Is.Zero);
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "cluster", "status", "-q")).ToString(), Does.Contain("0"));

        var again = await InitAsync(lab);
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Out, Does.Contain("is up to date").And.Not.Contain("was started"));
        var imported = await lab.Primary.RunAsync("nginx-sync", "cluster", "import", "-q", "-o", "/tmp/imported");
        Assert.That((imported.ExitCode, imported.Err), Is.EqualTo((0, "")));
        Assert.That(VirtualOf(lab.Primary.ReadText("/tmp/imported")), Is.EqualTo(VirtualOf(lab.Primary.ReadText(ClusterNodes.Definition))));

        // Its check finds nothing that answers, and the next member takes its address.
        await lab.Peers[0].StopNginxAsync();
        await lab.Peers[1].HoldsAsync(First);
        var ignored = await InitAsync(lab, "--virtual", First);
        Assert.That((ignored.ExitCode, ignored.Err), Is.EqualTo((2, $"nginx-sync: {ClusterNodes.Definition} is there and is used as it is: change it, or call init without members and options\n")));
    }

    private static string VirtualOf(string definition) => definition[definition.IndexOf("VIRTUAL=", StringComparison.Ordinal)..definition.IndexOf("TRACK=", StringComparison.Ordinal)];

    private static Task<Outcome> InitAsync(Lab lab, params string[] more) => lab.Primary.RunAsync(["nginx-sync", "cluster", "init", "--yes", .. more]);

    private static async Task<List<string>> HoldersAsync(Lab lab, string address)
    {
        var holders = new List<string>();
        foreach (var node in lab.Peers.Append<Node>(lab.Primary))
        {
            if (await node.HasAsync(address)) holders.Add(node.Name);
        }
        return holders;
    }

    // As it was published, with a check that stops keepalived. Afterwards the members are empty again.
    private static async Task ImportAsync(Lab lab)
    {
        foreach (var (peer, index) in lab.Peers.Select((peer, index) => (peer, index)))
        {
            peer.Write("/etc/keepalived/check_nginx.sh", "#!/bin/sh\nif [ -z \"`pidof nginx`\" ]; then\n  systemctl stop keepalived\n  exit 1\nfi\n");
            peer.Write(MainFile, $$"""
                global_defs {
                  router_id nginx
                }
                vrrp_script check_nginx {
                  script "/etc/keepalived/check_nginx.sh"
                  interval 2
                  weight 50
                }
                vrrp_instance VI_1 {
                    state {{(index == 0 ? "MASTER" : "BACKUP")}}
                    interface eth0
                    virtual_router_id 62
                    priority {{151 - index}}
                    nopreempt
                    unicast_src_ip {{peer.Address}}
                    unicast_peer {
                        {{lab.Peers[1 - index].Address}}
                    }
                    authentication {
                        auth_type PASS
                        auth_pass s3cret
                    }
                    virtual_ipaddress {
                        {{First}}
                    }
                    track_script {
                        check_nginx
                    }
                }
                """);
            await peer.ShAsync("chmod 0755 /etc/keepalived/check_nginx.sh; start-services");
        }
        await lab.Peers[0].HoldsAsync(First);

        var import = await lab.Primary.RunAsync("nginx-sync", "cluster", "import", $"one={lab.Peers[0].Address}", $"two={lab.Peers[1].Address}");

        Assert.That(import.ExitCode, Is.Zero, import.ToString());
        Assert.That(import.Out, Does.Contain($"MEMBERS=\"one={lab.Peers[0].Address}/eth0\n         two={lab.Peers[1].Address}/eth0\"\nVIRTUAL=\"VI_1={First}:62:one,two\"\n").And.Contain("PREEMPT=no\n"));
        Assert.That(import.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(import.Err, Does.Contain($"{lab.Peers[0].Address}:{MainFile}:4: \"/etc/keepalived/check_nginx.sh\" stops keepalived").And.Contain($"{lab.Peers[1].Address}:{MainFile}:14: nopreempt, and check_nginx has a weight"));
        Assert.That(lab.Primary.Exists(ClusterNodes.Definition), Is.False);
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync("kill $(cat /run/keepalived.pid)");
            await Eventually.TrueAsync(async () => (await peer.RunAsync("pidof", "keepalived")).ExitCode != 0, "keepalived has ended");
            await peer.ShAsync("rm /etc/keepalived/*");
        }
    }

    private static async Task RefuseAsync(Lab lab)
    {
        (string[] Words, string Problem)[] wrong =
        [
            ([], "no virtual address was named: --virtual ADDRESS"),
            (["--virtual", "10.99.200.300"], "VIRTUAL: \"10.99.200.300\" is no IP address"),
            (["--virtual", $"{First}=three"], "VI_1: three is not in MEMBERS"),
            (["--virtual", lab.Peers[0].Address], "'s own address: an address that moves must be nobody's own"),
            (["--virtual", First, "--own-address", "192.0.2.9"], "192.0.2.9 is no address of this machine"),
            (["--virtual", $"{First}=one", "one=" + lab.Peers[0].Address, "--own-address", "none"], "VI_1: name two members or more"),
            (["--virtual", First, "192.0.2.77"], "192.0.2.77: it is not in NODES"),
        ];
        foreach (var (words, problem) in wrong)
        {
            var said = await InitAsync(lab, words);
            Assert.That(said.ExitCode, Is.EqualTo(2), said.ToString());
            Assert.That(said.Err, Does.Contain(problem));
        }
        var silent = await lab.Primary.RunAsync("sh", "-c", "nginx-sync cluster init </dev/null");
        Assert.That((silent.ExitCode, silent.Err), Is.EqualTo((2, "nginx-sync: there is no terminal to ask at: --yes asks nothing\n")));
        foreach (var node in lab.Peers.Append<Node>(lab.Primary)) Assert.That(node.Exists(MainFile), Is.False);
    }
}
