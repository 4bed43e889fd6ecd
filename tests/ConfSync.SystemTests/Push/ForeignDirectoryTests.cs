namespace ConfSync.SystemTests.Push;

/// <summary>Directories that another user than root may write to: he could swap what is in them for links while root works
/// there by path.</summary>
public sealed class ForeignDirectoryTests
{
    private const string Site = "/srv/customers/site", Target = "/etc/secret", Allow = "ALLOW_FOREIGN_DIRECTORIES=yes";

    [Test]
    public async Task They_are_refused_by_name_on_the_primary_and_on_a_peer_before_anything_is_done()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var node in lab.Peers.Prepend(lab.Primary)) await MakeAsync(node);
        lab.Pushes(Site);
        lab.Primary.Write($"{Site}/sub/new", "new\n");

        foreach (var (make, undo, named) in new[]
        {
            ($"chown www-data {Site}/sub", $"chown root {Site}/sub", $"{Site}/sub (owner www-data, mode 755)"),
            ($"chmod g+w {Site}", $"chmod g-w {Site}", $"{Site} (owner root, group root may write there, mode 775)"),
            ("chmod o+w /srv/customers", "chmod o-w /srv/customers", "/srv/customers (owner root, every user may write there, mode 757)"),
            ("mv /srv /home/www; ln -s /home/www /srv; chown www-data /home", "chown root /home; rm /srv; mv /home/www /srv", "/home (owner www-data, mode 755)"),
        })
        {
            await lab.Primary.ShAsync(make);
            var push = await lab.Primary.PushAsync();
            Assert.That(push.ExitCode, Is.EqualTo(1), push.ToString());
            Assert.That(push.Err, Does.Contain("on this machine").And.Contain(named).And.Contain(Allow));
            Assert.That((await lab.Primary.PushAsync("-C")).ExitCode, Is.EqualTo(1), "a comparison only looks");
            await lab.Primary.ShAsync(undo);

            foreach (var peer in lab.Peers) await peer.ShAsync(make);
            var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync("/srv/")));
            foreach (var options in (string[][])[["-n"], []])
            {
                push = await lab.Primary.PushAsync(options);
                Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
                Assert.That(push.Err.Split(named), Has.Length.EqualTo(3));
                Assert.That(push.Err, Does.Contain("on this node").And.Contain("nothing was changed there").And.Contain(Allow));
            }
            for (var i = 0; i < 2; i++)
            {
                Assert.That(await lab.Peers[i].TracesAsync("/srv/"), Is.EqualTo(before[i]));
                Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
                await lab.Peers[i].ShAsync(undo);
            }
        }

        foreach (var node in lab.Peers.Prepend(lab.Primary)) await node.ShAsync($"chown www-data {Site}/other");
        lab.Pushes(Site, "EXCLUDE=other/");
        await lab.Primary.PushedAsync();
        foreach (var peer in lab.Peers) Assert.That(peer.ReadText($"{Site}/sub/new"), Is.EqualTo("new\n"), "nothing is done in what is excluded");
    }

    /// <summary>He can do what is his to do at any moment: here, just before a program of ours is run.</summary>
    [TestCase("mv f g; ln -s /etc/shadow f", "", TestName = "{m}(a file)")]
    [TestCase("mv f g; ln -s /etc/shadow f", "rm f; mv g f", TestName = "{m}(a file, and back)")]
    [TestCase("mv ../sub ../was; mkdir ../sub; ln -s /etc/shadow ../sub/f", "rm ../sub/f; rmdir ../sub; mv ../was ../sub", TestName = "{m}(its directory, and back)")]
    public async Task What_a_link_leads_to_that_took_a_files_place_on_the_primary_is_not_sent(string swap, string back)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await MakeAsync(lab.Primary);
        await lab.Primary.ShAsync($"chown www-data {Site} {Site}/sub");
        // Its size is for all to see.
        lab.Primary.Write($"{Site}/sub/f", "not: a secret\n");
        lab.Primary.Write("/etc/shadow", "root:a secret\n");
        await lab.Primary.ShAsync($$"""
            set_trap() { printf '#!/bin/sh\n[ -e /tmp/%s ] || { : >/tmp/%s; cd {{Site}}/sub; %s; } >/dev/null 2>&1\nexec /usr/bin/%s "$@"\n' "$1" "$1" "$2" "$1" >/usr/local/sbin/$1; chmod 755 /usr/local/sbin/$1; }
            set_trap sha256sum '{{swap}}'
            printf '#!/bin/sh\n/usr/bin/cat "$@"\ncase $* in *{{Site}}*) cd {{Site}}/sub; %s;; esac >/dev/null 2>&1\n' '{{back}}' >/usr/local/sbin/cat; chmod 755 /usr/local/sbin/cat
            """);
        lab.Pushes(Site, Allow);

        var push = await lab.Primary.PushAsync();

        Assert.That(await lab.Peers[0].ShAsync("grep -rl 'root:a secret' /srv /var/lib 2>/dev/null; :"), Is.Empty, push.ToString());
        // The primary is looked at again, and what is there then is pushed: the file, or the link as a link.
        Assert.That(push.ExitCode, Is.Zero, push.ToString());
    }

    [TestCase("staging", "sub", 0)]
    [TestCase("staging", "sub", 1)]
    [TestCase("arrived", "attributes", 0)]
    [TestCase("arrived", "attributes", 1)]
    public async Task Nothing_is_made_or_given_away_where_a_link_leads_that_took_a_directorys_place_on_a_peer(
        string mark, string directory, int kind)
    {
        await using var lab = await Lab.StartPeersAsync(1, kind == 0 ? PeerKind.Debian : PeerKind.Alpine);
        var peer = lab.Peers[0];
        foreach (var node in new[] { lab.Primary, peer }) await MakeAsync(node);
        await lab.Primary.ShAsync($"echo new >{Site}/sub/new; chown www-data {Site} {Site}/attributes; chmod 700 {Site}/attributes");
        await peer.ShAsync($"chown www-data {Site}; mkdir -m 755 {Target}");
        lab.Pushes(Site, Allow);
        var before = await peer.TracesAsync(Target);
        peer.Write("/run/nginx-sync/hold", mark + "\n");

        await using var running = await lab.Primary.StartAsync("nginx-sync");
        await Eventually.TrueAsync(() => peer.Exists("/run/nginx-sync/hold.reached"), mark);
        await peer.ShAsync($"cd {Site}; mv {directory} was; ln -s {Target} {directory}; rm -f /run/nginx-sync/hold*");
        var push = await running.WaitAsync();

        Assert.That(await peer.TracesAsync(Target), Is.EqualTo(before), push.ToString());
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
    }

    private static Task<string> MakeAsync(Node node) => node.ShAsync($"""
        mkdir -p {Site}/sub {Site}/attributes {Site}/other; chmod 755 {Site} {Site}/* /srv/customers
        echo 1 >{Site}/sub/f; echo 2 >{Site}/other/f; mkdir -p /run/nginx-sync
        """);
}
