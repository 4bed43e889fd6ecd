using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>What ssh, sudo and the like say, and what becomes of it.</summary>
public sealed class LoginFailureTests
{
    [TestCase("No ED25519 host key is known for 10.0.0.1 and you have requested strict checking.\nHost key verification failed.", TransportFailure.HostKeyUnknown)]
    [TestCase("root@a: Permission denied (publickey,password).", TransportFailure.Denied)]
    [TestCase("Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\nDisconnected from 10.0.0.1", TransportFailure.TooManyKeys)]
    [TestCase("Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa", TransportFailure.NoCommonAlgorithm)]
    [TestCase("ssh: Could not resolve hostname a: Name or service not known", TransportFailure.NameUnknown)]
    [TestCase("ssh: connect to host a port 22: Connection refused", TransportFailure.Refused)]
    [TestCase("ssh: connect to host a port 22: No route to host", TransportFailure.NoRoute)]
    [TestCase("ssh: connect to host a port 22: Connection timed out", TransportFailure.TimedOut)]
    [TestCase("Bad owner or permissions on /root/.ssh/config", TransportFailure.ConfigurationUnsafe)]
    [TestCase("sudo: sorry, you must have a tty to run sudo", TransportFailure.SudoTerminal)]
    [TestCase("deploy is not in the sudoers file.  This incident will be reported.", TransportFailure.SudoNotAllowed)]
    [TestCase("sh: 1: exec: sudo: not found", TransportFailure.SudoMissing)]
    [TestCase("kex_exchange_identification: Connection closed by remote host", TransportFailure.HungUp)]
    [TestCase("\"System is going down. Unprivileged users are not permitted to log in anymore.\"", TransportFailure.NoLogin)]
    [TestCase("something else", TransportFailure.Unknown)]
    public void Words_are_understood(string words, TransportFailure problem) =>
        Assert.That(LoginWords.Classify($"a banner\n{words}\n", 255).Problem, Is.EqualTo(problem));

    [Test]
    public void An_end_that_is_not_sshs_own_is_that_of_what_ran_there() =>
        Assert.That(LoginWords.Classify("bye", 3), Is.EqualTo((TransportFailure.EndedEarly, (string?)null)));

    [Test]
    public void Every_problem_has_advice_that_names_the_node()
    {
        _ = NodeAddress.TryParse("deploy@web1:2222", out var node, out _);
        var advice = new LoginAdvice(node!, "/usr/bin/ssh", "/root/it's mine");
        foreach (var problem in Enum.GetValues<TransportFailure>())
        {
            Assert.That(advice.Of(problem, "Permissions 0644 for '/root/key' are too open.", "/root/k"), Is.Not.Empty);
        }
        Assert.That(
            advice.Of(TransportFailure.Unknown, null, null),
            Does.EndWith(@": /usr/bin/ssh -o BatchMode=yes -i '/root/it'\''s mine' -p 2222 deploy@web1 true"));
        Assert.That(advice.Of(TransportFailure.HostKeyChanged, null, null), Does.Contain("ssh-keygen -R '[web1]:2222'"));
    }

    [Test]
    public void The_last_words_are_bounded_and_say_what_was_left_out()
    {
        var text = LastWords.Of(string.Concat(Enumerable.Range(1, 25).Select(i => $"line {i}\r\n\n")));
        Assert.That(text.Split('\n'), Has.Length.EqualTo(11));
        Assert.That(text, Does.StartWith("(15 lines before these are left out)\nline 16\n").And.EndWith("\nline 25"));
        Assert.That(LastWords.Of(new string('x', 10_000)), Has.Length.LessThan(500));
        Assert.That(LastWords.Without("a\nreason\nb", "reason"), Is.EqualTo("a\nb"));
    }

    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ==\n-----END OPENSSH PRIVATE KEY-----\n", false)]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0\n-----END OPENSSH PRIVATE KEY-----\n", true)]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", true)]
    [TestCase("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", true)]
    [TestCase("-----BEGIN PRIVATE KEY-----\n", false)]
    public void A_key_with_a_passphrase_is_known(string text, bool isLocked) =>
        Assert.That(PrivateKeys.IsLockedText(text), Is.EqualTo(isLocked));

    [Test]
    public void The_holder_of_a_lock_is_read_from_the_systems_list()
    {
        var file = new FileIdentity(0, true, 0xfe, 0, 11665629);
        Assert.That(LockHolder.ProcessIn("4: FLOCK  ADVISORY  WRITE 24143 fe:00:11665629 0 EOF", file), Is.EqualTo(24143));
        Assert.That(LockHolder.ProcessIn("4: -> FLOCK  ADVISORY  WRITE 20884 fe:00:11665629 0 EOF", file), Is.Zero);
        Assert.That(LockHolder.ProcessIn("4: POSIX  ADVISORY  WRITE 24143 fe:00:11665629 0 EOF", file), Is.Zero);
        Assert.That(LockHolder.ProcessIn("4: FLOCK  ADVISORY  WRITE 24143 fe:00:116 0 EOF", file), Is.Zero);
    }
}
