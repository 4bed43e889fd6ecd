using System.Text;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

public class SecretsTests
{
    private const string Root = "/etc/x";

    private static readonly IReadOnlySet<string> NothingClosed = new HashSet<string>();

    [TestCase("global.pass", "GLOBAL.PASS", ".htdigest", "users.htdigest", ".htpasswd", "site.htpasswd.old", "SERVER.KEY", "server.key.bak",
        "server.key~", "server.key.2024", "privkey.pem", "privkey1.pem", "key.pem", "site-key.pem", "a.keystore", "session_ticket.key", "tickets.keys")]
    [TestCase("login.ppk", "a.P12", "a.pfx", "a.pfx.old", "trust.jks", "store.kdbx", "store.kdb", "http.keytab", "jwk.json", "JWKS.json",
        "my-jwk-set.json", "id_rsa", "id_ed25519.old", "ID_ECDSA", "ssh_host_rsa_key", "api_key", "apikey.conf", "api-keys.conf")]
    [TestCase("secret.conf", "client_secret", "token", "api-token.inc", "credentials.json", "passwd", "passwords.txt", ".passwords", "tls.passphrase",
        ".env", ".env.production", ".netrc", ".pgpass", ".my.cnf", "shadow", "gshadow-", "db.pwd")]
    [TestCase("private/a.conf", "secrets/a.conf", "keys/a.conf", ".ssh/config", "a.key/of/a/directory")]
    public void A_name_makes_a_file_secret_whatever_its_case(params string[] names)
    {
        foreach (var name in names) Assert.That(Of(File(name)), Is.EqualTo(Secrecy.Name), name);
    }

    [TestCase("nginx.conf", "mime.types", "site.conf", "default", "server.crt", "fullchain.pem", "dhparam.pem", "keepalive.conf", "turkey.conf",
        "monkeys.conf", "compass.conf", "bypass.inc", "sub/keycdn.conf")]
    public void Ordinary_files_are_none(params string[] names)
    {
        foreach (var name in names) Assert.That(Of(File(name)), Is.EqualTo(Secrecy.None), name);
    }

    [Test]
    public void What_not_everybody_may_read_on_one_side_is_secret()
    {
        var open = File("a.conf");
        foreach (var mode in new[] { 0x180, 0x1A0, 0x1B0, 0x100, 0 }) // 0600, 0640, 0660, 0400, 0000
        {
            var kept = open with { Mode = mode };
            Assert.That(Of(kept), Is.EqualTo(Secrecy.Mode));
            Assert.That(Of(open, kept), Is.EqualTo(Secrecy.Mode));
            Assert.That(Of(kept, open), Is.EqualTo(Secrecy.Mode));
        }
        Assert.That(Of(open, open with { Mode = 0x1A4 }), Is.EqualTo(Secrecy.None));
        Assert.That(Of(File("sub/a.conf"), closed: [Root + "/sub"]), Is.EqualTo(Secrecy.Mode), "by the directory that holds it");
        Assert.That(Of(File("sub/a.conf"), closed: ["/etc"]), Is.EqualTo(Secrecy.Mode), "by one above CONFPATHS");
        Assert.That(Secrets.Closed([SampleTrees.Directory("/a", 0x1E8), SampleTrees.Directory("/b", 0x1ED), File("c")]).Single(), Is.EqualTo("/a"));
    }

    [Test]
    public void Show_frees_what_is_secret_by_its_name_or_mode_and_redact_has_the_last_word()
    {
        var config = new SyncConfig("") { ConfPaths = [Root], Show = ["*.pass", "a.conf", "both"], Redact = ["both"] };
        var (entries, shown) = new Secrets(config).Mark(
            [Entry(File("x.pass")), Entry(File("a.conf") with { Mode = 0x180 }), Entry(File("both")), Entry(File("y.key"))], SampleTrees.Of(), NothingClosed);
        Assert.That(entries.Select(entry => entry.Secrecy), Is.EqualTo(
            new[] { Secrecy.None, Secrecy.None, Secrecy.Redacted, Secrecy.Name }));
        Assert.That(shown, Does.Contain(Root + "/x.pass").And.Not.Contain(Root + "/y.key"));
    }

    [TestCase("-----BEGIN RSA PRIVATE KEY-----\n")]
    [TestCase("-----BEGIN PRIVATE KEY-----")]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----\r\n")]
    [TestCase("-----BEGIN PGP PRIVATE KEY BLOCK-----\n")]
    [TestCase("-----begin encrypted private key-----\n")]
    [TestCase("-----BEGIN Any Label 2 PRIVATE KEY-----\n")]
    [TestCase("\uFEFF-----BEGIN EC PRIVATE KEY-----\n")]
    [TestCase("# text before\n\t  -----BEGIN EC PRIVATE KEY-----\n")]
    [TestCase("\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIE\"")]
    [TestCase("tls.key: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF\n")]
    [TestCase("tls.key: LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K\n")]
    [TestCase("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n")]
    [TestCase("SSH PRIVATE KEY FILE FORMAT 1.1\n")]
    [TestCase("PuTTY-User-Key-File-3: ssh-ed25519\r\n")]
    [TestCase("# created: 2024\nAGE-SECRET-KEY-1QQQ\n")]
    [TestCase("[Interface]\nPrivateKey = QJ1jK1o2nP2G5e8zqVxJ0u3o9yQm3p7Y0m8a3yN5oXk=\n")]
    [TestCase("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"a\",\"y\":\"b\",\"d\":\"c\"}")]
    [TestCase("{ \"d\" : \"c\", \"kty\" : \"RSA\" }")]
    [TestCase("{\"keys\":[{\"kty\":\"oct\",\"k\":\"c\"}]}")]
    public void A_private_key_is_told_by_its_content(string text)
    {
        Assert.That(Kind(Encoding.UTF8.GetBytes(text)), Is.EqualTo(ContentDiffKind.Secret));
        Assert.That(Kind(Encoding.Unicode.GetBytes(text)), Is.EqualTo(ContentDiffKind.Secret), "in UTF-16");
        Assert.That(Kind(Encoding.UTF8.GetBytes(text), shown: true), Is.EqualTo(ContentDiffKind.Secret), "SHOW does not free it");
    }

    [TestCase("anna:$apr1$aaaaaaaa$bbbbbbbbbbbbbbbbbbbbbb\n")]
    [TestCase("# users\r\nanna:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\r\n")]
    [TestCase("anna:{PLAIN}x")]
    [TestCase("anna:$2y$05$abcdefghijklmnopqrstuv\n")]
    [TestCase("anna:$argon2id$v=19$m=65536\n")]
    [TestCase("anna:the realm:0123456789abcdef0123456789abcdef\n")]
    public void Passwords_are_told_by_their_lines_and_show_frees_them(string text)
    {
        Assert.That(Kind(Encoding.UTF8.GetBytes(text)), Is.EqualTo(ContentDiffKind.Secret));
        Assert.That(Kind(Encoding.UTF8.GetBytes(text), shown: true), Is.EqualTo(ContentDiffKind.Text));
    }

    [TestCase("server { listen 80; set $x \"a:b:c\"; return 200 'http://$host:80/$uri'; }\n")]
    [TestCase("-----BEGIN CERTIFICATE-----\nMIIE\n")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nMIIE\n")]
    [TestCase("ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUU=\n")]
    [TestCase("ssl_certificate_key /etc/ssl/private/x.key; # our private key\n")]
    [TestCase("map $http_x $y { default 1; ~^a:$b$ 2; }\n")]
    public void Ordinary_text_is_shown(string text) => Assert.That(Kind(Encoding.UTF8.GetBytes(text)), Is.EqualTo(ContentDiffKind.Text));

    [TestCase("    user ada password $6$abc/def", "    user ada password [secret]")]
    [TestCase("user ada insecure-password pass word", "user ada insecure-password [secret] word")]
    [TestCase("\tstats auth admin:pa:ss", "\tstats auth admin:[secret]")]
    [TestCase("        auth_pass s3cret", "        auth_pass [secret]")]
    [TestCase("secure_link_secret word;", "secure_link_secret [secret];")]
    [TestCase("proxy_set_header Authorization \"Basic dXNlcjpwYXNz\";", "proxy_set_header Authorization \"Basic [secret]\";")]
    [TestCase("location / { proxy_set_header Authorization 'Bearer abc'; }", "location / { proxy_set_header Authorization 'Bearer [secret]'; }")]
    [TestCase("http-request set-header Authorization Basic\\ dXNlcjpwYXNz if x", "http-request set-header Authorization Basic\\ [secret] if x")]
    [TestCase("proxy_set_header X-Api-Key abc;", "proxy_set_header X-Api-Key [secret];")]
    [TestCase("add_header x-auth-token \"a b\";", "add_header x-auth-token \"[secret]\";")]
    public void A_password_in_a_line_is_masked_and_show_frees_it(string line, string masked)
    {
        Assert.That(Lines(line, ""), Is.EqualTo([masked]));
        Assert.That(Lines($"{line}\nold\n", $"{line}\nnew\n"), Is.EqualTo([masked, "old", "new"]), "in the context");
        Assert.That(Lines("", line), Is.EqualTo([masked.Replace("[secret]", "[new secret]")]));
        Assert.That(Lines(line, "", shown: true), Is.EqualTo([line]));
    }

    [Test]
    public void A_new_password_is_told_from_the_old_one() =>
        Assert.That(Lines("auth_pass one\n", "auth_pass two\n"), Is.EqualTo(["auth_pass [secret]", "auth_pass [new secret]"]));

    [TestCase("user www-data;")]
    [TestCase("stats auth")]
    [TestCase("proxy_set_header Authorization $http_authorization;")]
    [TestCase("proxy_set_header Authorization \"\";")]
    [TestCase("http-request set-header Authorization %[var(txn.auth)]")]
    [TestCase("proxy_set_header X-Token $token;")]
    [TestCase("ssl_password_file /etc/ssl/global.pass;")]
    [TestCase("# the header Authorization is passed on")]
    public void A_line_without_a_password_is_shown(string line) => Assert.That(Lines(line, ""), Is.EqualTo([line]));

    private static IEnumerable<string> Lines(string remote, string local, bool shown = false) =>
        Contents.Diff(Encoding.UTF8.GetBytes(remote), Encoding.UTF8.GetBytes(local), shown).Hunks.SelectMany(hunk => hunk.Lines).Select(line => line.Text);

    private static ContentDiffKind Kind(byte[] content, bool shown = false)
    {
        var here = Contents.Diff(content, default, shown).Kind;
        Assert.That(Contents.Diff("x\n"u8.ToArray(), content, shown).Kind, Is.EqualTo(here), "one side is enough");
        return here;
    }

    private static Secrecy Of(Entry? local, Entry? remote = null, string[]? closed = null) =>
        new Secrets(new SyncConfig("") { ConfPaths = [Root] })
            .Mark([new ComparedEntry(local, remote)], SampleTrees.Of(), closed?.ToHashSet() ?? NothingClosed).Entries[0].Secrecy;

    private static ComparedEntry Entry(Entry local) => new(local, null);

    private static Entry File(string name) => SampleTrees.File($"{Root}/{name}", "x");
}
