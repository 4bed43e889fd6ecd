using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ConfSync.SystemTests;

/// <summary>What <c>nginx-sync doctor</c> finds on real nodes, each wrong in another way, and that it changes nothing.</summary>
public sealed class DoctorTests
{
    [Test]
    public async Task Nodes_on_which_all_is_well_are_well_and_nothing_is_written()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian with { MayMount = false });
        lab.Configure();
        lab.WriteSite("one");
        _ = (await lab.NginxSyncAsync()).OutIfSuccessful;
        var before = await WrittenAsync(lab);

        var outcome = await lab.NginxSyncAsync("doctor");

        Assert.That((outcome.ExitCode, outcome.Err), Is.EqualTo((0, "")), outcome.ToString());
        Assert.That(outcome.Out, Does.EndWith("\nThis primary and 3 nodes looked at: all is well.\n"));
        foreach (var check in (string[])["name", "route", "port", "host-key", "login", "sudo", "tools", "disks", "lock", "clock", "nginx", "version", "modules", "files", "includes", "limits"])
        {
            Assert.That(outcome.Out.Split($"\nok    {check} "), Has.Length.GreaterThanOrEqualTo(4), check);
        }
        Assert.That(outcome.Out, Does.Contain("note  view          no private view is possible"), "the container");
        Assert.That((await lab.NginxSyncAsync("doctor", "-q")).ToString(), Is.EqualTo(new Outcome(0, "", "").ToString()));
        Assert.That(await WrittenAsync(lab), Is.EqualTo(before));
    }

    [Test]
    public async Task Each_thing_that_is_wrong_is_found_and_has_its_remedy()
    {
        await using var lab = await Lab.StartPeersAsync(6);
        var (certificates, stopped, files, refused, missing, unknown) = (lab.Peers[0], lab.Peers[1], lab.Peers[2], lab.Peers[3], lab.Peers[4], lab.Peers[5]);
        lab.Configure("EXCLUDE=\"default.conf absent.conf\"");
        await CertifyAsync(certificates);
        await stopped.StopNginxAsync();
        stopped.Write("/var/lib/nginx-sync/transaction/id", "0123456789abcdef\n");
        stopped.Write("/var/lib/nginx-sync/transaction/marks", "activate\n");
        files.Write("/etc/nginx/snippets/own.conf", "# this machine's own\n");
        files.Write("/etc/nginx/conf.d/own.conf", "include snippets/own.conf;\n");
        await files.RunAsync("sh", "-c", "echo 4 >/run/nginx.pid");
        await refused.RunAsync("sh", "-c", "kill $(cat /run/sshd.pid)");
        await missing.RunAsync("sh", "-c", "rm /usr/bin/tar /usr/bin/gzip");
        await lab.Primary.RunAsync("ssh-keygen", "-q", "-R", unknown.Address);

        var outcome = await lab.NginxSyncAsync("doctor", "--output", "json");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        using var document = JsonDocument.Parse(outcome.Out);
        var nodes = document.RootElement.GetProperty("nodes").EnumerateArray().ToList();
        Expect(nodes[0], "certificates", "certificate-expires", "warning", "/etc/nginx/ssl/soon.pem expires on");
        Expect(nodes[0], "certificates", "certificate-expires", "error", "/etc/nginx/ssl/late.pem expired on");
        Expect(nodes[1], "nginx", "nginx-stopped", "error", "nginx does not run");
        Expect(nodes[1], "lock", "push-unfinished", "warning", "transaction 0123456789abcdef was left at: activate");
        Expect(nodes[2], "files", "files-only-one-reads", "warning", "/etc/nginx/snippets/own.conf");
        Expect(nodes[2], "nginx", "pid-file-wrong", "warning", "the pid file /run/nginx.pid names process 4");
        Expect(nodes[2], "files", "drifted", "note", "1 path there is not as on this primary");
        Expect(nodes[3], "port", "not-reached", "error", "Connection refused");
        Expect(nodes[4], "tools", "tools-missing", "error", "tar");
        Expect(nodes[4], "tools", "tool-wanted", "note", "gzip");
        Expect(nodes[5], "host-key", "not-reached", "error", "ssh does not know this node's host key", "remedy");
        Assert.That(nodes[5].GetProperty("findings").EnumerateArray().Take(3).Select(Code), Is.All.EqualTo("passed"), "name, route and port are fine");
        Assert.That(document.RootElement.GetProperty("counts").GetProperty("notReached").GetInt32(), Is.EqualTo(2));
        Assert.That(Unfinished(stopped), Is.EqualTo("activate\n"), "nothing is undone");
    }

    [Test]
    public async Task A_key_of_another_certificate_and_a_pattern_that_matches_nothing_are_found()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure("REDACT=absent.conf", "SSHKEY=/root/.ssh/nope");
        lab.Primary.Write("/etc/nginx/conf.d/a b.conf", "# a name with a blank\n");
        await CertifyAsync(lab.Peers[0]);
        // nginx runs with the one that it read before.
        await lab.Peers[0].RunAsync("cp", "/etc/nginx/ssl/late.key", "/etc/nginx/ssl/soon.key");

        var outcome = await lab.NginxSyncAsync("doctor", "-q");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Out, Does.Contain("WARN  patterns      REDACT: pattern 'absent.conf' matches nothing"));
        Assert.That(outcome.Out, Does.Contain("WARN  login         SSHKEY: /root/.ssh/nope is not there").And.Contain("> correct SSHKEY in the configuration file"));
        Assert.That(outcome.Out, Does.Contain("FAIL  nginx         its configuration, as it is on the disk, does not pass nginx -t").And.Contain("key values mismatch"));
        Assert.That(outcome.Out, Does.Contain("> put the certificate and the key there that belong together"));
        Assert.That(outcome.Out, Does.Not.Contain("\nok "));
    }

    [Test]
    public async Task A_login_without_root_is_looked_at_through_sudo_and_without_it()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.Peers[1].Delete("/etc/sudoers.d/deploy");
        lab.Primary.Files.SetMode("/etc/nginx-sync.conf", (UnixFileMode)0b110_100_100);

        var sudo = await lab.Primary.RunAsync(new Invocation("nginx-sync", "doctor", "-q") { User = "deploy" });
        Assert.That(sudo.ExitCode, Is.EqualTo(2), sudo.ToString());
        Assert.That(sudo.Out, Does.Contain("FAIL  sudo          sudo: a password is required").And.Contain("> allow this login to use sudo there without a password"));
        Assert.That(sudo.Out, Does.Not.Contain($" * {lab.Peers[0].Address}"), "the other is well");

        var without = await lab.Primary.RunAsync(new Invocation("nginx-sync", "doctor", "-u", "--node", lab.Peers[0].Address) { User = "plain" });
        Assert.That(without.ExitCode, Is.EqualTo(2), without.ToString());
        Assert.That(without.Out, Does.Contain("work is done as user number 2002").And.Contain("FAIL  disks         nothing can be written to"));
    }

    [Test]
    public async Task What_keeps_the_primary_from_pushing_keeps_no_node_from_being_looked_at()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Primary.Configure($"NODES={lab.Nodes}", "CONFPATHS=\"/etc/nginx/nginx.conf /etc/nginx/none\"");

        var outcome = await lab.NginxSyncAsync("doctor");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Out, Does.Contain("FAIL  push          looking at the local files failed: /etc/nginx/none, named in CONFPATHS, does not exist on this machine"));
        Assert.That(outcome.Out, Does.Contain("note  files         1 file that nginx reads lie").Or.Contain("that nginx reads lie outside CONFPATHS"));
        Assert.That(outcome.Out, Does.Contain($" * {lab.Nodes}: all is well"));
    }

    // A server with one certificate that expires in ten days, and one with one that has expired.
    private static async Task CertifyAsync(Node node)
    {
        node.Write("/etc/nginx/conf.d/tls.conf", """
            server { listen 8443 ssl; ssl_certificate ssl/soon.pem; ssl_certificate_key ssl/soon.key; }
            # ssl_certificate /not/this;
            server {
              listen 8444 ssl;
              ssl_certificate_key /etc/nginx/ssl/late.key;   # before its certificate
              ssl_certificate "/etc/nginx/ssl/late.pem";
            }
            """);
        WriteCertificate(node, "soon", 10);
        WriteCertificate(node, "late", -1);
        _ = (await node.RunAsync("nginx", "-s", "reload")).OutIfSuccessful;
    }

    private static void WriteCertificate(Node node, string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-90), DateTimeOffset.UtcNow.AddDays(days));
        node.Write($"/etc/nginx/ssl/{name}.pem", certificate.ExportCertificatePem() + "\n");
        node.Write($"/etc/nginx/ssl/{name}.key", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static string Unfinished(Node node) => node.ReadText("/var/lib/nginx-sync/transaction/marks");

    private static string? Code(JsonElement finding) => finding.GetProperty("code").GetString();

    private static void Expect(JsonElement node, string check, string code, string severity, string message, string said = "message")
    {
        var found = node.GetProperty("findings").EnumerateArray().Select(finding =>
            $"{finding.GetProperty("check")} {Code(finding)} {finding.GetProperty("severity")} {(finding.TryGetProperty(said, out var words) ? words : default)}");
        Assert.That(found, Has.Some.StartsWith($"{check} {code} {severity} ").And.Contains(message), node.ToString());
    }

    private static async Task<List<string>> WrittenAsync(Lab lab)
    {
        var written = new List<string>();
        foreach (var node in lab.Peers.Prepend<Node>(lab.Primary))
        {
            written.AddRange((await node.Files.WrittenAsync()).Where(line => !line.StartsWith("/var/log/sshd.log ", StringComparison.Ordinal)).Select(line => $"{node.Name} {line}"));
        }
        return written;
    }
}
