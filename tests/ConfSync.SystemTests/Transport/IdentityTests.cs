using ConfSync.Transport;

namespace ConfSync.SystemTests;

/// <summary>Which of the user's keys a login in this process offers, and what is left to ssh.</summary>
public sealed class IdentityTests
{
    [TestCase("-t ed25519")]
    [TestCase("-t ecdsa -b 256")]
    [TestCase("-t ecdsa -b 521")]
    [TestCase("-t rsa -b 3072")]
    [TestCase("-t rsa -b 2048 -m PEM")]
    [TestCase("-t rsa -b 2048 -m PKCS8")]
    public async Task A_key_without_a_passphrase_logs_in_and_never_signs_with_sha1(string options)
    {
        await using var lab = await TransportLab.StartAsync();
        await NewKeyAsync(lab, "other", options);
        lab.Peer.Write("/root/.ssh/authorized_keys", File.ReadAllText(Path.Combine(lab.Directory, "other.pub")));
        lab.Configure($"IdentityFile {lab.Directory}/other");
        Assert.That((await lab.RunAsync(Way.InProcess, "echo in")).Out, Is.EqualTo("in\n"));
        Assert.That(lab.Peer.SshLogins(), Is.EqualTo(1));
    }

    [TestCase("ed25519")]
    [TestCase("rsa")]
    public async Task A_certificate_logs_in(string type)
    {
        await using var lab = await TransportLab.StartAsync();
        await NewKeyAsync(lab, "ca", "-t ed25519");
        await NewKeyAsync(lab, "other", $"-t {type}");
        await HostAsync($"ssh-keygen -q -s {lab.Directory}/ca -I test -n root {lab.Directory}/other.pub");
        lab.Peer.Write("/root/.ssh/authorized_keys", $"cert-authority {File.ReadAllText(Path.Combine(lab.Directory, "ca.pub"))}");
        lab.Configure($"IdentityFile {lab.Directory}/other");
        Assert.That((await lab.RunAsync(Way.InProcess, "echo in")).Out, Is.EqualTo("in\n"));
        Assert.That(lab.Peer.ReadText("/var/log/sshd.log"), Does.Contain($"{type.ToUpperInvariant()}-CERT"));
    }

    [TestCase("ed25519")]
    [TestCase("rsa")]
    [TestCase("ecdsa")]
    public async Task The_agent_signs_for_a_key_whose_passphrase_is_not_known_here(string type)
    {
        await using var lab = await TransportLab.StartAsync();
        await NewKeyAsync(lab, "other", $"-t {type}");
        lab.Peer.Write("/root/.ssh/authorized_keys", File.ReadAllText(Path.Combine(lab.Directory, "other.pub")));
        await using var agent = Running.Start("ssh-agent", ["-D", "-a", $"{lab.Directory}/agent"]);
        await Eventually.TrueAsync(() => File.Exists($"{lab.Directory}/agent"), "the agent listens");
        await HostAsync($"SSH_AUTH_SOCK={lab.Directory}/agent ssh-add -q {lab.Directory}/other && ssh-keygen -q -p -P '' -N secret -f {lab.Directory}/other");
        lab.Configure($"IdentityFile {lab.Directory}/other\nIdentityAgent {lab.Directory}/agent");
        Assert.That((await lab.RunAsync(Way.InProcess, "echo in")).Out, Is.EqualTo("in\n"));
    }

    [Test]
    public async Task A_key_that_others_can_read_is_refused_in_sshs_words()
    {
        await using var lab = await TransportLab.StartAsync();
        File.SetUnixFileMode($"{lab.Directory}/key", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var (outcome, failure) = await RefusedAsync(lab);
        Assert.That(outcome.Err, Does.Contain("UNPROTECTED PRIVATE KEY FILE"));
        Assert.That(failure.Failure, Is.EqualTo(TransportFailure.KeyUnprotected));
        Assert.That(lab.Chosen, Is.EqualTo([$"others can read {lab.Directory}/key"]));
    }

    [Test]
    public async Task A_key_that_the_server_does_not_know_is_refused_in_sshs_words_and_only_once_more()
    {
        await using var lab = await TransportLab.StartAsync();
        lab.Peer.Write("/root/.ssh/authorized_keys", "");
        var (outcome, failure) = await RefusedAsync(lab);
        Assert.That(outcome.Err, Does.Contain("Permission denied (publickey)"));
        Assert.That(failure.Failure, Is.EqualTo(TransportFailure.Denied));
        Assert.That(lab.Chosen, Is.EqualTo([null, LoginWay.Refused]));
    }

    [Test]
    public async Task What_was_written_before_a_refusal_reaches_ssh_complete_and_in_order()
    {
        await using var lab = await TransportLab.StartAsync();
        // The plan is made with a stranger's key. ssh, which begins after the key exchange, finds the right one.
        await NewKeyAsync(lab, "other", "-t ed25519");
        lab.Write("known_hosts", $"{lab.Peer.Address} {File.ReadAllText(Path.Combine(lab.Directory, "other.pub"))}\n");
        lab.Configure();
        var data = new byte[900_000];
        Random.Shared.NextBytes(data);
        var transport = lab.To(Way.InProcess);
        await using var command = ((ConnectOutcome.Connected)await transport.ConnectAsync("exec sha256sum", default)).Command;
        lab.Write("known_hosts", $"{lab.Peer.Address} {lab.HostKey}\n");
        var outcome = await TransportLab.FinishAsync(command, data);
        Assert.That(outcome.Out, Is.EqualTo($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data))}  -\n"), outcome.ToString());
        Assert.That(lab.Chosen, Is.EqualTo([null, LoginWay.Refused]));
    }

    private static async Task<(Outcome Outcome, LoginFailure Failure)> RefusedAsync(TransportLab lab)
    {
        var transport = lab.To(Way.InProcess);
        await using var command = ((ConnectOutcome.Connected)await transport.ConnectAsync("true", default)).Command;
        var outcome = await TransportLab.FinishAsync(command, new byte[1000]);
        Assert.That(outcome.ExitCode, Is.EqualTo(255), outcome.ToString());
        Assert.That(lab.Peer.SshLogins(), Is.Zero);
        return (outcome, transport.Explain(outcome.Err, outcome.ExitCode));
    }

    private static Task NewKeyAsync(TransportLab lab, string name, string options) =>
        HostAsync($"ssh-keygen -q {options} -N '' -f {lab.Directory}/{name}");

    private static async Task HostAsync(string command)
    {
        await using var shell = Running.Start("/bin/sh", ["-c", command]);
        _ = (await shell.WaitAsync()).OutIfSuccessful;
    }
}
