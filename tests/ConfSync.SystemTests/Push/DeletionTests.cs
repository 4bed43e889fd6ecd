namespace ConfSync.SystemTests.Push;

/// <summary>What goes from a peer, what stays there, and what changes its kind.</summary>
public sealed class DeletionTests
{
    private const string Data = "/etc/nginx/data";

    [Test]
    public async Task What_the_primary_does_not_have_goes_except_what_is_excluded()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}/sub; echo kept >{Data}/kept; echo 1 >{Data}/sub/x");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"""
                mkdir -p {Data}/sub/cache {Data}/gone/deep {Data}/cache/y {Data}/holds {Data}/sub/deep/sub; cd {Data}
                touch gone/deep/file gone.file .gone old.bak sub/old.bak sub/name sub/deep/sub/name sub/gone top sub/top
                touch default.conf sub/default.conf cache/y/z sub/cache/z holds/default.conf holds/gone; ln -s x gone.link
                touch other-name; mkdir top.d
                """);
        }
        lab.Pushes(Data, "EXCLUDE=\"default.conf *.bak cache/ sub/name /top\"", "MAX_DELETE=100");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(
                await peer.ShAsync($"cd {Data}; find . | LC_ALL=C sort | tr '\n' ' '"),
                Is.EqualTo(
                    ". ./cache ./cache/y ./cache/y/z ./default.conf ./holds ./holds/default.conf ./kept ./old.bak ./sub " +
                    "./sub/cache ./sub/cache/z ./sub/deep ./sub/deep/sub ./sub/deep/sub/name ./sub/default.conf " +
                    "./sub/name ./sub/old.bak ./sub/x ./top "));
            Assert.That(await peer.LeftoversAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task What_is_excluded_is_not_pushed_either()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        await lab.Primary.ShAsync($"mkdir -p {Data}/cache; cd {Data}; touch cache/x a.bak default.conf b");
        lab.Peers[0].Write($"{Data}/default.conf", "the peer's own");
        lab.Pushes(Data, "EXCLUDE=\"default.conf *.bak cache/\"", "MAX_DELETE=100");

        await lab.Primary.PushedAsync();

        Assert.That(await lab.Peers[0].ShAsync($"cd {Data}; find . | LC_ALL=C sort"), Is.EqualTo(".\n./b\n./default.conf"));
        Assert.That(lab.Peers[0].ReadText($"{Data}/default.conf"), Is.EqualTo("the peer's own"));
    }

    [Test]
    public async Task What_rsync_leaves_with_the_same_patterns_a_push_leaves()
    {
        const string Odd = """
            mkdir -p site-1/in site-12/in gone/deep keep-a keep-d 'a\b' 'loc[1]' cache/x é; touch site-1/x site-12/x gone/deep/n1.conf
            touch gone/n.conf keep-a/x keep-d/x 'a\b/x' 'loc[1]/x' cache/x/y cache/z '*.conf' x.conf axxb a1 aé é/x 'back\slash' 'back'
            """;
        string[] patterns = ["site-?", "keep-[a-c]/", "n[[:digit:]].conf", @"\*.conf", @"loc\[1]", "cac**/y", "a?", "[!a-z]?/", @"back\slash", "a[[:alpha:]]*b"];
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir -p {Data}/site-1 /root/like-peer; echo 1 >{Data}/site-1/new; echo 1 >{Data}/a1; cd /root/like-peer; {Odd}");
        foreach (var peer in lab.Peers) await peer.ShAsync($"mkdir -p {Data}; cd {Data}; {Odd}");
        lab.Pushes(Data, $"EXCLUDE='{string.Join(' ', patterns)}'", "MAX_DELETE=100");

        await lab.Primary.PushedAsync();

        const string List = "find . | LC_ALL=C sort";
        await lab.Primary.ShAsync($"rsync -a --delete {string.Join(' ', patterns.Select(pattern => $"--exclude='{pattern}'"))} {Data}/ /root/like-peer/ || [ $? = 23 ]");
        var expected = await lab.Primary.ShAsync($"cd /root/like-peer; {List}");
        Assert.That(expected, Does.Contain("./site-1/in").And.Contain("./gone/deep/n1.conf").And.Contain("./*.conf").And.Not.Contain("site-12"));
        foreach (var peer in lab.Peers) Assert.That(await peer.ShAsync($"cd {Data}; {List}"), Is.EqualTo(expected), peer.Name);
        Assert.That((await lab.Primary.PushAsync("-C")).ExitCode, Is.Zero);
    }

    [TestCase("mkdir x; echo 1 >x/in", "echo 2 >x", TestName = "A directory becomes a file")]
    [TestCase("echo 1 >x", "mkdir -p x/y; echo 2 >x/y/in", TestName = "A file becomes a directory")]
    [TestCase("ln -s /srv/elsewhere x", "mkdir x; echo 2 >x/in", TestName = "A link becomes a directory")]
    [TestCase("mkdir x; echo 1 >x/in", "ln -s /srv/elsewhere x", TestName = "A directory becomes a link")]
    [TestCase("ln -s /srv/elsewhere x", "echo 2 >x", TestName = "A link to a directory becomes a file")]
    [TestCase("ln -s /srv/elsewhere x", "ln -s /srv/other x", TestName = "A link to a directory becomes another")]
    [TestCase("ln -s /srv/elsewhere x", ":", TestName = "A link to a directory goes")]
    [TestCase("ln -s x x", "ln -s /srv x", TestName = "A link to itself becomes another")]
    [TestCase("ln -s /srv x", "ln -s x x", TestName = "A link becomes a link to itself")]
    [TestCase("ln -s /srv/elsewhere/file/x x", "echo 2 >x", TestName = "A link through a file becomes a file")]
    [TestCase("ln -s /srv/elsewhere x; echo 1 >y", "mkdir -p x/in; mkdir y", TestName = "Two kinds change at once")]
    public async Task A_thing_changes_its_kind(string onPeer, string onPrimary)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync($"mkdir {Data}; cd {Data}; {onPrimary}");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"mkdir -p {Data} /srv/elsewhere/in; echo mine >/srv/elsewhere/file; cd {Data}; {onPeer}");
        }
        var elsewhere = await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync("/srv")));
        lab.Pushes(Data);

        await lab.Primary.PushedAsync();

        for (var i = 0; i < 2; i++)
        {
            Assert.That(await lab.Peers[i].TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)));
            Assert.That(await lab.Peers[i].TracesAsync("/srv"), Is.EqualTo(elsewhere[i]), "nothing outside is touched");
            Assert.That(await lab.Peers[i].LeftoversAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task A_path_changes_its_kind_as_a_whole()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        await lab.Primary.ShAsync("mkdir /srv/one; echo 1 >/srv/one/file; echo 2 >/srv/two");
        foreach (var peer in lab.Peers) await peer.ShAsync("echo 1 >/srv/one; mkdir /srv/two; touch /srv/two/file");
        lab.Pushes("/srv/one /srv/two");

        await lab.Primary.PushedAsync();

        foreach (var peer in lab.Peers)
        {
            Assert.That(await peer.TreeAsync("/srv"), Is.EqualTo(await lab.Primary.TreeAsync("/srv")));
        }
    }

    [Test]
    public async Task The_replaced_files_are_kept_as_a_generation_on_the_peer()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Primary.Write($"{Data}/file", "new");
        foreach (var peer in lab.Peers)
        {
            peer.Write($"{Data}/file", "old");
            peer.Write($"{Data}/gone", "gone");
        }
        lab.Pushes(Data, "KEEP=2");

        await lab.Primary.PushedAsync();

        const string Generations = $"{PeerSide.State}/generations";
        foreach (var peer in lab.Peers)
        {
            Assert.That(peer.ReadText($"{Generations}/1/old.1/file"), Is.EqualTo("old"));
            Assert.That(peer.ReadText($"{Generations}/1/old.1/gone"), Is.EqualTo("gone"));
        }
        for (var i = 0; i < 3; i++)
        {
            lab.Primary.Write($"{Data}/file", $"newer {i}");
            await lab.Primary.PushedAsync();
        }
        Assert.That(await lab.Peers[0].ShAsync($"ls {Generations}"), Is.EqualTo("3\n4"));
    }
}
