namespace ConfSync.SystemTests;

/// <summary>Nodes of an Ansible inventory. The real Ansible runs on the primary.</summary>
public sealed class AnsibleTests
{
    private const string Inventory = "/etc/ansible/hosts";

    [Test]
    public async Task A_push_goes_to_the_hosts_of_a_group_with_their_logins_and_their_values()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Primary.Write(Inventory, $"""
            [web]
            two ansible_host={lab.Peers[1].Address} ansible_user=deploy
            one ansible_host={lab.Peers[0].Address} ansible_port=22 colour=red
            [db]
            three ansible_host={lab.Peers[2].Address} colour=blue
            [sites:children]
            web
            db
            [sites:vars]
            colour=green

            """);
        lab.ConfigureNodes("@ansible:sites", "TEMPLATES=/etc/nginx/conf.d/site.conf");
        lab.Primary.Write("/etc/nginx-sync.d/templates/etc/nginx/conf.d/site.conf", "server { listen 8080; return 200 '%{colour} %{NODE}'; }\n");

        var limited = await lab.NginxSyncAsync("--limit", "sites:!two:!db");
        var first = await lab.NginxSyncAsync("push", "--all-or-none");
        var second = await lab.NginxSyncAsync("status");

        Assert.That(limited.OutIfSuccessful, Does.Contain(" * Updating configuration on one\n").And.Contain("Pushed to 1 of 1 node: 1 updated; it serves it."));
        Assert.That(first.OutIfSuccessful, Does.Contain("Pushed to 3 of 3 nodes: 2 updated, 1 already up to date; all serve it."));
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.SiteAsync())), Is.EqualTo([$"red {lab.Peers[0].Address}", $"green {lab.Peers[1].Address}", $"blue {lab.Peers[2].Address}"]));
        Assert.That(second.ExitCode, Is.Zero, second.ToString());
        Assert.That(lab.Peers[1].ReadText("/var/log/sshd.log"), Does.Contain("Accepted publickey for deploy").And.Not.Contain("Accepted publickey for root"));
    }

    [Test]
    public async Task What_the_inventory_does_not_have_stops_the_run()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.ConfigureNodes("@ansible:webb");
        lab.Primary.Write(Inventory, $"[web]\none ansible_host={lab.Peers[0].Address}\n");
        lab.WriteSite("new");

        var unknown = await lab.NginxSyncAsync();
        lab.ConfigureNodes("@ansible:web");
        var limited = await lab.NginxSyncAsync("--limit", "web:!db");
        lab.ConfigureNodes("@ansible:web", "INVENTORY=\"ansible-inventory --no-such-option\"");
        var failed = await lab.NginxSyncAsync("-C");

        Assert.That((unknown.ExitCode, unknown.Err), Is.EqualTo((1,
            "nginx-sync: /etc/nginx-sync.conf:1: NODES: \"@ansible:webb\": the inventory has no group and no host \"webb\": did you mean web? (NS-1004)\n")));
        Assert.That((limited.ExitCode, limited.Err), Is.EqualTo((1, "nginx-sync: --limit !db: there is no such node, and no such group of the inventory\n")));
        Assert.That(failed.ExitCode, Is.EqualTo(2));
        Assert.That(failed.Err, Does.Match("^nginx-sync: /etc/nginx-sync.conf:[0-9]: INVENTORY: /usr/bin/ansible-inventory ended with status 2: .*--no-such-option.* \\(NS-1004\\)\n$"));
        Assert.That(lab.Peers[0].SshLogins(), Is.Zero);
    }
}
