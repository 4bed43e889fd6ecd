using System.Text.RegularExpressions;
using static ConfSync.SystemTests.Compare.DriftLab;

namespace ConfSync.SystemTests.Push;

/// <summary>What -d shows of a push and a dry run: what changes in each file, and of secrets only that they do.</summary>
public sealed partial class DiffedPushTests
{
    [Test]
    public async Task A_dry_run_and_then_the_push_show_what_changes_and_no_secret()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.Write($"{Conf}/a.conf", "# one\n# two\n# 3\n# four\n# five\n");
        lab.Primary.Write($"{Conf}/server.key", "SECRET\n");
        lab.Primary.Delete($"{Conf}/kind.conf");
        lab.Primary.Write($"{Conf}/new.conf", "# new\n");
        var before = await TreesAsync(lab);
        var logins = lab.Peers[0].SshLogins();

        var dry = await lab.NginxSyncAsync("-n", "-d");

        Assert.That(dry, Has.Property("ExitCode").Zero.And.Property("Err").Empty);
        Assert.That(lab.Peers[0].SshLogins(), Is.EqualTo(logins + 1), "contents come in the same session");
        Assert.That(await TreesAsync(lab), Is.EqualTo(before));
        foreach (var peer in lab.Peers) Assert.That(Normalised(dry.Out), Does.Contain($" * Would update configuration on {peer.Name}\n\n{Changes}"));

        var push = await lab.NginxSyncAsync("-d");

        Assert.That(push, Has.Property("ExitCode").Zero.And.Property("Err").Empty);
        foreach (var peer in lab.Peers)
        {
            Assert.That(Normalised(push.Out), Does.Contain($" * Updating configuration on {peer.Name}\n\n{Changes}nginx on {peer.Name} was reloaded"));
            Assert.That(peer.ReadText($"{Conf}/server.key"), Is.EqualTo("SECRET\n"));
        }
        Assert.That(dry.Out + push.Out, Does.Not.Contain("SECRET").And.Not.Contain("\e"));
        Assert.That((await lab.NginxSyncAsync("-C")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Colours_are_for_those_who_ask()
    {
        await using var lab = await StartPushedAsync(PeerKind.Debian);
        lab.Primary.Write($"{Conf}/a.conf", "# one\n");

        var outcome = await lab.NginxSyncAsync("-nd", "--color", "always");

        Assert.That(outcome.Out, Does.Contain("\e[31m-# two\e[m\n"));
    }

    private const string Changes = """
            1 changed, 2 created, 1 deleted
            replace /etc/nginx/conf.d/a.conf
        --- remote:/etc/nginx/conf.d/a.conf	TIME
        +++ local:/etc/nginx/conf.d/a.conf	TIME
        @@ -1,5 +1,5 @@
         # one
         # two
        -# three
        +# 3
         # four
         # five
            delete  /etc/nginx/conf.d/kind.conf
        --- remote:/etc/nginx/conf.d/kind.conf	TIME
        +++ local:/etc/nginx/conf.d/kind.conf	1970-01-01 00:00:00.000000000 +0000
        @@ -1 +0,0 @@
        -# kind
            create  /etc/nginx/conf.d/new.conf
        --- remote:/etc/nginx/conf.d/new.conf	1970-01-01 00:00:00.000000000 +0000
        +++ local:/etc/nginx/conf.d/new.conf	TIME
        @@ -0,0 +1 @@
        +# new
            create  /etc/nginx/conf.d/server.key (secret by its name, see SHOW; SHA-256 begins DIGEST here)

        """;

    private static async Task<string> TreesAsync(Lab lab) =>
        string.Concat(await Task.WhenAll(lab.Peers.Select(async peer => string.Join('\n', await peer.TreeAsync("/etc/nginx")))));

    private static string Normalised(string text) => Digest().Replace(Times().Replace(text, "TIME"), "begins DIGEST here");

    [GeneratedRegex(@"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} [+-]\d{4}")]
    private static partial Regex Times();

    [GeneratedRegex("begins [0-9a-f]{8} here")]
    private static partial Regex Digest();
}
