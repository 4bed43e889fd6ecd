namespace ConfSync.SystemTests.Push;

/// <summary>A plan of a roll-back, and one that is to be silent.</summary>
public sealed class PlannedRollbackTests
{
    [Test]
    public async Task A_plan_says_whose_work_would_be_undone_and_changes_nothing_and_a_good_end_is_silent_if_asked()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Pushes("/etc/nginx/conf.d");
        foreach (var site in (string[])["monday", "tuesday"])
        {
            lab.Primary.WriteSite(site);
            Assert.That((await lab.Primary.RunAsync("nginx-sync", "-q", "-m", site)).OutIfSuccessful, Is.Empty);
        }

        var plan = await lab.Primary.RunAsync("nginx-sync", "rollback", "--plan");
        Assert.That(plan.OutIfSuccessful, Does.Match(
            "a roll-back would put back 2 of 2 nodes. It would undo: run [0-9a-f]{7} by root@primary, .*, \"tuesday\". Nothing was changed.\n$"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("tuesday"));
        var lines = (await lab.Primary.RunAsync("nginx-sync", "rollback", "--plan", "-d", lab.Peers[0].Address)).OutIfSuccessful;
        Assert.That(lines, Does.Match(
            "\n--- remote:/etc/nginx/conf.d/site.conf\t.*\n\\+\\+\\+ kept:/etc/nginx/conf.d/site.conf\t.*\n@@ .*\n(.*\n)*-.*tuesday.*\n(.*\n)*\\+.*monday"));

        await lab.Peers[0].ShAsync($"find {PeerSide.State}/generations -name site.conf -exec sh -c 'echo damaged >\"$1\"' _ {{}} \\;");
        var damaged = await lab.Primary.RunAsync("nginx-sync", "rollback", "--plan", "-d", lab.Peers[0].Address);
        Assert.That(damaged.Err, Does.Contain("gone or damaged, so that they cannot go back:\n    /etc/nginx/conf.d/site.conf\n"), damaged.ToString());
        lab.Primary.WriteSite("monday");
        await lab.Primary.PushedAsync();
        lab.Primary.WriteSite("tuesday");
        await lab.Primary.PushedAsync();

        var quiet = await lab.Primary.RunAsync("nginx-sync", "rollback", "-q");
        // What the primary still holds is wrong, and stays so.
        Assert.That(quiet.OutIfSuccessful, Is.Empty);
        Assert.That(quiet.Err, Is.Empty);
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("monday"));

        var settled = await lab.Primary.RunAsync("nginx-sync", "settle", "-q");
        Assert.That((settled.OutIfSuccessful, settled.Err), Is.EqualTo(("", "")));
    }
}
