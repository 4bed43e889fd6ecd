namespace ConfSync.SystemTests;

/// <summary><c>nginx-sync init</c> where nothing is set up: from a primary without a key and without known hosts to the first
/// push.</summary>
public sealed class InitTests
{
    private const string File = "/etc/nginx-sync.conf";

    [Test]
    public async Task From_nothing_to_a_first_push_where_nobody_can_be_asked()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        await ForgetAsync(lab);
        lab.Primary.Write("/etc/nginx/snippets/tls.conf", "# TLS\n");
        lab.Primary.Write("/srv/nginx/more.conf", "# elsewhere\n");
        lab.WriteSite("new", "include snippets/tls.conf; include /srv/nginx/*.conf;");
        _ = (await lab.Primary.RunAsync("nginx", "-s", "reload")).OutIfSuccessful;

        var asked = await InitAsync(lab, "--install-key");
        Assert.That(asked.ExitCode, Is.EqualTo(2), asked.ToString());
        Assert.That(asked.Out, Does.Contain($"{lab.Peers[0].Address} shows these host keys, which nobody has confirmed yet:").And.Contain(await FingerprintAsync(lab.Peers[0])));
        Assert.That(lab.Primary.ReadText("/root/.ssh/known_hosts"), Is.Empty, "nothing is trusted that nobody has confirmed");
        Assert.That(asked.Err, Does.Contain("the login does not work yet"));

        var outcome = await InitAsync(
            lab, "--overwrite", "--install-key", "--accept", await FingerprintAsync(lab.Peers[0]), "--accept", await FingerprintAsync(lab.Peers[1]));

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(lab.Primary.ReadText(File), Does.Contain($"NODES=\"{lab.Nodes}\"\nCONFPATHS=\"/etc/nginx/nginx.conf\n           /etc/nginx/conf.d\n           /etc/nginx/snippets\"\n"));
        Assert.That(lab.Primary.ReadText(File), Does.Contain("# Left out: /srv/nginx/more.conf (it is outside the configuration directory"));
        Assert.That(outcome.Out, Does.Contain("Making a key without a passphrase").And.Contain($"{lab.Peers[1].Address}: the login works").And.Contain($"Wrote {File}:"));
        Assert.That(outcome.Out, Does.Contain("Dry run: a push would update 2 of 2 nodes"));
        Assert.That(lab.Primary.Exists($"{File}.old"));
        Assert.That(lab.Peers[0].Exists("/etc/nginx/conf.d/site.conf"), Is.False, "no node is changed but for the key");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        Assert.That(await lab.Peers[1].SiteAsync(), Is.EqualTo("new"));

        // Nothing twice, and no file without a word.
        var keys = lab.Peers[0].ReadText("/root/.ssh/authorized_keys");
        var known = lab.Primary.ReadText("/root/.ssh/known_hosts");
        var again = await InitAsync(lab, "--install-key");
        Assert.That((again.ExitCode, again.Err), Is.EqualTo((1, $"nginx-sync: {File} is there already: name another one with -f, or replace it with --overwrite\n")));
        Assert.That((await InitAsync(lab, "--install-key", "--overwrite")).ExitCode, Is.Zero);
        Assert.That((lab.Peers[0].ReadText("/root/.ssh/authorized_keys"), lab.Primary.ReadText("/root/.ssh/known_hosts")), Is.EqualTo((keys, known)));
    }

    [Test]
    public async Task What_cannot_be_done_is_said_and_nothing_is_written()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await lab.Primary.RunAsync("rm", "-f", File);

        var none = await lab.NginxSyncAsync("init");
        Assert.That((none.ExitCode, none.Err), Is.EqualTo((1, "nginx-sync: no node was named: nginx-sync init NODE …\n")), none.ToString());
        var wrong = await lab.NginxSyncAsync("init", "web1", "web 2");
        Assert.That(wrong.ExitCode, Is.EqualTo(1), wrong.ToString());
        await lab.Primary.StopNginxAsync();
        var stopped = await lab.NginxSyncAsync("init", lab.Nodes);
        Assert.That(stopped.Err, Does.Contain("nginx does not run here, so that what it loads cannot be seen"));
        Assert.That(lab.Primary.Exists(File), Is.False);
    }

    private static Task<Outcome> InitAsync(Lab lab, params string[] more) => lab.Primary.RunAsync(
        new Invocation(["nginx-sync", "init", .. lab.Peers.Select(peer => peer.Address), .. more])
        {
            Environment = new Dictionary<string, string> { ["SSH_ASKPASS"] = "/usr/local/bin/say-password", ["SSH_ASKPASS_REQUIRE"] = "force" },
        });

    private static async Task<string> FingerprintAsync(Node node) =>
        (await node.RunAsync("ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key")).OutIfSuccessful.Split(' ')[1];

    // A primary as it is installed, and peers that let root in with a password.
    private static async Task ForgetAsync(Lab lab)
    {
        _ = (await lab.Primary.RunAsync("sh", "-ec", """
            rm -f /root/.ssh/id_ed25519* /root/.ssh/config
            echo '#NODES="as a package has it"' >/etc/nginx-sync.conf
            : >/root/.ssh/known_hosts
            printf '#!/bin/sh\necho secret\n' >/usr/local/bin/say-password; chmod 755 /usr/local/bin/say-password
            """)).OutIfSuccessful;
        foreach (var peer in lab.Peers)
        {
            _ = (await peer.RunAsync("sh", "-ec", "rm -f /root/.ssh/authorized_keys; sed -i \"s|^root:[^:]*:|root:$(openssl passwd -6 secret):|\" /etc/shadow")).OutIfSuccessful;
            await peer.ConfigureSshdAsync("PasswordAuthentication yes\nPermitRootLogin yes");
        }
    }
}
