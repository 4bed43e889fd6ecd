using System.Text.RegularExpressions;
using ConfSync.SystemTests.Push;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Compare;

/// <summary>What -d and -w show of contents, and what they never show.</summary>
public sealed partial class DiffTests
{
    [Test]
    public async Task The_diffs_of_a_drifted_peer_are_as_diff_writes_them()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await DriftAsync(lab, peer);
        var logins = lab.Peers[0].SshLogins();

        var outcome = await CompareAsync(lab, "-d", "-C");

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(logins + 1), "contents come in the same session");
        foreach (var peer in lab.Peers)
        {
            Assert.That(Times().Replace(outcome.Out, "TIME"), Does.Contain($"""
                 * Comparing configs on master node and {peer.Name}:

                --- remote:/etc/nginx/conf.d/a.conf	TIME
                +++ local:/etc/nginx/conf.d/a.conf	TIME
                @@ -1,5 +1,5 @@
                 # one
                -# 2
                +# two
                 # three
                 # four
                -# five
                \ No newline at end of file
                +# five
                Only in remote:/etc/nginx/conf.d: extra
                --- remote:/etc/nginx/conf.d/extra/more.conf	TIME
                +++ local:/etc/nginx/conf.d/extra/more.conf	1970-01-01 00:00:00.000000000 +0000
                @@ -1 +0,0 @@
                -# more
                File local:/etc/nginx/conf.d/kind.conf is a regular file while
                """));
        }
    }

    [Test]
    public async Task Applied_to_the_remote_tree_the_diff_makes_it_the_local_one()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        Configure(lab, "POSTSYNC=\"/etc/nginx/conf.d/kind.conf|'s/kind/of this node/'\"");
        var peer = lab.Peers[0];
        peer.Write($"{Conf}/a.conf", "# other\r\n\t# \"text\" é\n# three");
        peer.Write($"{Conf}/a b.conf", "# only there\n");
        peer.Delete($"{Conf}/sub/deep.conf");

        foreach (var command in new[] { "patch -p1 --no-backup-if-mismatch", "git apply --unsafe-paths --whitespace=nowarn -p1" })
        {
            var diff = await CompareAsync(lab, "-d", "-c", "peer1");
            await peer.RunAsync("sh", "-c", "rm -rf /var/tmp/before; cp -a /etc/nginx /var/tmp/before");
            var applied = await peer.RunAsync(
                new Invocation("sh", "-c", $"cd / && {command}") { Input = System.Text.Encoding.UTF8.GetBytes(diff.Out) });
            Assert.That(applied.ExitCode, Is.Zero, $"{command}: {applied}\n{diff.Out}");
            var after = await CompareAsync(lab, "-C");
            Assert.That(after.Out, Does.Contain("peer1: no differences"), $"{command}: {after.Out}");
            Assert.That(peer.ReadText($"{Conf}/kind.conf"), Is.EqualTo("# of this node\n"), "what this node is to get");
            await peer.RunAsync("sh", "-c", "rm -rf /etc/nginx; mv /var/tmp/before /etc/nginx");
        }
    }

    [Test]
    public async Task Secrets_are_not_shown_nor_their_whole_digests()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        Configure(lab, "REDACT=\"internal.conf\"");
        string[] names = ["tls.key", "site.htpasswd", "internal.conf", "api_token", "bundle.conf", "plain.conf"];
        foreach (var name in names)
        {
            var pem = name == "bundle.conf" ? "-----BEGIN RSA PRIVATE KEY-----\n" : "";
            lab.Primary.Write($"{Conf}/{name}", $"{pem}# hereSECRET {name}\n");
            lab.Peers[0].Write($"{Conf}/{name}", $"# thereSECRET {name}\n");
            foreach (var node in new Node[] { lab.Primary, lab.Peers[0] })
            {
                if (name == "api_token") node.Files.SetMode($"{Conf}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        foreach (var flags in new[] { "-Cd", "-Cw" })
        {
            var outcome = await CompareAsync(lab, flags);
            var shown = outcome.Out.Split('\n').Where(line => line.Contains("SECRET", StringComparison.Ordinal)).ToList();
            Assert.That(shown, Is.Not.Empty.And.All.Contain("plain.conf"), "only what is no secret");
            foreach (var name in names.SkipLast(1))
            {
                Assert.That(outcome.Out, Does.Match($@"Files local:\S*/{name} and remote:\S*/{name} differ \(secret\b[^;]*; SHA-256 begins [0-9a-f]{{8}} here, [0-9a-f]{{8}} there\)\n"));
            }
            Assert.That(outcome.Out, Does.Not.Match("[0-9a-f]{10}"));
        }
    }

    [Test]
    public async Task What_not_everybody_may_read_and_what_looks_like_a_key_is_in_no_form_of_the_report()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var peer = lab.Peers[0];
        // By name, by the mode of one side, by the mode of the directory, by content.
        string[] names = ["global.pass", ".htdigest", "SERVER.KEY", "server.key.bak", "login.ppk", "jwk.json", "PRIVKEY.pem"];
        string[] modes = ["owner.inc", "group.inc", "there.inc", "closed/inside.inc"];
        var contents = new Dictionary<string, string>
        {
            ["a.inc"] = "\uFEFF  -----BEGIN OPENSSH PRIVATE KEY-----\r\n",
            ["b.inc"] = "PuTTY-User-Key-File-3: ssh-ed25519\n",
            ["c.inc"] = "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n",
            ["d.inc"] = "{\"kty\": \"EC\", \"d\": \"x\"}\n",
            ["e.inc"] = "AGE-SECRET-KEY-1QQ\n",
            ["users.inc"] = "anna:$apr1$aaaaaaaa$bbbbbbbbbbbbbbbbbbbbbb\n",
        };
        string[] secret = [.. names, .. modes, .. contents.Keys];
        foreach (var name in (string[])[.. secret, "plain.inc", "wanted.inc"])
        {
            lab.Primary.Write($"{Conf}/{name}", $"{contents.GetValueOrDefault(name)}# hereSECRET {name}\n");
            peer.Write($"{Conf}/{name}", $"# thereSECRET {name}\n");
            await peer.ShAsync($"chmod 0644 {Conf}/{name}");
        }
        lab.Primary.Files.SetMode($"{Conf}/owner.inc", OwnerOnly);
        lab.Primary.Files.SetMode($"{Conf}/group.inc", OwnerOnly | UnixFileMode.GroupRead);
        lab.Primary.Files.SetMode($"{Conf}/wanted.inc", OwnerOnly);
        peer.Files.SetMode($"{Conf}/there.inc", OwnerOnly | UnixFileMode.GroupRead);
        peer.Files.SetMode($"{Conf}/closed", OwnerOnly | UnixFileMode.UserExecute);
        // The same on both sides but for its mode: its digest is as good as it.
        foreach (var node in new Node[] { lab.Primary, peer }) node.Write($"{Conf}/pin.token", "1234\n");
        peer.Files.SetMode($"{Conf}/pin.token", OwnerOnly);

        foreach (var show in new[] { "", "wanted.inc a.inc global.pass" })
        {
            string[] expected = show.Length == 0 ? ["plain.inc"] : ["global.pass", "plain.inc", "wanted.inc"];
            Configure(lab, $"SHOW=\"{show}\"");
            foreach (var flags in new[] { "-Cd", "-Cw", "-Cd --output json", "-Cd --color always", "-C --report /tmp/page.html", "-C --output json" })
            {
                var outcome = await CompareAsync(lab, flags.Split(' '));
                Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
                var said = outcome.Out + (flags.Contains("report", StringComparison.Ordinal) ? lab.Primary.ReadText("/tmp/page.html") : "");
                var shown = ShownSecret().Matches(Markup().Replace(said, "")).Select(match => match.Groups[1].Value).Distinct().Order();
                Assert.That(shown, Is.EqualTo(flags == "-C --output json" ? [] : expected), $"{flags}, SHOW={show}\n{said}");
                Assert.That(said, Does.Not.Contain("a883dafc480d466ee04e0d6da986bd78eb1fdd2178d04693723da3a8f95d42f4"), "the digest of 1234");
                foreach (var name in secret) Assert.That(said, Does.Contain(name));
            }
        }
    }

    [Test]
    public async Task What_is_no_text_or_too_large_is_said_to_differ_with_its_sizes()
    {
        await using var lab = await StartPushedAsync(PeerKind.Alpine);
        Configure(lab, "DIFF_LIMIT=1000");
        void Both(string name, byte[] here, byte[] there)
        {
            lab.Primary.Write($"{Conf}/{name}", here);
            lab.Peers[0].Write($"{Conf}/{name}", there);
        }
        Both("binary", [1, 0, 2], [1, 0]);
        Both("latin1", [0x61, 0xE9], [0x61]);
        Both("large", new byte[1001], [0x61]);
        Both("escape", "\e[2J\n"u8.ToArray(), "x\n"u8.ToArray());

        var outcome = await CompareAsync(lab, "-d", "-C");

        foreach (var (name, why) in new[]
        {
            ("binary", "binary; 3 bytes here, 2 bytes there"), ("latin1", "not UTF-8; 2 bytes here, 1 bytes there"),
            ("large", "larger than DIFF_LIMIT; 1001 bytes here, 1 bytes there"),
            ("escape", "control characters, shown on a terminal only; 5 bytes here, 2 bytes there"),
        })
        {
            Assert.That(outcome.Out, Does.Contain($"Files local:{Conf}/{name} and remote:{Conf}/{name} differ ({why})\n"));
        }
        Assert.That(outcome.Out, Does.Not.Contain('\e').And.Not.Contain("@@"));
    }

    [Test]
    public async Task Colours_are_for_a_terminal_and_for_who_asks()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        lab.Peers[0].Write($"{Conf}/a.conf", "# other\n");
        async Task<string> OutAsync(string script, string noColor = "") => (await lab.Primary.RunAsync(
            new Invocation("sh", "-c", script)
            {
                Environment = new Dictionary<string, string> { ["NO_COLOR"] = noColor, ["TERM"] = "xterm" },
            })).Out;
        const string Red = "\e[31m-# other\e[m";

        Assert.That(await OutAsync("nginx-sync -Cd"), Does.Contain("-# other").And.Not.Contain('\e'));
        Assert.That(await OutAsync("nginx-sync -Cd --color always -l /tmp/log; ! grep -q '\\[31m' /tmp/log && echo plain log"),
            Does.Contain(Red).And.Contain("plain log"));
        Assert.That(await OutAsync("script -qec 'nginx-sync -Cd' /dev/null"), Does.Contain(Red));
        Assert.That(await OutAsync("script -qec 'nginx-sync -Cd' /dev/null", noColor: "1"), Does.Not.Contain("\e[31m"));
        Assert.That(await OutAsync("script -qec 'nginx-sync -Cd --color never' /dev/null"), Does.Not.Contain("\e[31m"));
    }

    [GeneratedRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\.[0-9]{9} \\+0000")]
    private static partial Regex Times();

    [GeneratedRegex("SECRET ([A-Za-z./]+)")]
    private static partial Regex ShownSecret();

    [GeneratedRegex("<[^>]*>|\\e\\[[0-9;]*m")]
    private static partial Regex Markup();
}
