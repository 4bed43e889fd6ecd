using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>What the answer of <c>ssh -G</c> means for a login in this process.</summary>
public sealed class SshSettingsTests
{
    // Debian's ssh with the configuration that it ships, shortened where values do not matter.
    private const string Debian = """
        host peer
        user root
        hostname 192.0.2.1
        port 22
        addressfamily any
        batchmode yes
        canonicalizefallbacklocal yes
        canonicalizehostname false
        checkhostip no
        compression no
        controlmaster false
        gssapiauthentication yes
        hashknownhosts yes
        hostbasedauthentication no
        identitiesonly no
        pubkeyauthentication true
        stricthostkeychecking ask
        tunnel false
        verifyhostkeydns false
        updatehostkeys true
        connectionattempts 1
        requiredrsasize 1024
        ciphers chacha20-poly1305@openssh.com,aes128-ctr
        kexalgorithms sntrup761x25519-sha512,curve25519-sha256,diffie-hellman-group14-sha256
        macs umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha1
        hostkeyalgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,rsa-sha2-512,rsa-sha2-256
        loglevel INFO
        identityfile ~/.ssh/id_rsa
        identityfile ~/.ssh/id_ed25519
        globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2
        userknownhostsfile /root/.ssh/known_hosts /root/.ssh/known_hosts2
        sendenv LANG
        sendenv LC_*
        connecttimeout 10
        ipqos lowdelay throughput
        rekeylimit 0 0

        """;

    [Test]
    public void Debians_own_configuration_needs_no_ssh()
    {
        var settings = SshSettings.Parse(Debian);

        Assert.That(settings.Obstacle, Is.Null);
        Assert.That((settings.HostName, settings.Port, settings.User), Is.EqualTo(("192.0.2.1", 22, "root")));
        Assert.That(settings.KnownHostsFiles, Is.EqualTo(
            ["/root/.ssh/known_hosts", "/root/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]));
        Assert.That(settings.IdentityFiles, Is.EqualTo(["~/.ssh/id_rsa", "~/.ssh/id_ed25519"]));
        Assert.That((settings.IdentitiesOnly, settings.ShowsBanner, settings.AllowsKeys), Is.EqualTo((false, true, true)));
    }

    [TestCase("proxyjump bastion")]
    [TestCase("proxycommand nc %h %p")]
    [TestCase("bindaddress 192.0.2.7")]
    [TestCase("bindinterface eth0")]
    [TestCase("pkcs11provider /usr/lib/opensc.so")]
    [TestCase("knownhostscommand /usr/bin/known")]
    [TestCase("revokedhostkeys /etc/ssh/revoked")]
    [TestCase("verifyhostkeydns true")]
    [TestCase("checkhostip yes")]
    [TestCase("compression yes")]
    [TestCase("hostbasedauthentication yes")]
    [TestCase("pubkeyauthentication false")]
    [TestCase("canonicalizehostname true")]
    [TestCase("connectionattempts 3")]
    [TestCase("rekeylimit 1048576 0")]
    [TestCase("a-keyword-of-a-later-version yes")]
    public void What_only_ssh_can_do_is_named(string line)
    {
        var keyword = line.Split(' ')[0];
        var others = string.Join('\n', Debian.Split('\n').Where(other => !other.StartsWith($"{keyword} ", StringComparison.Ordinal)));

        Assert.That(SshSettings.Parse($"{others}{line}\n").Obstacle, Is.EqualTo(keyword));
    }

    [TestCase("", true)]
    [TestCase("proxyjump none\n", true)]
    [TestCase("proxyjump bastion\n", false)]
    [TestCase("proxycommand nc %h %p\n", false)]
    public void A_proxy_is_between_the_machines(string line, bool isDirect) => Assert.That(SshSettings.Parse($"{Debian}{line}").IsDirect, Is.EqualTo(isDirect));

    [Test]
    public void What_is_said_of_every_host_holds_for_another()
    {
        var other = SshSettings.Parse(Debian).Of("Peer2.example.org");

        Assert.That((other.HostName, other.Port, other.User, other.Obstacle), Is.EqualTo(("peer2.example.org", 22, "root", default(string))));
    }

    [TestCase("proxyjump none")]
    [TestCase("pkcs11provider none")]
    [TestCase("dynamicforward 1080")]
    [TestCase("remotecommand htop")]
    public void What_has_no_effect_here_needs_no_ssh(string line) => Assert.That(SshSettings.Parse($"{Debian}{line}\n").Obstacle, Is.Null);

    [Test]
    public void Weak_algorithms_are_not_offered_and_the_order_is_the_users()
    {
        var settings = SshSettings.Parse(Debian);
        var algorithms = SshAlgorithms.Of(settings.KeyExchanges, settings.HostKeyAlgorithms, settings.Ciphers, settings.Macs, ["ssh-rsa"]);

        Assert.That(algorithms.KeyExchanges, Is.EqualTo(["sntrup761x25519-sha512", "curve25519-sha256"]));
        Assert.That(algorithms.HostKeys, Is.EqualTo(["rsa-sha2-512", "rsa-sha2-256"]));
        Assert.That(algorithms.Ciphers, Is.EqualTo(["chacha20-poly1305@openssh.com", "aes128-ctr"]));
        Assert.That(algorithms.Macs, Is.EqualTo(["hmac-sha2-256-etm@openssh.com"]));
        Assert.That(algorithms.IsIncomplete, Is.False);
        Assert.That(SshAlgorithms.Of(["diffie-hellman-group1-sha1"], ["ssh-rsa"], ["3des-cbc"], ["hmac-md5"], ["ssh-rsa"]).IsIncomplete, Is.True);
    }

    [Test]
    public void The_environment_is_sent_as_the_configuration_says()
    {
        KeyValuePair<string, string>[] own = [new("LANG", "C.UTF-8"), new("LC_ALL", "C"), new("TERM", "vt100"), new("LC_TIME", "de")];
        var sent = SshSettings.Parse($"{Debian}setenv LC_ALL=fr EXTRA=x\n").Environment(own);

        Assert.That(sent.Select(pair => $"{pair.Key}={pair.Value}"), Is.EqualTo(["LC_ALL=fr EXTRA=x", "LANG=C.UTF-8", "LC_TIME=de"]));
    }
}
