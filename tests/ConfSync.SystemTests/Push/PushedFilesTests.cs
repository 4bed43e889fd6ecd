using System.Globalization;
using System.Text.RegularExpressions;

namespace ConfSync.SystemTests.Push;

/// <summary>What arrives on a peer is what the primary has: kind, content, mode, owner, group and time.</summary>
public sealed class PushedFilesTests
{
    private const string Data = "/etc/nginx/data";

    // Some directories are another user's here, and are to arrive as they are.
    private const string Allow = "ALLOW_FOREIGN_DIRECTORIES=yes";

    [Test]
    public async Task Files_directories_and_links_arrive_as_they_are()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"""
            mkdir -p {Data}/deep/er/est {Data}/empty
            echo text >{Data}/deep/er/est/file; : >{Data}/nothing
            ln -s /nowhere {Data}/dangling; ln -s deep {Data}/to-directory; ln -s ../nginx.conf {Data}/up
            printf '\000\001\377' >{Data}/binary
            chmod 600 {Data}/nothing; chmod 4711 {Data}/binary; chmod 2750 {Data}/empty; chmod 1777 {Data}/deep
            chown www-data:adm {Data}/binary {Data}/empty; chown -h deploy:mail {Data}/up
            """);
        lab.Pushes(Data, Allow);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
        }
    }

    /// <summary>Their names alone are more than a pipe holds, and so are the contents that are asked for by them.</summary>
    [Test]
    public async Task Thousands_of_files_arrive_and_their_contents_come_back_for_a_diff()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        var name = new string('x', 60);
        await lab.Primary.ShAsync($"""
            mkdir {Data}; cd {Data}; i=0
            while [ $i -lt 3000 ]; do i=$((i + 1)); printf '# %02000d\n' $i >{name}$i; done
            """);
        lab.Pushes(Data);

        var push = await lab.Primary.RunAsync("timeout", "100", "nginx-sync");
        Assert.That(push.ExitCode, Is.Zero, push.ToString());
        foreach (var peer in lab.Peers) Assert.That(await peer.TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));

        await lab.Primary.ShAsync($"cd {Data}; for f in *; do echo another >>$f; done");
        var compare = await lab.Primary.RunAsync("timeout", "100", "nginx-sync", "-C", "-d");
        Assert.That(compare.ExitCode, Is.EqualTo(1), compare.Err);
        Assert.That(compare.Out.Split("\n+another\n"), Has.Length.EqualTo(2 * 3000 + 1));
    }

    [TestCase("seq 200000", "", true, TestName = "{m}(that shrinks)")]
    [TestCase("seq 200000", "rm -f /bin/gzip /usr/bin/gzip", false, TestName = "{m}(to a node without gzip)")]
    [TestCase("head -c 1200000 /dev/urandom", "", false, TestName = "{m}(that does not shrink)")]
    public async Task A_large_file(string print, string prepare, bool shrinks)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        foreach (var peer in lab.Peers) await peer.ShAsync(prepare);
        await lab.Primary.ShAsync($"mkdir {Data}; {print} >{Data}/large");
        lab.Pushes(Data);

        var push = await lab.Primary.PushAsync("--timing");

        var sent = Regex.Matches(push.OutIfSuccessful, @"(\d+) bytes sent").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.That(sent, Has.Count.EqualTo(2));
        Assert.That(sent.Select(bytes => bytes < 1_000_000), Is.All.EqualTo(shrinks), string.Join(' ', sent));
        foreach (var peer in lab.Peers) Assert.That(await peer.TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
    }

    /// <summary>A live directory with the setgid bit hands it on to what is made in it, which is where files are staged.</summary>
    [Test]
    public async Task What_comes_into_a_directory_with_setgid_has_its_own_mode_and_group()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}/shared; chown www-data:adm {Data}/shared; chmod 2750 {Data}/shared");
        lab.Pushes(Data, Allow);
        await lab.Primary.PushedAsync();
        await lab.Primary.ShAsync($"""
            cd {Data}/shared; chmod 00755 .; umask 022
            mkdir closed open; echo text >file; chmod 00600 closed; chmod 00755 open
            """);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
        }
    }

    [Test]
    public async Task Files_keep_their_time()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir {Data}; touch -d '2001-02-03 04:05:06 UTC' {Data}/old-file");
        lab.Pushes(Data);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.ShAsync($"stat -c %Y {Data}/old-file"), Is.EqualTo("981173106"));
        }
    }

    [Test]
    public async Task An_owner_goes_by_name_whatever_its_number_on_the_peer()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"""
            echo 'web:x:3001:' >>/etc/group; echo 'web:x:3001:3001::/:/bin/sh' >>/etc/passwd
            mkdir -p {Data}/d; echo 1 >{Data}/f; ln -s f {Data}/l; chown -hR web:web {Data}
            """);
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync("""
                echo 'other:x:3001:' >>/etc/group; echo 'other:x:3001:3001::/:/bin/sh' >>/etc/passwd
                echo 'web:x:4002:' >>/etc/group; echo 'web:x:4001:4002::/:/bin/sh' >>/etc/passwd
                """);
        }
        lab.Pushes(Data, Allow);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(
                await peer.ShAsync($"stat -c '%u:%g' {Data} {Data}/d {Data}/f {Data}/l | sort -u"), Is.EqualTo("4001:4002"));
        }
        Assert.That(await lab.Primary.PushedAsync(), Does.Contain("up to date"));
    }

    [TestCase("chown web FILE", "user web")]
    [TestCase("chgrp web FILE", "group web")]
    [TestCase("chown web DIRECTORY", "user web")]
    public async Task An_account_that_a_peer_does_not_know_is_named_and_nothing_changes_there(string change, string named)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        const string MakeUser = "echo 'web:x:3001:' >>/etc/group; echo 'web:x:3001:3001::/:/bin/sh' >>/etc/passwd";
        await lab.Primary.ShAsync($"{MakeUser}; mkdir {Data}");
        await lab.Peers[2].ShAsync(MakeUser);
        lab.Pushes(Data, Allow);
        await lab.Primary.PushedAsync();
        await lab.Primary.ShAsync($"touch {Data}/file; " + change
            .Replace("FILE", $"{Data}/file", StringComparison.Ordinal).Replace("DIRECTORY", Data, StringComparison.Ordinal));
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync(Data)));

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(2));
        for (var i = 0; i < 2; i++)
        {
            Assert.That(await lab.Peers[i].TracesAsync(Data), Is.EqualTo(before[i]));
            Assert.That(push.Err, Does.Contain($"{lab.Peers[i].Address}: ").And.Contain($"the {named} "));
            Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
        }
        Assert.That(await lab.Peers[2].TreeAsync(Data), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_change_of_mode_or_owner_alone_sends_no_content_and_leaves_the_time()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}/d; echo 1 >{Data}/f; echo 2 >{Data}/d/g; ln -s f {Data}/l");
        lab.Pushes(Data, Allow);
        await lab.Primary.PushedAsync();
        await lab.Primary.ShAsync(
            $"chmod 4640 {Data}/f; chown www-data:adm {Data}/d/g {Data}/d; chmod 700 {Data}; chown -h mail:mail {Data}/l");
        const string Time = $"stat -c %y {Data}/f {Data}/d/g";
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.ShAsync(Time)));

        await lab.Primary.PushedAsync();

        for (var i = 0; i < 2; i++)
        {
            Assert.That(await lab.Peers[i].TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
            Assert.That(await lab.Peers[i].ShAsync(Time), Is.EqualTo(before[i]));
            Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task A_directory_loses_its_set_id_bits()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -m 755 {Data}");
        foreach (var peer in lab.Peers) await peer.ShAsync($"mkdir -m 6755 {Data}");
        lab.Pushes(Data);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers) Assert.That(await peer.ShAsync($"stat -c %a {Data}"), Is.EqualTo("755"));
    }

    [Test]
    public async Task A_large_file_arrives_whole()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir {Data}; dd if=/dev/urandom of={Data}/large bs=1M count=20 2>/dev/null");
        lab.Pushes(Data);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
        }
    }

    [Test]
    public async Task A_path_whose_parents_are_missing_brings_them_along()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync("""
            mkdir -p /srv/a/b; echo 1 >/srv/a/b/file; echo 2 >/srv/a/b/other
            chmod 750 /srv/a; chmod 710 /srv/a/b; chown www-data:adm /srv/a/b
            """);
        lab.Pushes("/srv/a/b/file", Allow);

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.ShAsync("stat -c '%a %U %G' /srv/a /srv/a/b; cd /srv; find a | sort"), Is.EqualTo(
                "750 root root\n710 www-data adm\na\na/b\na/b/file"));
        }
    }

    [TestCase("fifo", "mkfifo /etc/nginx/data/odd")]
    [TestCase("socket", "perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \"/etc/nginx/data/odd\", Listen => 1)'")]
    public async Task A_socket_or_fifo_on_the_primary_is_named_unless_it_is_excluded(string kind, string make)
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await lab.Primary.ShAsync($"mkdir {Data}; echo 1 >{Data}/file; {make}; stat -c %F {Data}/odd | grep {kind}");
        lab.Pushes(Data);

        var push = await lab.Primary.PushAsync();

        Assert.That(push.ExitCode, Is.EqualTo(1));
        Assert.That(push.Err, Does.Contain($"{Data}/odd is a socket, device or fifo"));
        Assert.That(lab.Peers[0].Exists(Data), Is.False);

        lab.Pushes(Data, "EXCLUDE=odd");
        await lab.Primary.PushedAsync();
        Assert.That(lab.Peers[0].ReadText($"{Data}/file"), Is.EqualTo("1\n"));
        Assert.That(lab.Peers[0].Exists($"{Data}/odd"), Is.False);
    }
}
