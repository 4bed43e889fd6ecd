using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests;

/// <summary>Which logins are made without ssh, and that this is said. The lab has the ssh_config that Debian ships.</summary>
public sealed class ChoiceTests
{
    private const string Config = "/root/.ssh/config";

    [TestCase("")]
    [TestCase("TRANSPORT=auto")]
    public async Task A_plain_node_is_logged_in_to_without_ssh_and_others_as_their_configuration_says(string line)
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Primary.Write(Config, $"Host {lab.Peers[1].Address}\n  ProxyJump {lab.Peers[0].Address}\nHost {lab.Peers[2].Address}\n  UserKnownHostsFile /root/known\n{lab.Primary.ReadText(Config)}");
        // A wildcard, which only ssh may take.
        lab.Primary.Write("/root/known", $"10.* {lab.Primary.ReadText("/root/.ssh/known_hosts").Split('\n').First(line => line.StartsWith($"{lab.Peers[2].Address},", StringComparison.Ordinal)).Split(' ', 2)[1]}\n");
        // An empty value is the default, whatever the transport of this test run.
        lab.Configure(line.Length == 0 ? "TRANSPORT=\"\"" : line);
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync("-r", "--timing");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
        string[] said = ["login in the process", "login by ssh: proxyjump", "login by ssh: no plain host key is known"];
        foreach (var (peer, words) in lab.Peers.Zip(said))
        {
            Assert.That(outcome.Out, Does.Contain($"\n{peer.Address}: {words}\n"));
            Assert.That(outcome.Out[outcome.Out.IndexOf("\nmilliseconds", StringComparison.Ordinal)..], Does.Contain($"\n  {words}\n"));
        }
    }

    [TestCase("TRANSPORT=ssh")]
    [TestCase("TRANSPORT=auto SSH=/usr/bin/ssh")]
    public async Task Otherwise_ssh_makes_all_logins(string lines)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure(lines.Split(' '));
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync("-r");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Not.Contain("login"));
    }

    [TestCase("", 1)]
    [TestCase("Host 10.*\n  User root\n", 3)]
    public async Task Ssh_is_asked_once_where_its_configuration_is_the_same_for_all(string configuration, int times)
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Primary.Write(Config, $"{configuration}{lab.Primary.ReadText(Config)}");
        lab.Primary.Write("/root/ssh", "#!/bin/sh\necho \"$1\" >>/root/asked\nexec /root/real-ssh \"$@\"\n");
        await lab.Primary.ShAsync("cp /usr/bin/ssh /root/real-ssh; chmod +x /root/ssh; mount --bind /root/ssh /usr/bin/ssh");
        lab.Configure("TRANSPORT=auto");
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync("-r");
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        foreach (var peer in lab.Peers) Assert.That(outcome.Out, Does.Contain($"\n{peer.Address}: login in the process\n"));
        Assert.That(lab.Primary.ReadText("/root/asked"), Is.EqualTo(string.Concat(Enumerable.Repeat("-G\n", times))));
    }
}
