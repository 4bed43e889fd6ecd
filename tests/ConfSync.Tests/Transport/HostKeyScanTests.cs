using System.Diagnostics;
using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>What ssh-keyscan answers, beside what ssh-keygen says of the same keys.</summary>
public sealed class HostKeyScanTests
{
    [Test]
    public void A_fingerprint_is_the_one_that_ssh_keygen_shows()
    {
        var directory = Directory.CreateTempSubdirectory("keys").FullName;
        try
        {
            Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{directory}/key");
            var words = File.ReadAllText($"{directory}/key.pub").Split(' ');
            var shown = HostKeyScan.Parse($"# web1:22 SSH-2.0-OpenSSH\nweb1 {words[0]} {words[1]}\nweb1 ssh-rsa {words[1]}\ngarbage\n\n", alias: null);

            Assert.That(shown.Select(key => (key.Line, key.Type, key.Fingerprint)), Is.EqualTo(
                [($"web1 {words[0]} {words[1]}", "ssh-ed25519", Run("ssh-keygen", "-lf", $"{directory}/key.pub").Split(' ')[1])]));
            Assert.That(HostKeyScan.Parse($"[web1]:2222 {words[0]} {words[1]}", "alias").Single().Line, Does.StartWith("alias ssh-ed25519 "));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
