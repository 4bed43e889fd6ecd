namespace ConfSync.SystemTests;

/// <summary>The user's own SSH configuration: what is meant for interactive use does no harm, and the rest is kept.</summary>
public sealed class SshConfigurationTests
{
    private const string Config = "/root/.ssh/config";

    [Test]
    public async Task What_would_break_a_session_is_disarmed()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Primary.Write(Config, lab.Primary.ReadText(Config) + """

            Host *
              RequestTTY force
              RemoteCommand echo never
              ControlMaster auto
              ControlPath /root/.ssh/%C
              ControlPersist 600
              PermitLocalCommand yes
              LocalCommand echo hello; touch /root/executed
              LocalForward 9999 127.0.0.1:80
              RemoteForward 22 127.0.0.1:80
              ExitOnForwardFailure yes
              StdinNull yes
              SessionType none
              ForkAfterAuthentication yes
              VisualHostKey yes
              IgnoreUnknown UseKeychain
              UseKeychain yes
            """);
        lab.Configure();
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        Assert.That(lab.Primary.Exists("/root/executed"), Is.False);
        Assert.That((await lab.Primary.RunAsync("pgrep", "ssh$")).Out, Is.Empty);
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Aliases_ports_users_and_keys_lead_where_they_say()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        foreach (var peer in lab.Peers) await peer.ConfigureSshdAsync("Port 2222\nPort 22");
        await lab.Primary.RunAsync("sh", "-c", "ssh-keygen -q -t ed25519 -N '' -f /root/other");
        lab.Peers[2].Write("/root/.ssh/authorized_keys", lab.Primary.ReadText("/root/other.pub"));
        lab.Primary.Write(Config, $"""
            Host first
              HostName {lab.Peers[0].Address}
              Port 2222
              User root
              HostKeyAlias peer1
            Host second
              HostName peer2
              User nobody
              HostKeyAlias peer2

            """ + lab.Primary.ReadText(Config) + "Host *\n  IdentityFile /root/.ssh/id_ed25519\n");
        lab.ConfigureNodes("first root@second:2222 peer3", "SSHKEY=/root/other");
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Contain(" * Updating configuration on root@second:2222\n"));
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
            Assert.That(peer.SshLogins(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task The_users_keys_and_screen_are_out_of_a_peers_reach_whatever_his_configuration_says()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        await lab.Primary.RunAsync("sh", "-c", "ssh-agent -a /root/agent >/dev/null && SSH_AUTH_SOCK=/root/agent ssh-add -q /root/.ssh/id_ed25519");
        lab.Primary.Write(Config, lab.Primary.ReadText(Config) +
            "\nHost *\n  ForwardAgent yes\n  ForwardX11 yes\n  ForwardX11Trusted yes\n  Tunnel ethernet\n  GSSAPIDelegateCredentials yes\n");
        await peer.ConfigureSshdAsync("X11Forwarding yes\nX11UseLocalhost yes\nPermitTunnel yes");
        lab.Configure("HEALTHCHECK='echo \"agent=$SSH_AUTH_SOCK display=$DISPLAY\" >/root/reached'");
        lab.WriteSite("new");
        var outcome = await lab.Primary.RunAsync(new Invocation("nginx-sync")
        {
            Environment = new Dictionary<string, string> { ["SSH_AUTH_SOCK"] = "/root/agent", ["DISPLAY"] = "127.0.0.1:7" },
        });
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Err, Is.Empty);
        Assert.That(peer.ReadText("/root/reached"), Is.EqualTo("agent= display=\n"));
    }

    [Test]
    public async Task An_ssh_that_is_not_there_is_named()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure("SSH=/no/ssh");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
        Assert.That(outcome.Err, Does.Contain("there is no program /no/ssh"));
    }
}
