namespace ConfSync.SystemTests.Push;

/// <summary>Root writes, deletes and runs nothing where another user chooses what a path leads to.</summary>
public sealed class OwnershipTests
{
    private const string Data = "/etc/nginx/data";
    private const string Run = "/run/nginx-sync";
    private const string Precious = "/srv/precious";

    private static readonly PeerKind[] Kinds = [PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian with { Flock = false }];

    // As the manual prepares it for -u; its owner puts links where this tool's files are. lock.1 names no living process.
    private const string Trap = """
        mkdir -p /run/nginx-sync; cd /run/nginx-sync
        for name in lock deadline hold.reached undo; do ln -s /srv/precious/$name $name; done
        ln -s /srv/precious/made lock.2; echo signalled >hold
        chown -h plain: . *
        """;

    [Test]
    public async Task Roots_push_writes_nothing_into_a_run_directory_of_another_user()
    {
        await using var lab = await LabAsync();
        foreach (var peer in lab.Peers) await peer.ShAsync(Trap);

        foreach (var options in new[] { "-n", "-r" })
        {
            var refused = await lab.Primary.PushAsync(options);

            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
            Assert.That(Count(refused, "checking the prerequisites there failed; nothing was changed there (NS-3003):\n" +
                $"    others than root may write to {Run}, where nginx-sync keeps files of its own: it belongs to plain (2002)"), Is.EqualTo(3));
            Assert.That(Count(refused, "for pushes with -u (tmpfiles.d): push to this node as that user"), Is.EqualTo(3));
            await EnsureUntouchedAsync(lab);
        }
        // Root's look at it is no harm, and says what it did not look at.
        var compared = await lab.Primary.PushAsync("-C");
        Assert.That(compared.ExitCode, Is.EqualTo(1), compared.ToString());
        Assert.That(Count(compared, $"was not looked at: others than root may write to {Run}"), Is.EqualTo(3));
        await EnsureUntouchedAsync(lab);

        foreach (var peer in lab.Peers) await peer.ShAsync($"rm -r {Run}");
        await lab.Primary.PushedAsync();
    }

    [TestCase("/home/plain/save", "mkdir -p /home/plain/save", "/home/plain")]
    [TestCase("/srv/save", "mkdir -p /home/plain/save; ln -s /home/plain/save /srv/save", "/home/plain")]
    [TestCase("/srv/save", "mkdir -p /srv/save/generations; chown plain: /srv/save/generations", "/srv/save/generations")]
    [TestCase("/tmp/save", ":", "/tmp")]
    [TestCase("/srv/a/save", "mkdir -p /srv/a; chmod g+w /srv/a", "/srv/a")]
    public async Task Nothing_is_kept_where_another_user_may_redirect_it(string directory, string opening, string foreign)
    {
        await using var lab = await LabAsync($"BACKUPDIR={directory}");
        await lab.Primary.ShAsync($"chown root: /home/plain; mkdir -p {directory}");
        foreach (var peer in lab.Peers) await peer.ShAsync(opening);
        // What a generation's number leads to would be emptied.
        foreach (var peer in lab.Peers) await peer.ShAsync(
            $"cd {directory} 2>/dev/null || exit 0; ln -sfn {Precious} generations || exit 0; chown -hR plain: /home/plain");

        foreach (var command in new string[][] { [], ["-n"], ["rollback"] })
        {
            var refused = await lab.Primary.PushAsync(command);

            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
            Assert.That(Count(refused, $"others than root may write to {foreign}, where"), Is.EqualTo(3), refused.ToString());
            await EnsureUntouchedAsync(lab);
        }
    }

    [Test]
    public async Task Links_of_roots_own_and_what_is_roots_in_tmp_are_fine()
    {
        await using var lab = await LabAsync("BACKUPDIR=/tmp/save/here");
        foreach (var node in lab.Peers.Append<Node>(lab.Primary)) await node.ShAsync("mkdir -p /srv/kept; mkdir -m 700 /tmp/save; ln -s ../../srv/kept /tmp/save/here");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(peer.Exists("/srv/kept/generations/1/plan"));
        Assert.That(lab.Primary.Exists("/srv/kept/0/etc/nginx/data/file"));
    }

    [TestCase("BACKUPDIR=/home/plain/save", "saving the local files to /home/plain/save failed")]
    [TestCase("ALL_OR_NONE=yes", "the decision could not be recorded here")]
    public async Task The_primary_keeps_nothing_there_either(string setting, string step)
    {
        await using var lab = await LabAsync(setting);
        foreach (var peer in lab.Peers) await peer.ShAsync("mkdir -p /home/plain/save; chown root: /home/plain");
        await lab.Primary.ShAsync($"ln -s {Precious} /home/plain/save; mkdir /var/lib/nginx-sync; chown plain: /var/lib/nginx-sync");
        if (setting.StartsWith("ALL", StringComparison.Ordinal)) lab.Pushes(Data, setting, "BACKUPDIR=/srv/save");

        var refused = await lab.Primary.PushAsync();

        Assert.That(refused.ExitCode, Is.Not.Zero, refused.ToString());
        Assert.That(refused.Out + refused.Err, Does.Contain(step).And.Contain("others than root may write to "));
        await EnsureUntouchedAsync(lab);
    }

    private static async Task<Lab> LabAsync(params string[] lines)
    {
        var lab = await Lab.StartAsync(Kinds);
        await lab.Primary.ShAsync($"mkdir -p {Data} {Precious}; echo new >{Data}/file; echo kept >{Precious}/file");
        foreach (var peer in lab.Peers) await peer.ShAsync($"mkdir -p {Data} {Precious}/1; echo old >{Data}/file; echo kept >{Precious}/1/file");
        lab.Pushes(Data, lines);
        return lab;
    }

    private static async Task EnsureUntouchedAsync(Lab lab)
    {
        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.ShAsync($"cat {Data}/file; cd {Precious}; find . | LC_ALL=C sort"), Is.EqualTo("old\n.\n./1\n./1/file"));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
        }
        Assert.That(await lab.Primary.ShAsync($"ls -A {Precious}"), Is.EqualTo("file"));
    }

    private static int Count(Outcome outcome, string words) => (outcome.Out + outcome.Err).Split(words).Length - 1;
}
