using ConfSync.Bytes;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>What the script tells a doctor, and what is read of it.</summary>
public sealed class CheckupTests
{
    [Test]
    public void A_configuration_is_read_from_its_facts()
    {
        var read = NginxConfiguration.Parse(
            [
                "file /etc/nginx/nginx.conf", "pid run/nginx.pid", "include conf.d/*.conf", "include /etc/nginx/conf.d/*.conf", "include \"../snippets/a b.conf\"",
                "load_module modules/ngx_http_geoip_module.so", "worker_connections 512", "file /etc/nginx/conf.d/a.conf",
                "ssl_certificate /etc/ssl/a.pem", "ssl_certificate 'ssl/b.pem'", "ssl_certificate data:x",
                "ssl_certificate /etc/ssl/$ssl_server_name.pem", "file /etc/nginx/conf.d/b.conf", "worker_rlimit_nofile 9999", "said nginx: [warn] words", "status 0",
            ],
            "/usr/share/nginx");

        Assert.That(read.Files, Is.EqualTo(["/etc/nginx/nginx.conf", "/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/b.conf"]));
        Assert.That(read.Includes, Is.EqualTo(["/etc/nginx/conf.d/*.conf", "/etc/snippets/a b.conf"]));
        Assert.That(read.Certificates, Is.EqualTo(["/etc/ssl/a.pem", "/etc/nginx/ssl/b.pem"]));
        Assert.That((read.PidFile, read.Connections, read.RaisesFileLimit, read.Said, read.Status),
            Is.EqualTo(("/usr/share/nginx/run/nginx.pid", 512, true, "nginx: [warn] words", 0)));
        Assert.That(read.Modules, Is.EqualTo(["modules/ngx_http_geoip_module.so"]));
    }

    [TestCase("/a//b/./c/", "/a/b/c")]
    [TestCase("/a/../b", "/b")]
    [TestCase("/../..", "/")]
    public void A_path_is_normalized(string path, string normalized) => Assert.That(PosixPath.Normalized(path), Is.EqualTo(normalized));

    [TestCase("/dev/sda1  41152736 1234 39000000  4% /", 39000000L << 10, "/")]
    [TestCase("tmpfs 100 0 100 0% /run/with blank", 100L << 10, "/run/with blank")]
    [TestCase("df: not found", null, null)]
    [TestCase("", null, null)]
    public void The_room_of_a_disk_is_read_from_df(string line, long? free, string? mount)
    {
        var reader = new CheckupReader();
        reader.Add(new Answer("text", ["disk", "1"], $"/etc/nginx\n/etc\nyes\n{line}\noverlay 0 0 0 - /"));
        var room = reader.Checkup.Disks.Single();
        Assert.That((room.FreeBytes, room.FreeInodes, room.Mount, room.IsWritable), Is.EqualTo((free, (long?)null, mount, true)));
    }

    [Test]
    public void An_answer_that_is_not_in_the_protocol_is_refused()
    {
        Assert.That(() => new CheckupReader().Add(new Answer("text", ["other", "1"], "")), Throws.TypeOf<ProtocolException>());
        Assert.That(() => new CheckupReader().Add(new Answer("text", ["master", "1"], "one")), Throws.TypeOf<FormatException>());
    }

    // The script on this machine: each shell says the same, and a private key does not leave it.
    [Test]
    public void Of_a_file_only_its_first_certificate_is_told(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        var directory = Directory.CreateTempSubdirectory("doctor").FullName;
        try
        {
            const string First = "-----BEGIN CERTIFICATE-----\nb25l\n-----END CERTIFICATE-----";
            File.WriteAllText($"{directory}/all.pem", $"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n{First}\n-----BEGIN CERTIFICATE-----\ndHdv\n-----END CERTIFICATE-----\n");
            File.WriteAllText($"{directory}/pid", "77\n");
            var said = RealShell.Ask(shell, ConversationMode.Doctor, $"certificate {directory}/all.pem", $"pid {directory}/pid", $"pid {directory}");
            Assert.That(said, Does.Contain($"text certificate {First.Length}\n{First}\nok certificate\n"));
            Assert.That(said, Does.Contain("ok certificate\nok pid 77\nok pid -\n"));
            Assert.That(said, Does.Not.Contain("c2VjcmV0").And.Not.Contain("dHdv"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test]
    public void The_script_tells_a_doctor_what_this_machine_has([ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        var said = RealShell.Ask(shell, ConversationMode.Doctor, "set nginx /nonexistent", "path /etc/passwd/below", "doctor");
        Assert.That(said, Does.Contain("\nlogin ").And.Contain("\n/etc/passwd/below\n/etc\nyes\n").And.Contain("\nno-program\n").And.Contain("\nok doctor\n"));
    }
}
