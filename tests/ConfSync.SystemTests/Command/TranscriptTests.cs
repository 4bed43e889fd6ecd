using System.Text.RegularExpressions;

namespace ConfSync.SystemTests;

/// <summary>What nginx-sync prints: the original's words, in the order of NODES.</summary>
public sealed partial class TranscriptTests
{
    private const string Tested = """
        nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
        nginx: configuration file /etc/nginx/nginx.conf test is successful
        """;

    [Test]
    public async Task A_push_prints_what_the_original_printed()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync();
        var node = (string name) => $"""
             * Testing nginx config on {name}

            {Tested}
             * Backing up configuration on {name}

             * Updating configuration on {name}

                1 created
            nginx on {name} was reloaded and serves it

            """;
        Assert.That(outcome.Err, Is.Empty);
        Assert.That(Normalised(lab, outcome.Out), Is.EqualTo($"""
             * Synchronization started at DATE

             * Checking prerequisites

             * Testing local nginx configuration file

            {Tested}
            nginx version: nginx/VERSION
            {node("PEER1")}{node("PEER2")} * Synchronization ended at DATE

            Pushed to 2 of 2 nodes: 2 updated; all serve it.

            """));
        Assert.That(outcome.ExitCode, Is.Zero);
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo("new"));
    }

    [Test]
    public async Task A_deletion_is_named_though_nobody_asked_for_names()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        foreach (var node in new[] { lab.Primary, lab.Peers[0] }) node.Write("/etc/nginx/conf.d/other.conf", "# other\n");
        lab.Peers[0].Write("/etc/nginx/conf.d/gone.conf", "# gone\n");
        lab.Primary.Write("/etc/nginx/conf.d/other.conf", "# another\n");
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(Normalised(lab, outcome.Out), Does.Contain("""
             * Updating configuration on PEER1

                1 changed, 1 created, 1 deleted
                delete  /etc/nginx/conf.d/gone.conf
            nginx on PEER1 was reloaded and serves it
             * Synchronization ended at DATE

            """));
        Assert.That(outcome, Has.Property("ExitCode").Zero.And.Property("Err").Empty);
        Assert.That(lab.Peers[0].Exists("/etc/nginx/conf.d/gone.conf"), Is.False);
    }

    [Test]
    public async Task A_push_that_fails_on_one_of_three_ends_with_who_holds_what()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Configure();
        lab.WriteSite("new");
        await lab.Peers[1].TakePortAsync();
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(2));
        Assert.That(Normalised(lab, outcome.Out), Does.EndWith(" * Synchronization ended at DATE\n\n"));
        Assert.That(Normalised(lab, outcome.Err), Does.Match("^nginx-sync: PEER2: reloading nginx failed; the old configuration is back in place there \\(NS-4005\\):\n"));
        Assert.That(Normalised(lab, outcome.Err), Does.EndWith("""

            nginx-sync: 1 of 3 nodes failed: PEER2
            Pushed to 2 of 3 nodes: PEER1 and PEER3 have the new configuration and serve it; PEER2 has the old configuration. THEY DIFFER.

            """));
        foreach (var (peer, site) in lab.Peers.Zip(["new", "", "new"])) Assert.That(peer.Exists(NginxSync.Site), Is.EqualTo(site.Length > 0));
    }

    [Test]
    public async Task A_dry_run_is_called_one()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Configure();
        lab.WriteSite("new");
        var outcome = await lab.NginxSyncAsync("-n");
        var node = (string name) => $"""
             * Would update configuration on {name}

                1 created
                create  {NginxSync.Site}
             * Testing nginx config on {name}

            {Tested}

            """;
        Assert.That(Normalised(lab, outcome.Out), Is.EqualTo($"""
             * Dry run started at DATE

             * Checking prerequisites

             * Testing local nginx configuration file

            {Tested}
            nginx version: nginx/VERSION
            {node("PEER1")}{node("PEER2")} * Dry run ended at DATE

            Dry run: a push would update 2 of 2 nodes. Nothing was changed.

            """));
        Assert.That(outcome, Has.Property("ExitCode").Zero.And.Property("Err").Empty);
    }

    [Test]
    public async Task A_roll_back_ends_with_its_own_verdict()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("new");
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        var outcome = await lab.NginxSyncAsync("rollback");
        Assert.That(Normalised(lab, outcome.Out), Is.EqualTo($"""
             * Rollback started at DATE

             * Testing nginx config on PEER1

            {Tested}
             * Rolling back configuration on PEER1 to generation 0

                to what was there before run ID
                1 deleted
                delete  {NginxSync.Site}
            nginx on PEER1 was reloaded and serves it
             * Rollback ended at DATE

            !!! The next push puts what this primary holds on PEER1 again.
            !!! If that is what was undone now, correct it here first.
            Rolled back 1 of 1 node: 1 put back; it serves it. Undone: run ID by root@primary, DATE.

            """));
        Assert.That(outcome, Has.Property("ExitCode").Zero.And.Property("Err").Empty);
        Assert.That(lab.Peers[0].Exists(NginxSync.Site), Is.False);
    }

    [Test]
    public async Task A_push_that_does_not_begin_ends_with_that()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("new", "no_such_directive;");
        var outcome = await lab.NginxSyncAsync();
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
        Assert.That(outcome.Err, Does.StartWith("nginx-sync: testing the local nginx configuration failed; nothing was pushed (NS-1301):\n")
            .And.Contain("unknown directive \"no_such_directive\"")
            .And.EndWith("\nNothing was pushed.\n"));
        Assert.That(lab.Peers[0].Exists(NginxSync.Site), Is.False);
    }

    [Test]
    public async Task The_second_push_says_that_nothing_is_to_be_done_and_verbose_names_paths()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Configure();
        lab.WriteSite("new");
        var first = await lab.NginxSyncAsync("-r");
        Assert.That(first.Out, Does.Contain($"    create  {NginxSync.Site}\n"));
        var second = await lab.NginxSyncAsync();
        Assert.That(second.Out, Does.Contain($" * Configuration on {lab.Peers[0].Address} is up to date\n"));
        Assert.That(second.Out, Does.Not.Contain("reloaded"));
        Assert.That(second.Out, Does.EndWith("\nPushed to 1 of 1 node: 1 already up to date; it serves it.\n"));
        Assert.That(second.ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_comparison_prints_what_the_original_printed_and_then_its_sum()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        var peer = lab.Peers[0];
        lab.Configure();
        peer.Write("/etc/nginx/nginx.conf", peer.ReadText("/etc/nginx/nginx.conf") + "# of the peer\n");
        lab.WriteSite("new");
        peer.Write("/etc/nginx/conf.d/there.conf", "");
        var outcome = await lab.NginxSyncAsync("-C");
        // Whether nginx "probably" runs what is there depends on how long ago the lab started it.
        Assert.That(Normalised(lab, outcome.Out.Replace("\n\n", "\n", StringComparison.Ordinal)), Does.StartWith("""
             * Comparing local and remote configs
             * Comparing configs on master node and PEER1:
            Only in local:/etc/nginx/conf.d: site.conf
            Only in remote:/etc/nginx/conf.d: there.conf
            Files local:/etc/nginx/nginx.conf and remote:/etc/nginx/nginx.conf differ
            PEER1: 3 paths are not the same (1 differ, 1 only local, 1 only remote)
            """).And.Contain("\n1 node compared, 1 with differences"));
        Assert.That(outcome, Has.Property("ExitCode").EqualTo(1).And.Property("Err").Empty);
    }

    [Test]
    public async Task What_hostile_peers_say_is_made_harmless()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        const string Attack = @"\033]0;x\007\033[2J\r\302\233K";
        foreach (var peer in lab.Peers.Take(2))
        {
            peer.Write("/usr/sbin/nginx.hostile", $"#!/bin/sh\nprintf '{Attack}' >&2\nexit 1\n");
            await peer.RunAsync("chmod", "755", "/usr/sbin/nginx.hostile");
            await peer.RunAsync("mv", "/usr/sbin/nginx.hostile", "/usr/sbin/nginx");
        }
        lab.Peers[2].ForceCommand($"printf '{Attack}' >&2; exit 1");
        lab.Configure();
        lab.WriteSite("new");
        foreach (var arguments in new string[][] { [], ["-n"], ["-C"], ["-l", "/root/log"] })
        {
            var outcome = await lab.NginxSyncAsync(arguments);
            Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
            Assert.That((outcome.Out + outcome.Err).Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
            Assert.That(outcome.Err, Does.Contain(@"\x1b]0;x\x07"));
        }
        Assert.That(lab.Primary.ReadText("/root/log").Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
    }

    /// <summary>What differs from run to run made equal: addresses, times, versions.</summary>
    public static string Normalised(Lab lab, string text)
    {
        foreach (var peer in lab.Peers) text = text.Replace(peer.Address, peer.Name.ToUpperInvariant(), StringComparison.Ordinal);
        return Run().Replace(Version().Replace(Date().Replace(text, "DATE"), "nginx/VERSION"), "run ID");
    }

    [GeneratedRegex("[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [AP]M [A-Z]+ [0-9]{4}")]
    private static partial Regex Date();

    [GeneratedRegex(@"\brun [0-9a-f]{7}\b")]
    private static partial Regex Run();

    [GeneratedRegex("nginx/[0-9.]+")]
    private static partial Regex Version();
}
