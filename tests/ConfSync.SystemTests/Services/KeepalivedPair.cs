using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Services;

/// <summary>Two or more nodes with keepalived, of which the first one holds a virtual address, and a primary that pushes their
/// files.</summary>
internal sealed class KeepalivedPair : IAsyncDisposable
{
    public const string MainFile = "/etc/keepalived/keepalived.conf", Check = "/etc/keepalived/check", Password = "s3cretpw";

    private KeepalivedPair(Lab lab) => Lab = lab;

    public Lab Lab { get; }

    public Node Holder => Lab.Peers[0];

    /// <summary>The virtual address.</summary>
    public string Address => $"{Holder.Address[..Holder.Address.LastIndexOf('.')]}.200";

    /// <summary>Starts keepalived on nodes of these kinds, and waits until the first one holds the address and all is known to the
    /// primary.</summary>
    public static async Task<KeepalivedPair> StartAsync(string confPaths, params PeerKind[] kinds)
    {
        var pair = new KeepalivedPair(await Lab.StartAsync(kinds));
        pair.Lab.Pushes(confPaths);
        pair.Lab.Primary.Write("/etc/keepalived/here", "# keeps the directory\n");
        pair.Write();
        foreach (var peer in pair.Lab.Peers)
        {
            peer.Write(MainFile, pair.TextOf(peer));
            peer.Files.SetMode(MainFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await peer.ShAsync($"mkdir -p /run/nginx-sync; printf '#!/bin/sh\\n' >{Check}; chmod 755 {Check}; start-services");
        }
        await pair.IsHeldAsync();
        await pair.Lab.Primary.PushedAsync();
        return pair;
    }

    public async ValueTask DisposeAsync() => await Lab.DisposeAsync();

    /// <summary>What the primary has for each node from now on.</summary>
    /// <param name="edit">Changes the text of a node, whose address it is given too.</param>
    public void Write(Func<(string Text, string Address), string>? edit = null)
    {
        foreach (var peer in Lab.Peers)
        {
            var files = $"/etc/nginx-sync.d/nodes/{peer.Address}/files";
            Lab.Primary.Write(files + MainFile, edit?.Invoke((TextOf(peer), peer.Address)) ?? TextOf(peer));
            Lab.Primary.Files.SetMode(files + MainFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Lab.Primary.Write(files + Check, "#!/bin/sh\n");
            Lab.Primary.Files.SetMode(files + Check, (UnixFileMode)0b111_101_101);
        }
    }

    /// <summary>The same for each node, but with this text in the place of another, which has to be there.</summary>
    public void Write(string old, string with) => Write(node =>
    {
        Assert.That(node.Text, Does.Contain(old));
        return node.Text.Replace(old, with, StringComparison.Ordinal);
    });

    private string TextOf(Node node) => $$"""
        global_defs {
          router_id {{node.Name}}
          enable_script_security
          script_user root
        }
        vrrp_script check {
          script "{{Check}}"
          interval 1
          weight 0
        }
        vrrp_instance VI_1 {
          state BACKUP
          interface eth0
          virtual_router_id 51
          priority {{(node == Holder ? 101 : 100)}}
          advert_int 1
          unicast_src_ip {{node.Address}}
          unicast_peer {
            {{string.Join("\n    ", Lab.Peers.Where(other => other != node).Select(other => other.Address))}}
          }
          authentication {
            auth_type PASS
            auth_pass {{Password}}
          }
          virtual_ipaddress {
            {{Address}}/32
          }
          track_script {
            check
          }
        }

        """;

    /// <summary>The nodes that have the address now.</summary>
    public async Task<IReadOnlyList<Node>> HoldersAsync()
    {
        var has = await Task.WhenAll(Lab.Peers.Select(peer => peer.ShAsync($"ip -o addr | grep -c ' {Address}/' || :")));
        return [.. Lab.Peers.Where((_, i) => has[i] != "0")];
    }

    /// <summary>Returns when the first node, and no other one, has the address.</summary>
    public Task IsHeldAsync() => Eventually.TrueAsync(
        async () => await HoldersAsync() is [var only] && only == Holder, "the first node holds the address");

    /// <summary>How often an instance has changed its state, by the logs of all nodes.</summary>
    public async Task<int> EventsAsync()
    {
        var counts = await Task.WhenAll(Lab.Peers.Select(peer => peer.ShAsync("grep -c 'Entering [A-Z]* STATE' /var/log/messages || :")));
        return counts.Sum(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Nothing is left that holds a password, and nothing of a push.</summary>
    public async Task LeavesNothingAsync()
    {
        foreach (var peer in Lab.Peers)
        {
            Assert.That(await peer.ShAsync($"grep -rls {Password} /tmp /run /var/lib/nginx-sync/*.* /var/log || :"), Is.Empty);
            Assert.That(await peer.ShAsync("ls /tmp/keepalived* /run/nginx-sync/keepalived.running 2>/dev/null || :"), Is.Empty);
            await peer.LeavesNothingAsync();
        }
    }
}
