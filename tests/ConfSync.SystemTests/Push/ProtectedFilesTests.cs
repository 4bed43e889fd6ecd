namespace ConfSync.SystemTests.Push;

/// <summary>Files and directories that nobody may change on a peer, root neither (chattr +i, chattr +a), and those that
/// take no further link.</summary>
public sealed class ProtectedFilesTests
{
    private const string Conf = "/etc/nginx/conf.d";
    private const string ToReplace = $"{Conf}/site.conf", ToDelete = $"{Conf}/gone.conf", DirectoryToDelete = $"{Conf}/gone";

    private static readonly PeerKind[] Kinds = [PeerKind.Debian, new() { Unshare = false }, PeerKind.Alpine];

    [Test]
    public async Task What_is_immutable_or_append_only_is_refused_by_a_dry_run_and_by_a_push_and_nothing_is_left()
    {
        await using var lab = await Lab.StartAsync(Kinds);
        foreach (var peer in lab.Peers)
        {
            peer.WriteSite("old");
            peer.Write(ToDelete, "# old\n");
            peer.Write($"{DirectoryToDelete}/a.inc", "# old\n");
        }
        await lab.Primary.ShAsync($"mkdir {Conf}/mode; chmod 0700 {Conf}/mode");
        foreach (var peer in lab.Peers) await peer.ShAsync($"mkdir {Conf}/mode; chmod 0755 {Conf}/mode; nginx -s reload");
        lab.Primary.WriteSite("new");
        lab.Primary.Write($"{Conf}/more.conf", "# new\n");
        lab.Pushes(Conf);
        (string Flag, string Path)[] cases =
        [
            ("i", ToReplace), ("a", ToReplace), ("i", ToDelete), ("a", ToDelete), ("i", DirectoryToDelete), ("i", $"{DirectoryToDelete}/a.inc"),
            ("i", Conf), ("a", Conf), ("i", $"{Conf}/mode"),
        ];
        foreach (var (flag, path) in cases)
        {
            foreach (var peer in lab.Peers) await peer.ShAsync($"chattr +{flag} {path}");
            foreach (var options in new[] { "--dry-run", "--serial=all" })
            {
                var push = await lab.Primary.PushAsync(options.Split('='));
                Assert.That(push.ExitCode, Is.EqualTo(2), $"{flag} {path} {options}: {push}");
                foreach (var peer in lab.Peers)
                {
                    Assert.That(push.Err, Does.Match($@"{peer.Address}: \S.* failed; nothing was changed there \(NS-3007\):\n    .*{path}"), $"{flag} {path}");
                    Assert.That(await peer.LeftoversAsync(), Is.Empty, $"{flag} {path} {options}");
                }
                Assert.That(push.Err, Does.Contain("immutable").And.Not.Contain("COULD NOT BE PUT BACK"));
            }
            foreach (var peer in lab.Peers)
            {
                Assert.That(await peer.AnswerAsync(81), Is.EqualTo("old"));
                Assert.That(peer.Exists(ToDelete) && peer.Exists($"{DirectoryToDelete}/a.inc") && !peer.Exists($"{Conf}/more.conf"), $"{flag} {path}");
                await peer.ShAsync($"chattr -{flag} {path}");
            }
        }

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
    }

    [Test]
    public async Task Where_nothing_can_tell_beforehand_the_refused_rename_is_undone_and_said_as_it_is()
    {
        await using var lab = await Lab.StartAsync(Kinds);
        foreach (var peer in lab.Peers)
        {
            peer.WriteSite("old");
            peer.Write($"{Conf}/other.conf", "# old\n");
            await peer.ShAsync($"nginx -s reload; rm -f /usr/bin/lsattr; chattr +i {ToReplace}");
        }
        lab.Primary.WriteSite("new");
        lab.Primary.Write($"{Conf}/other.conf", "# new\n");
        lab.Pushes(Conf);

        var push = await lab.Primary.PushAsync("--serial", "all");

        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
        Assert.That(push.Err, Does.Not.Contain("COULD NOT BE PUT BACK").And.Contain("Operation not permitted"));
        foreach (var peer in lab.Peers)
        {
            Assert.That(push.Err, Does.Match($"{peer.Address}: .* failed; (nothing was changed|the old configuration is back in place) there"));
            Assert.That(peer.ReadText($"{Conf}/other.conf"), Is.EqualTo("# old\n"));
            Assert.That(await peer.AnswerAsync(81), Is.EqualTo("old"));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
            await peer.ShAsync($"chattr -i {ToReplace}");
        }
        await lab.Primary.PushedAsync();
    }

    /// <summary>ext4 takes 65,000 names of one file: the same refusal as that of a file system without hard links, for one
    /// file alone.</summary>
    [Test]
    public async Task A_file_that_takes_no_further_link_is_copied_and_comes_back_by_an_undo_and_a_roll_back()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        await peer.ShAsync($"""
            mknod /dev/loop-control c 10 237; for i in 0 1 2 3 4 5 6 7 8 9; do mknod /dev/loop$i b 7 $i; done
            truncate -s 64M /tmp/image; mkfs.ext4 -q /tmp/image
            mv {Conf}/default.conf /tmp; mount -o loop /tmp/image {Conf}; rmdir {Conf}/lost+found; mv /tmp/default.conf {Conf}
            """);
        peer.WriteSite("old");
        peer.Write($"{Conf}/other.conf", "# old\n");
        await peer.ShAsync($$"""
            nginx -s reload; mkdir {{Conf}}/.nginx-sync.links
            perl -e '$i = 0; $i++ while link("{{ToReplace}}", "{{Conf}}/.nginx-sync.links/$i"); exit($i < 60000)'
            """);
        lab.Primary.WriteSite("new");
        lab.Primary.Write($"{Conf}/other.conf", "# new\n");
        lab.Pushes(Conf, "HEALTHCHECK='test ! -e /tmp/ill'");

        peer.Write("/tmp/ill", "");
        var undone = await lab.Primary.PushAsync();
        Assert.That(undone.Err, Does.Contain("the health check failed; the old configuration is back in place there"), undone.ToString());
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("old"));
        peer.Delete("/tmp/ill");
        await lab.Primary.PushedAsync();
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));
        _ = (await lab.Primary.RunAsync("nginx-sync", "rollback")).OutIfSuccessful;
        Assert.That(await peer.AnswerAsync(81), Is.EqualTo("old"));
        Assert.That(peer.ReadText($"{Conf}/other.conf"), Is.EqualTo("# old\n"));
    }
}
