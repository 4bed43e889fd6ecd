using static ConfSync.SystemTests.Push.Generations;

namespace ConfSync.SystemTests.Push;

/// <summary>What nodes keep, shown.</summary>
public sealed class HistoryTests
{
    [Test]
    public async Task Generations_are_shown_the_last_one_first()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo 1 >a; echo 1 >b; echo 1 >\"$(printf 'new\\nline\\033[31m')\"");
        await lab.PushStateAsync("rm b; chmod 600 a");
        await lab.Primary.RolledBackAsync(lab.Peers[0].Address);
        var before = await lab.Peers[0].TracesAsync("/etc/nginx /var/lib/nginx-sync /run/nginx-sync");

        var shown = (await lab.Primary.RunAsync("nginx-sync", "history", lab.Peers[0].Address)).OutIfSuccessful +
            (await lab.Primary.RunAsync("nginx-sync", "history", lab.Peers[1].Address)).OutIfSuccessful;

        const string Time = @"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} \d\d:\d\d:\d\d [AP]M \w+ 20\d\d";
        Assert.That(shown, Does.Match(
            $@"^ \* Generations on {lab.Peers[0].Address}, the last one first:\n\n" +
            $@"    3  {Time}  root@primary  2 paths, back to 1, served now\n       run [0-9a-f]{{7}}\n" +
            $@"         mode    {Data}/a \(600 root:root to 644 root:root\)\n         create  {Data}/b\n" +
            $@"    2  {Time}  root@primary  2 paths\n       run [0-9a-f]{{7}}\n" +
            $@"         mode    {Data}/a \(644 root:root to 600 root:root\)\n         delete  {Data}/b\n" +
            $@"    1  {Time}  root@primary  4 paths\n       run [0-9a-f]{{7}}\n" +
            $@"         create  {Data}\n         create  {Data}/a\n         create  {Data}/b\n         and 1 more \(-r names them\)\n\n" +
            $@" \* Generations on {lab.Peers[1].Address}, the last one first:\n\n" +
            $@"    2  {Time}  root@primary  2 paths, served now\n"));
        Assert.That(await lab.Peers[0].TracesAsync("/etc/nginx /var/lib/nginx-sync /run/nginx-sync"), Is.EqualTo(before), "nothing is written");
        var all = (await lab.Primary.RunAsync("nginx-sync", "history", "-r", lab.Peers[1].Address)).OutIfSuccessful;
        Assert.That(all, Does.Contain($"create  {Data}/new\\x0aline\\x1b[31m\n").And.Not.Contain("more").And.Not.Contain(lab.Peers[0].Address));
    }

    [Test]
    public async Task A_node_need_not_be_in_NODES_nor_keep_anything_and_one_that_is_not_reached_is_named()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        var (first, second) = (lab.Peers[0].Address, lab.Peers[1].Address);
        lab.Primary.Configure($"NODES=\"{first} 192.0.2.1\"", $"CONFPATHS={Data}", "CONNECT_TIMEOUT=2");

        var shown = (await lab.Primary.RunAsync("nginx-sync", "history", second)).OutIfSuccessful;
        Assert.That(shown, Is.EqualTo(
            $" * Generations on {second}, the last one first:\n\n    none: no push has changed anything there, or none is kept any more\n\n"));
        var one = await lab.Primary.RunAsync("nginx-sync", "history");
        Assert.That(one.ExitCode, Is.EqualTo(2));
        Assert.That(one.Out, Does.Contain($" * Runs on {first}, the last one first:").And.Not.Contain("192.0.2.1"));
        Assert.That(one.Err, Does.StartWith("nginx-sync: 192.0.2.1 could not be asked (NS-2016):\n    "));
    }

    /// <summary>What is not to be read is not said to be nothing.</summary>
    [Test]
    public async Task A_login_that_may_not_look_is_told_so()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo 1 >file");
        var shown = await lab.Primary.PushAsAsync("deploy", "history", "-u");
        Assert.That(shown.ExitCode, Is.EqualTo(2), shown.ToString());
        Assert.That(shown.Err, Does.Contain($"this login may not look into {PeerSide.State}"));
        Assert.That((await lab.Primary.PushAsAsync("deploy", "history")).OutIfSuccessful, Does.Contain("root@primary"), "with sudo it may");
    }

    /// <summary>What somebody else may write there, root would serve.</summary>
    [TestCase("chmod 0777")]
    [TestCase("chmod 0770")]
    [TestCase("chown www-data")]
    public async Task What_others_may_write_is_not_to_be_trusted(string opening)
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes(Data);
        for (var i = 1; i <= 2; i++) await lab.PushStateAsync($"echo {i} >file");
        foreach (var peer in lab.Peers) await peer.ShAsync($"{opening} {PeerSide.State}");
        lab.Primary.Write($"{Data}/file", "3\n");
        foreach (var command in new string[][] { ["history"], ["rollback"], ["-n"], [] })
        {
            var refused = await lab.Primary.RunAsync(["nginx-sync", .. command]);
            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
            Assert.That(
                refused.Err.Split($"others than root may write to {PeerSide.State}, ").Length - 1, Is.EqualTo(2), refused.Err);
        }
        foreach (var peer in lab.Peers)
        {
            Assert.That(peer.ReadText($"{Data}/file"), Is.EqualTo("2\n"));
            await peer.ShAsync($"chown root {PeerSide.State}; chmod 0700 {PeerSide.State}; mv {PeerSide.State} /srv/moved; ln -s /srv/moved {PeerSide.State}");
        }
        // The push that was refused is the last run, and changed nothing.
        await lab.Primary.RolledBackAsync("--force");
        foreach (var peer in lab.Peers) Assert.That(peer.ReadText($"{Data}/file"), Is.EqualTo("1\n"), "a link of root's own is fine");
    }

    [Test]
    public async Task What_a_generation_did_not_record_is_said_and_the_others_are_shown()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Pushes(Data);
        for (var i = 1; i <= 5; i++) await lab.PushStateAsync($"echo {i} >file");
        foreach (var peer in lab.Peers)
        {
            await peer.ShAsync($"cd {Kept}; rm 2/changes; printf boo >3/changes; : >4/info; rm 5/info; mkdir 0x 01 20240101000000; echo >6");
        }

        var shown = "";
        foreach (var peer in lab.Peers) shown += (await lab.Primary.RunAsync("nginx-sync", "history", peer.Address)).OutIfSuccessful;

        foreach (var part in shown.Split(" * Generations on ").Skip(1))
        {
            var lines = part.Split('\n')[2..^2].Where(line => !line.StartsWith("       run ", StringComparison.Ordinal)).ToList();
            Assert.That(lines, Has.Count.EqualTo(9), part);
            Assert.That(lines[0], Is.EqualTo("    5  at a time that was not recorded  a user that was not recorded  1 path"));
            Assert.That(lines[2], Is.EqualTo("    4  at a time that was not recorded  a user that was not recorded  1 path"));
            Assert.That(lines[4], Does.StartWith("    3  ").And.EndWith("  root@primary  what it changed was not recorded"));
            Assert.That(lines[5], Does.StartWith("    2  ").And.EndWith("  root@primary  what it changed was not recorded"));
            Assert.That(lines[6], Does.StartWith("    1  ").And.EndWith("  root@primary  2 paths"));
        }
    }
}
