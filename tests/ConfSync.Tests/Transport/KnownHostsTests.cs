using System.Security.Cryptography;
using System.Text;
using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>Which keys are known of a host. The system tests compare the same with ssh.</summary>
public sealed class KnownHostsTests
{
    private static readonly string Key = Encoded("ssh-ed25519", 1), Other = Encoded("ssh-ed25519", 2);

    [TestCase("host ssh-ed25519 KEY", true)]
    [TestCase("HOST ssh-ed25519 KEY comment words", true)]
    [TestCase("a,host,b ssh-ed25519 KEY", true)]
    [TestCase("  host\tssh-ed25519\tKEY\r", true)]
    [TestCase("HASH ssh-ed25519 KEY", true)]
    [TestCase("host ssh-ed25519 OTHER\nhost ssh-ed25519 KEY", true)]
    [TestCase("@revoked host ssh-ed25519 OTHER\nhost ssh-ed25519 KEY", true)]
    [TestCase("@cert-authority *.example ssh-ed25519 OTHER\nhost ssh-ed25519 KEY", true)]
    [TestCase("", false)]
    [TestCase("other ssh-ed25519 KEY", false)]
    [TestCase("host2 ssh-ed25519 KEY", false)]
    [TestCase("[host]:22 ssh-ed25519 KEY", false)]
    [TestCase("[host]:2222 ssh-ed25519 KEY", false)]
    [TestCase("* ssh-ed25519 KEY", false)]
    [TestCase("hos? ssh-ed25519 KEY", false)]
    [TestCase("host,!host ssh-ed25519 KEY", false)]
    [TestCase("#host ssh-ed25519 KEY", false)]
    [TestCase("host ssh-rsa KEY", false)]
    [TestCase("host ssh-ed25519 !KEY", false)]
    [TestCase("host ssh-ed25519", false)]
    [TestCase("|1|short ssh-ed25519 KEY", false)]
    [TestCase("@revoked host ssh-ed25519 KEY\nhost ssh-ed25519 KEY", false)]
    [TestCase("host ssh-ed25519 KEY\n@revoked * ssh-ed25519 KEY", false)]
    public void A_key_is_known_by_a_line_that_names_the_host_itself(string text, bool known)
    {
        var found = KnownHosts.Find(Filled(text, "host"), "host", 22, null, 1024, out var obstacle);

        Assert.That(obstacle, Is.Null);
        Assert.That(found.Any(key => Convert.ToBase64String(key.Key.Span) == Key), Is.EqualTo(known));
    }

    [TestCase("[host]:2222 ssh-ed25519 KEY", null, true)]
    [TestCase("HASH ssh-ed25519 KEY", null, true)]
    [TestCase("host ssh-ed25519 KEY", null, false)]
    [TestCase("alias ssh-ed25519 KEY", "alias", true)]
    [TestCase("[alias]:2222 ssh-ed25519 KEY", "alias", false)]
    [TestCase("[host]:2222 ssh-ed25519 KEY", "alias", false)]
    public void A_port_belongs_to_the_name_and_not_to_an_alias(string text, string? alias, bool known) => Assert.That(
        KnownHosts.Find(Filled(text, "[host]:2222"), "host", 2222, alias, 1024, out _), known ? Is.Not.Empty : Is.Empty);

    [TestCase("@cert-authority host ssh-ed25519 OTHER\nhost ssh-ed25519 KEY")]
    [TestCase("@cert-authority * ssh-ed25519 OTHER\nhost ssh-ed25519 KEY")]
    [TestCase("@cert-authority a,h*t ssh-ed25519 OTHER\nhost ssh-ed25519 KEY")]
    [TestCase("@new-marker x ssh-ed25519 OTHER\nhost ssh-ed25519 KEY")]
    public void What_only_ssh_understands_is_left_to_it(string text)
    {
        Assert.That(KnownHosts.Find(Filled(text, "host"), "host", 22, null, 1024, out var obstacle), Is.Empty);
        Assert.That(obstacle, Is.Not.Null);
    }

    [TestCase(1024, true)]
    [TestCase(2048, true)]
    [TestCase(2049, false)]
    public void An_rsa_key_has_the_bits_that_are_wanted(int least, bool known)
    {
        var key = Encoded("ssh-rsa", [1, 0, 1], [0, .. Enumerable.Repeat((byte)0xC1, 256)]);

        Assert.That(KnownHosts.Find($"host ssh-rsa {key}", "host", 22, null, least, out _), known ? Is.Not.Empty : Is.Empty);
    }

    private static string Filled(string text, string hashed)
    {
        byte[] salt = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];
#pragma warning disable CA5350 // It is the format of OpenSSH.
        var hash = HMACSHA1.HashData(salt, Encoding.ASCII.GetBytes(hashed));
#pragma warning restore CA5350
        return text.Replace("KEY", Key).Replace("OTHER", Other).Replace("HASH", $"|1|{Convert.ToBase64String(salt)}|{Convert.ToBase64String(hash)}");
    }

    private static string Encoded(string type, byte content) => Encoded(type, [.. Enumerable.Repeat(content, 32)]);

    private static string Encoded(string type, params byte[][] fields)
    {
        using var bytes = new MemoryStream();
        foreach (var field in fields.Prepend(Encoding.ASCII.GetBytes(type))) bytes.Write([0, 0, (byte)(field.Length >> 8), (byte)field.Length, .. field]);
        return Convert.ToBase64String(bytes.ToArray());
    }
}
