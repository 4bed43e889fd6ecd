using static ConfSync.SystemTests.Push.Generations;

namespace ConfSync.SystemTests.Push;

/// <summary>Where there is no way back, or it would take somebody's work away: it is said, and nothing changes.</summary>
public sealed class RollbackRefusedTests
{
    [Test]
    public async Task What_somebody_has_changed_since_is_named_and_not_overwritten_without_force()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo 1 >one; echo 1 >two; echo 1 >three");
        await lab.PushStateAsync("echo 2 >one; rm two; chmod 600 three; mkdir made; echo 2 >made/in; echo 2 >untouched");
        var before = await lab.Peers[1].StateAsync();
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"cd {Data}; echo mine >one; echo mine >two; chmod 640 three; echo mine >made/mine; echo mine >other");
        }
        var edited = await lab.Peers[0].StateAsync();

        var refused = await lab.Primary.RollbackAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        foreach (var peer in lab.Peers)
        {
            Assert.That(refused.Err, Does.Contain(
                $"{peer.Address}: the way back failed; nothing was changed there (NS-5012):\n" +
                "    these were changed there since, and it would be lost:\n" +
                $"    {Data}/made/mine\n    {Data}/one\n    {Data}/three\n    {Data}/two\n" +
                "  see what it is"));
        }
        Assert.That(await lab.Peers[0].StateAsync(), Is.EqualTo(edited));

        await lab.Primary.RolledBackAsync("--force");
        foreach (var peer in lab.Peers)
        {
            Assert.That(
                await peer.ShAsync($"cd {Data}; grep -r . . | LC_ALL=C sort; stat -c %a three"),
                Is.EqualTo("./one:1\n./other:mine\n./three:1\n./two:1\n644"), "what it did not touch stays");
        }
        // What the edit was is kept as well: the way back over the roll-back has it.
        await lab.Primary.RolledBackAsync();
        Assert.That(await lab.Peers[0].StateAsync(), Is.EqualTo(edited));
        Assert.That(before, Is.Not.EqualTo(edited));
    }

    [Test]
    public async Task There_is_no_way_back_to_what_is_not_kept_and_it_says_what_is()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes(Data, "KEEP=2");
        var none = await lab.Primary.RollbackAsync();
        Assert.That(none.ExitCode, Is.EqualTo(2));
        Assert.That(none.Err, Does.Contain($"finding the way back failed; nothing was changed there (NS-5002):\n    this node keeps no generation in {PeerSide.State}: "));
        for (var i = 1; i <= 4; i++) await lab.PushStateAsync($"echo {i} >file");

        foreach (var to in new[] { "1", "5" })
        {
            var refused = await lab.Primary.RollbackAsync("--to", to);
            Assert.That(refused.ExitCode, Is.EqualTo(2));
            Assert.That(refused.Err, Does.Contain($"cannot go back to generation {to}: it keeps 3 to 4, and --to 2 is what was before them"));
        }
        await lab.Primary.RolledBackAsync("--to", "2");
        Assert.That(lab.Peers[0].ReadText($"{Data}/file"), Is.EqualTo("2\n"));
        Assert.That(await lab.Peers[0].NumbersAsync(), Is.EqualTo("4 5 "));
    }

    [TestCase("rm 2/changes", "generation 2 does not say what it changed")]
    [TestCase(": >2/changes", "generation 2 does not say what it changed")]
    [TestCase("sed -i '$d' 3/changes; echo boo >>3/changes", "generation 3 does not say what it changed")]
    [TestCase("rm -r 2", "generation 2 is missing on this node")]
    [TestCase("rm 2/plan", "generation 2 does not keep /etc/nginx/data/")]
    [TestCase("rm 2/old.1/file", "/generations/2/old.1/file is not there any more")]
    [TestCase("echo other >2/old.1/file", "file did not arrive as it is to be: other content")]
    [TestCase("mv 2/old.1/tree /root/; ln -s /root/tree 2/old.1/tree", "/generations/2/old.1/tree is not there any more")]
    [TestCase("ln -sf /etc/passwd 2/old.1/file", "/generations/2/old.1/file is not there any more")]
    public async Task A_generation_that_is_not_whole_is_named_and_nothing_changes(string damage, string words)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo 1 >file; mkdir tree; echo t >tree/in; echo 1 >other");
        await lab.PushStateAsync("echo 2 >file; rm -r tree");
        await lab.PushStateAsync("echo 3 >file; echo 3 >other");
        foreach (var peer in lab.Peers) await peer.ShAsync($"cd {Kept}; {damage}");
        var before = await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync()));

        var refused = await lab.Primary.RollbackAsync("--to", "1");

        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Err.Split(words), Has.Length.EqualTo(3), refused.Err);
        Assert.That(await Task.WhenAll(lab.Peers.Select(peer => peer.StateAsync())), Is.EqualTo(before));
        foreach (var peer in lab.Peers) Assert.That(await peer.LeftoversAsync(), Is.Empty);
    }

    [Test]
    public async Task What_is_excluded_or_outside_of_confpaths_today_is_named_and_not_touched()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes($"{Data} /etc/nginx/more");
        await lab.PushStateAsync("echo 1 >file; echo 1 >local.conf; mkdir ../more; echo 1 >../more/m");
        await lab.PushStateAsync("echo 2 >file; echo 2 >local.conf; echo 2 >../more/m");
        lab.Pushes(Data, "EXCLUDE=local.conf");
        var before = await lab.Peers[0].StateAsync();

        var refused = await lab.Primary.RollbackAsync("--force");

        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Err, Does.Contain(
            "and are in EXCLUDE or outside of CONFPATHS in this configuration file:\n" +
            $"    {Data}/local.conf\n    /etc/nginx/more/m\n    If that was pushed with another configuration file, roll it back with that one (-f FILE)."));
        Assert.That(await lab.Peers[0].StateAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task What_has_no_directory_any_more_is_named_even_with_force()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes(Data);
        await lab.PushStateAsync("mkdir sub; echo 1 >sub/file; echo 1 >sub/stays");
        await lab.PushStateAsync("rm sub/file");
        await lab.Peers[0].ShAsync($"rm -r {Data}/sub");
        var refused = await lab.Primary.RollbackAsync("--force");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Err, Does.Contain($"make it there first:\n    {Data}/sub/file"));
        await lab.Peers[0].ShAsync($"mkdir {Data}/sub");
        await lab.Primary.RolledBackAsync();
        Assert.That(lab.Peers[0].ReadText($"{Data}/sub/file"), Is.EqualTo("1\n"));
    }
}
