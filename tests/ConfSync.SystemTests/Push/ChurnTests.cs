namespace ConfSync.SystemTests.Push;

/// <summary>Somebody saves files, as editors do, while they are pushed and compared.</summary>
public sealed class ChurnTests
{
    private const int Runs = 8;

    private const string Conf = "/etc/nginx/conf.d";

    // What vim, emacs and sed -i do: a probe that is made and removed, a backup, a file that is renamed over another, one
    // that is made anew in place.
    private const string Editors = $"""
        cd {Conf}
        n=0
        while :; do
          n=$((n + 1))
          : >4913; rm -f 4913
          echo "# vim $n" >vim.conf.new; mv vim.conf vim.conf~; mv vim.conf.new vim.conf; rm -f vim.conf~
          ln -s "root@here.$n" ".#emacs.conf"; echo "# emacs $n" >emacs.conf; rm -f ".#emacs.conf"
          cp sed.conf sedXXXX$n; mv sedXXXX$n sed.conf
          sleep 0.15
        done
        """;

    /// <summary>All succeed, or say what moved and that it is worth another run.</summary>
    [Test]
    public async Task Editors_on_the_primary_hold_up_no_push_and_no_comparison()
    {
        await using var lab = await StartAsync();
        await using var editors = await lab.Primary.StartAsync("sh", "-c", Editors);

        for (var run = 0; run < Runs; run++)
        {
            lab.WriteSite($"site {run}");
            var push = await lab.NginxSyncAsync("-r");
            if (push.ExitCode != 0) EnsureToldToRunAgain(push, "on this machine");
            var comparison = await lab.NginxSyncAsync("-C", "-d");
            if (comparison.ExitCode == 2) EnsureToldToRunAgain(comparison, "on this machine");
        }
        editors.Kill();
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        foreach (var peer in lab.Peers) Assert.That(await peer.TreeAsync(Conf), Is.EqualTo(await lab.Primary.TreeAsync(Conf)));
    }

    [Test]
    public async Task Editors_on_a_peer_hold_up_no_push_and_no_comparison()
    {
        await using var lab = await StartAsync();
        lab.Primary.Configure($"NODES=\"{lab.Nodes}\"", $"CONFPATHS=\"{Conf}\"", "EXCLUDE=\"default.conf vim.conf* emacs.conf sed*\"");
        List<Running> editors = [];
        foreach (var peer in lab.Peers) editors.Add(await peer.StartAsync("sh", "-c", Editors));

        for (var run = 0; run < Runs; run++)
        {
            lab.WriteSite($"site {run}");
            var push = await lab.NginxSyncAsync("-r", "--serial", "all");
            if (push.ExitCode != 0) EnsureToldToRunAgain(push, "");
            var comparison = await lab.NginxSyncAsync("-C", "-d");
            if (comparison.ExitCode == 2) EnsureToldToRunAgain(comparison, "");
        }
        foreach (var editor in editors) await editor.DisposeAsync();
        Assert.That((await lab.NginxSyncAsync()).ExitCode, Is.Zero);
        foreach (var peer in lab.Peers) Assert.That(await peer.SiteAsync(), Is.EqualTo($"site {Runs - 1}"));
    }

    /// <summary>A file that is never the same twice while it is read.</summary>
    [Test]
    public async Task A_file_that_always_changes_on_the_primary_is_named_and_no_node_is_blamed()
    {
        await using var lab = await StartAsync();
        lab.WriteSite("new");
        lab.Primary.Write("/usr/local/bin/cat", $"#!/bin/sh\ncase \" $*\" in *\"{NginxSync.Site}\"*) echo '#' >>{NginxSync.Site} ;; esac\nexec /bin/cat \"$@\"\n");
        lab.Primary.Files.SetMode("/usr/local/bin/cat", (UnixFileMode)0b111_101_101);

        var push = await lab.NginxSyncAsync("-r");

        Assert.That(push.ExitCode, Is.EqualTo(1), push.ToString());
        Assert.That(push.Out, Does.Contain("beginning again: "));
        Assert.That(push.Err, Does.Contain($"{NginxSync.Site}, on this machine, changed while it was read; run again")
            .And.Not.Contain("another person").And.Not.Contain(lab.Peers[0].Address));
        foreach (var peer in lab.Peers) Assert.That(peer.Exists(NginxSync.Site), Is.False);
    }

    private static void EnsureToldToRunAgain(Outcome outcome, string where)
    {
        TestContext.Out.WriteLine(outcome);
        Assert.That(outcome.Err, Does.Contain("run again").Or.Contain("run nginx-sync again"), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain(where), outcome.ToString());
    }

    private static async Task<Lab> StartAsync()
    {
        var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine);
        lab.Configure();
        foreach (var name in new[] { "vim.conf", "emacs.conf", "sed.conf" }) lab.Primary.Write($"{Conf}/{name}", "# first\n");
        for (var i = 0; i < 300; i++) lab.Primary.Write($"{Conf}/parts/f{i}", $"# {i}\n");
        _ = (await lab.NginxSyncAsync("--serial", "all")).OutIfSuccessful;
        return lab;
    }
}
