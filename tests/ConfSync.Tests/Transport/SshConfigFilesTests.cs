using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>Whether one answer of <c>ssh -G</c> serves all hosts.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SshConfigFilesTests
{
    private const string User = "/root/.ssh/config", System = "/etc/ssh/ssh_config";

    private const string Debian = "Include /etc/ssh/ssh_config.d/*.conf\n\nHost *\n#   ForwardAgent no\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n    GSSAPIAuthentication yes\n";

    [TestCase("")]
    [TestCase("StrictHostKeyChecking yes\nUser root\nport=2222\n")]
    [TestCase("Host *\n  ControlMaster auto\n  ControlPath ~/.ssh/cm-%C\n")]
    [TestCase("host=*\n  KexAlgorithms curve25519-sha256\n")]
    [TestCase("Include more\n")]
    public void What_is_for_every_host_is_the_same(string text) =>
        Assert.That(AreSame((System, Debian), (User, text), ("/root/.ssh/more", "Host *\n  User deploy\n")), Is.True);

    [TestCase("Host a b\n  User deploy\n")]
    [TestCase("Host *.example.org\n  User deploy\n")]
    [TestCase("Host * !a\n  User deploy\n")]
    [TestCase("HOST a\n")]
    [TestCase("Match host a\n  User deploy\n")]
    [TestCase("Match all\n")]
    [TestCase("HostName %h.example.org\n")]
    [TestCase("IdentityFile ~/.ssh/%h\n")]
    [TestCase("CanonicalizeHostname yes\n")]
    [TestCase("ProxyJump bastion\n")]
    [TestCase("Include more\n")]
    [TestCase("Include /root/.ssh/mo*\n")]
    [TestCase("Include ~/.ssh/m?re\n")]
    [TestCase("Include \"~/.ssh/none\"\n")]
    [TestCase("Include conf.*/none\n")]
    [TestCase("Include ${HOME}/none\n")]
    public void What_may_differ_is_not(string text) =>
        Assert.That(AreSame((System, Debian), (User, text), ("/root/.ssh/more", "Host a\n  User deploy\n")), Is.False);

    [Test]
    public void The_system_has_included_files_too() =>
        Assert.That(AreSame((System, Debian), ("/etc/ssh/ssh_config.d/20-jump.conf", "Match exec true\n")), Is.False);

    [Test]
    public void A_file_that_includes_itself_ends() => Assert.That(AreSame((User, "Include config\n")), Is.False);

    [Test]
    public void Where_files_cannot_be_read_or_are_elsewhere_nothing_is_known()
    {
        Assert.That(AreSame(("/usr/etc/ssh/ssh_config", Debian)), Is.False);
        Assert.That(new SshConfigFiles(_ => throw new UnauthorizedAccessException(), _ => []).AreSameForAll("/root"), Is.False);
        Assert.That(new SshConfigFiles(_ => null, _ => []).AreSameForAll(home: null), Is.False);
        Assert.That(AreSame(), Is.True);
    }

    private static bool AreSame(params (string Path, string Text)[] files) => new SshConfigFiles(
        path => files.FirstOrDefault(file => file.Path == path).Text,
        directory => files.Select(file => file.Path).Where(path => path.StartsWith($"{directory}/", StringComparison.Ordinal)))
        .AreSameForAll("/root");
}
