using System.Text.RegularExpressions;

namespace ConfSync.SystemTests;

/// <summary>Nodes of an Ansible inventory, and the role that sets a primary and its peers up. Both with the real Ansible, which runs on the
/// primary.</summary>
public sealed partial class AnsibleTests
{
    private const string Inventory = "/etc/ansible/hosts";
    private const string Role = "contrib/ansible/roles/nginx_sync";

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

    [Test]
    public async Task The_role_makes_logins_that_a_push_needs_and_changes_nothing_the_second_time()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await WritePlaybookAsync(lab);
        lab.WriteSite("pushed");

        var first = await PlayAsync(lab);
        var push = await lab.Primary.RunAsync("/usr/sbin/nginx-sync");
        var second = await PlayAsync(lab);

        Assert.That(first, Is.All.Property("Failed").Zero.And.All.Property("Changed").GreaterThan(3));
        Assert.That(push.OutIfSuccessful, Does.Contain("Pushed to 2 of 2 nodes: 2 updated; all serve it."));
        Assert.That(second, Has.Count.EqualTo(3).And.All.Property("Failed").Zero.And.All.Property("Changed").Zero);
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.SiteAsync(), Is.EqualTo("pushed"));
            Assert.That(peer.ReadText("/var/lib/nginx-sync-login/.ssh/authorized_keys"), Does.Match($"^from=\"{lab.Primary.Address}\",restrict ssh-ed25519 \\S+ nginx-sync@primary\n$"));
            Assert.That(peer.ReadText("/var/log/sshd.log"), Does.Contain("Accepted publickey for nginx-sync"));
        }
        // From another machine, the key is worth nothing.
        lab.Peers[1].Write("/root/stolen", lab.Primary.ReadText("/root/.ssh/nginx-sync"));
        var stolen = await lab.Peers[1].RunAsync("sh", "-c",
            $"chmod 600 /root/stolen; ssh -i /root/stolen -o BatchMode=yes -o StrictHostKeyChecking=no nginx-sync@{lab.Peers[0].Address} true");
        Assert.That(stolen.ExitCode, Is.EqualTo(255));
        Assert.That(stolen.Err, Does.Contain("Permission denied"));
    }

    // Ansible itself trusts the hosts by a file of its own, so that nginx-sync knows only what the role tells it.
    private static async Task WritePlaybookAsync(Lab lab)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(LabScript.Repository, Role), "*", SearchOption.AllDirectories))
        {
            lab.Primary.Write($"/root/play/roles/nginx_sync/{Path.GetRelativePath(Path.Combine(LabScript.Repository, Role), file)}", File.ReadAllText(file));
        }
        lab.Primary.Write("/root/package/nginx-sync-0/install.sh", File.ReadAllText(Path.Combine(LabScript.Repository, "packaging/install.sh")));
        _ = (await lab.Primary.RunAsync("sh", "-ec", """
            mv /root/.ssh/known_hosts /root/ansible_known_hosts
            cd /root/package
            mkdir -p nginx-sync-0/root/usr/sbin
            cp -L "$(command -v nginx-sync)" nginx-sync-0/root/usr/sbin/nginx-sync
            tar -czf nginx-sync.tar.gz nginx-sync-0
            """)).OutIfSuccessful;
        lab.Primary.Write("/root/play/inventory.ini", $"""
            [nginx_primary]
            primary ansible_connection=local ansible_host={lab.Primary.Address}
            [nginx_peers]
            peer1 ansible_host={lab.Peers[0].Address}
            peer2 ansible_host={lab.Peers[1].Address}
            [all:vars]
            ansible_python_interpreter=/usr/bin/python3
            ansible_ssh_common_args='-o UserKnownHostsFile=/root/ansible_known_hosts'

            """);
        lab.Primary.Write("/root/play/site.yml", """
            - hosts: nginx_primary:nginx_peers
              roles:
                - role: nginx_sync
                  vars:
                    nginx_sync_package: /root/package/nginx-sync.tar.gz
                    nginx_sync_exclude: [default.conf]
                    nginx_sync_settings: {KEEP: 7, HEALTHCHECK: 'test "$(id -u)" = 0'}

            """);
    }

    private static async Task<IReadOnlyList<Recap>> PlayAsync(Lab lab)
    {
        await using var running = await lab.Primary.StartAsync(new Invocation(["ansible-playbook", "-i", "/root/play/inventory.ini", "/root/play/site.yml"])
        {
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8", ["ANSIBLE_NOCOLOR"] = "1" },
        });
        // It starts some hundred processes, one after the other.
        var play = await running.WaitAsync(Pace.Limit(120));
        return [.. Recaps().Matches(play.OutIfSuccessful).Select(match => new Recap(int.Parse(match.Groups["changed"].Value), int.Parse(match.Groups["failed"].Value)))];
    }

    private sealed record Recap(int Changed, int Failed);

    [GeneratedRegex("^(primary|peer[0-9]) +: ok=[0-9]+ +changed=(?<changed>[0-9]+) +unreachable=0 +failed=(?<failed>[0-9]+) ", RegexOptions.Multiline)]
    private static partial Regex Recaps();
}
