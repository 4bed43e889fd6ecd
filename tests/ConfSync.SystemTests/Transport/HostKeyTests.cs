using System.Security.Cryptography;
using System.Text;
using ConfSync.Transport;

namespace ConfSync.SystemTests;

/// <summary>A login in this process accepts no host key that ssh would not accept.</summary>
public sealed class HostKeyTests
{
    private static readonly string[] Types = ["ed25519", "ecdsa", "rsa"];

    // A is the address, ED, EC and RSA are the host's keys, OTHER is a stranger's. The first group is accepted in this
    // process. The others are accepted by ssh or by none.
    private static readonly (string KnownHosts, string Options, bool Here)[] Cases =
    [
        ("A ED", "", true), ("A EC", "", true), ("A RSA", "", true), ("A ED\nA EC\nA RSA", "", true), ("x,A,y ED", "", true),
        ("HASHED ED", "", true), ("A OTHER\nA ED", "", true), ("@revoked A OTHER\nA ED", "", true), ("garbage\nA ED comment\n\n#A OTHER", "", true),
        ("[A]:2222 ED", "Port 2222", true), ("HASHEDPORT ED", "Port 2222", true), ("name ED", "HostKeyAlias name", true),
        ("name ED", "HostKeyAlias name\nPort 2222", true), ("@cert-authority *.example OTHER\nA ED", "", true), ("A ED", "HostKeyAlgorithms ssh-ed25519", true),
        ("A RSA", "HostKeyAlgorithms rsa-sha2-256", true), ("10.99.0.0 OTHER\nA ED", "StrictHostKeyChecking accept-new", true),
        ("", "", false), ("A OTHER", "", false), ("A OTHER", "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null", false), ("10.* ED", "", false), ("* ED", "", false),
        ("1?.* ED", "", false), ("A,!A ED", "", false), ("!A,* ED", "", false), ("[A]:2222 ED", "", false), ("[A]:22 ED", "", false), ("[A]:22 ED", "Port 2222", false),
        ("A ED", "Port 2222", false), ("[A]:2222 OTHER\nA ED", "Port 2222", false), ("[name]:2222 ED", "HostKeyAlias name\nPort 2222", false), ("A ED", "HostKeyAlias name", false),
        ("@revoked A ED\nA ED", "", false), ("A ED\n@revoked * ED", "", false), ("@revoked other ED\nA ED", "", false), ("@revoked A ED\nA ED\nA RSA", "HostKeyAlgorithms ssh-ed25519", false),
        ("@cert-authority A OTHER\nA ED", "", false), ("@cert-authority * ED", "", false), ("A ED", "HostKeyAlgorithms rsa-sha2-512", false), ("A OTHER\nA RSA", "HostKeyAlgorithms ssh-ed25519", false),
        ("A RSA", "RequiredRSASize 4096", false), ("A ED", "RevokedHostKeys DIR/revoked", false), ("A ED", "VerifyHostKeyDNS yes", false), ("A ED", "KnownHostsCommand /bin/true", false),
        ("A ED", "UserKnownHostsFile DIR/%h", false),
    ];

    [Test]
    public async Task What_is_accepted_in_this_process_is_accepted_by_ssh()
    {
        await using var lab = await TransportLab.StartAsync();
        var keys = await PrepareAsync(lab);
        List<string> wrong = [];
        foreach (var (text, options, here) in Cases)
        {
            var (inProcess, refused) = await TryAsync(lab, Way.InProcess, Filled(lab, keys, text), Filled(lab, keys, options));
            // Only what matters takes the time of another login.
            var ssh = !inProcess || await AcceptsAsync(lab, Way.Ssh);
            if (inProcess != here) wrong.Add($"{text} | {options}: in this process {inProcess}");
            if (!ssh) wrong.Add($"{text} | {options}: accepted in this process and not by ssh");
            // What ssh refuses must not have come through it either.
            if (!inProcess && refused != !await AcceptsAsync(lab, Way.Ssh)) wrong.Add($"{text} | {options}: another verdict than ssh's");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task A_changed_key_is_told_in_sshs_words()
    {
        await using var lab = await TransportLab.StartAsync();
        var keys = await PrepareAsync(lab);
        lab.Write("known_hosts", $"{lab.Peer.Address} {keys["OTHER"]}\n");
        lab.Configure();
        var transport = lab.To(Way.InProcess);
        await using var command = ((ConnectOutcome.Connected)await transport.ConnectAsync("true", default)).Command;
        var outcome = await TransportLab.FinishAsync(command);

        Assert.That(outcome.ExitCode, Is.EqualTo(255));
        Assert.That(outcome.Err, Does.Contain("REMOTE HOST IDENTIFICATION HAS CHANGED"));
        Assert.That(transport.Explain(outcome.Err, 255).Failure, Is.EqualTo(TransportFailure.HostKeyChanged));
        Assert.That(lab.Peer.SshLogins(), Is.Zero);
    }

    private static async Task<Dictionary<string, string>> PrepareAsync(TransportLab lab)
    {
        foreach (var type in Types)
        {
            await lab.Peer.RunAsync("sh", "-c", $"rm -f /etc/ssh/ssh_host_{type}_key*; ssh-keygen -q -t {type} -N '' -f /etc/ssh/ssh_host_{type}_key");
        }
        await lab.Peer.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/root/other");
        await lab.Peer.ConfigureSshdAsync("Port 22\nPort 2222\nHostKey /etc/ssh/ssh_host_ecdsa_key\nHostKey /etc/ssh/ssh_host_rsa_key");
        string Key(string path) => string.Join(' ', lab.Peer.ReadText(path).Split(' ')[..2]).Trim();
        lab.Write("revoked", $"{Key("/etc/ssh/ssh_host_ed25519_key.pub")}\n");
        return new Dictionary<string, string>
        {
            ["ED"] = Key("/etc/ssh/ssh_host_ed25519_key.pub"),
            ["EC"] = Key("/etc/ssh/ssh_host_ecdsa_key.pub"),
            ["RSA"] = Key("/etc/ssh/ssh_host_rsa_key.pub"),
            ["OTHER"] = Key("/root/other.pub"),
        };
    }

    private static string Filled(TransportLab lab, Dictionary<string, string> keys, string text)
    {
        text = text.Replace("DIR", lab.Directory, StringComparison.Ordinal)
            .Replace("HASHEDPORT", Hash($"[{lab.Peer.Address}]:2222"), StringComparison.Ordinal).Replace("HASHED", Hash(lab.Peer.Address), StringComparison.Ordinal);
        return string.Join('\n', text.Split('\n').Select(line => string.Join(' ', line.Split(' ').Select(word =>
            keys.GetValueOrDefault(word) ?? string.Join(',', word.Split(',').Select(name => name switch
            {
                "A" or "!A" or "[A]:22" or "[A]:2222" or "#A" => name.Replace("A", lab.Peer.Address, StringComparison.Ordinal),
                _ => name,
            }))))));
    }

    private static string Hash(string name)
    {
        var salt = RandomNumberGenerator.GetBytes(20);
#pragma warning disable CA5350 // It is the format of OpenSSH.
        return $"|1|{Convert.ToBase64String(salt)}|{Convert.ToBase64String(HMACSHA1.HashData(salt, Encoding.ASCII.GetBytes(name)))}";
#pragma warning restore CA5350
    }

    /// <returns>Whether the login was made in this process; whether no login was made at all.</returns>
    private static async Task<(bool InProcess, bool Refused)> TryAsync(TransportLab lab, Way way, string knownHosts, string options)
    {
        lab.Write("known_hosts", knownHosts + "\n");
        lab.Configure(options);
        var before = lab.Chosen.Count;
        var accepts = await AcceptsAsync(lab, way);
        return (accepts && lab.Chosen.Skip(before).All(reason => reason is null), !accepts);
    }

    private static async Task<bool> AcceptsAsync(TransportLab lab, Way way)
    {
        await using var command = ((ConnectOutcome.Connected)await lab.To(way).ConnectAsync("echo in", default)).Command;
        var outcome = await TransportLab.FinishAsync(command);
        // A key that ssh has learnt must not count in the next case.
        return outcome.Out == "in\n";
    }
}
