namespace ConfSync.SystemTests.Push;

/// <summary>--all-or-none: no node keeps a push unless all can.</summary>
public sealed class AllOrNoneTests
{
    [Test]
    public async Task All_nodes_take_it_and_no_request_is_lost()
    {
        await using var push = await AgreedPush.PreparedAsync("ALL_OR_NONE=yes");
        await using var load = SteadyLoad.On(push.Peers[1], perSecond: 50);

        var outcome = await push.Primary.RunAsync("nginx-sync");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        await push.EnsureAllAsync(isNew: true);
        Assert.That(push.IsRecorded, Is.False);
        Assert.That((await load.StopAsync()).Failures, Is.Empty);
        var again = await push.RunAsync();
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Out.Split("is up to date"), Has.Length.EqualTo(4), again.ToString());
        var settle = await push.SettleAsync();
        Assert.That((settle.ExitCode, settle.Out), Is.EqualTo((0, "nginx-sync: nothing is left to settle\n")));
    }

    [Test]
    public async Task One_fails_its_test_or_cannot_be_reached_and_nobody_is_touched()
    {
        await using var push = await AgreedPush.PreparedAsync();
        var last = push.Peers[2];
        foreach (var node in new[] { push.Primary, push.Peers[0], push.Peers[1] }) node.Write("/etc/local.conf", "");
        push.Primary.Write("/etc/nginx/conf.d/local.conf", "include /etc/local.conf;");
        var before = await TracesAsync(push);

        var failed = await push.RunAsync("--serial", "all");

        Assert.That(failed.ExitCode, Is.EqualTo(2), failed.ToString());
        Assert.That(failed.Err, Does.Contain($"{last.Address}: testing the new configuration failed; nothing was changed there"));
        Assert.That(failed.Err, Does.Contain(
            $"1 of 3 nodes failed: {last.Address}; left as they were: {push.Peers[0].Address} {push.Peers[1].Address}\n"));

        push.Primary.Delete("/etc/nginx/conf.d/local.conf");
        await last.UnplugAsync();
        var unreached = await push.RunAsync();
        await last.PlugInAsync();

        Assert.That(unreached.ExitCode, Is.EqualTo(2), unreached.ToString());
        Assert.That(unreached.Err, Does.Contain($"{last.Address}: connecting failed; nothing was changed there"));
        Assert.That(await TracesAsync(push), Is.EqualTo(before));
        await push.EnsureAllAsync(isNew: false);
        // All or none of these.
        var subset = await push.RunAsync("--node", push.Peers[0].Address, push.Peers[1].Address);
        Assert.That(subset.ExitCode, Is.Zero, subset.ToString());
        await push.EnsureAsync(push.Peers[0], isNew: true);
        await push.EnsureAsync(last, isNew: false);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task One_is_not_healthy_and_all_have_what_they_had(int sick)
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var load = SteadyLoad.On(push.Peers[0], perSecond: 50);

        await push.EnsureOneSickUndoesAllAsync(push.Peers[sick]);

        Assert.That((await load.StopAsync()).Failures, Is.Empty);
    }

    [Test]
    public async Task One_cannot_bind_its_port_and_all_have_what_they_had()
    {
        await using var push = await AgreedPush.PreparedAsync();
        push.Primary.Write("/etc/nginx/conf.d/port.conf", "server { listen 8081; }");
        await push.Peers[1].TakePortAsync(8081);

        var outcome = await push.RunAsync("--serial", "all");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain(
            $"1 of 3 nodes failed: {push.Peers[1].Address}; undone: {push.Peers[0].Address} {push.Peers[2].Address}\n"));
        await push.EnsureAllAsync(isNew: false);
    }

    [Test]
    public async Task A_signal_while_nodes_wait_undoes_all()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await using var running = await push.HeldAtAsync(push.Peers[2], "verified");

        running.Signal(Running.SigTerm);
        await Eventually.TrueAsync(() => !push.Peers[0].Exists(NginxSync.Journal), "who waits has undone it");
        await AgreedPush.ReleaseAsync(push.Peers[2]);
        var outcome = await running.WaitAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(143), outcome.ToString());
        Assert.That(outcome.Err, Does.Contain($"{push.Peers[0].Address}: the push failed; the old configuration is back in place there"));
        Assert.That(outcome.Err, Does.Contain("3 of 3 nodes failed"));
        await push.EnsureAllAsync(isNew: false);
        Assert.That(push.IsRecorded, Is.False);
    }

    /// <summary>Time-outs on the peers count silence, not duration: neither a slow node nor a slow disk here expires those
    /// that wait.</summary>
    [Test]
    public async Task Who_waits_longer_than_its_time_out_is_not_expired()
    {
        await using var push = await AgreedPush.PreparedAsync("HEALTHCHECK_TIMEOUT=30");
        push.Peers[2].Write("/tmp/slow", "8");
        await using var running = await push.HeldAtAsync(push.Primary, "deciding");

        // More than CONFIRM_TIMEOUT, which is 5 s.
        await Task.Delay(TimeSpan.FromSeconds(7));
        await AgreedPush.ReleaseAsync(push.Primary);
        var outcome = await running.WaitAsync();

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        await push.EnsureAllAsync(isNew: true);
    }

    [Test]
    public async Task What_cannot_be_recorded_is_undone()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await push.Primary.ShAsync($"mkdir {AgreedPush.Decision}");

        var outcome = await push.RunAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Out, Does.Contain($" * Undid the update on {push.Peers[0].Address}, since the decision could not be recorded here"));
        Assert.That(outcome.Err, Does.Contain("0 of 3 nodes failed; undone: "));
        await push.EnsureAllAsync(isNew: false);
    }

    [Test]
    public async Task A_node_that_needs_a_reload_alone_has_its_turn_when_all_others_are_verified()
    {
        await using var push = await AgreedPush.PreparedAsync();
        var first = push.Peers[0];
        _ = (await push.Primary.RunAsync("nginx-sync", "--node", first.Address)).OutIfSuccessful;
        await first.StopNginxAsync();
        await first.StartNginxAsync();
        push.Peers[2].Write("/tmp/sick", "");
        var reloads = first.Reloads();

        var outcome = await push.RunAsync();

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(first.Reloads(), Is.EqualTo(reloads));
        await push.EnsureAsync(push.Peers[1], isNew: false);
        await push.EnsureAsync(push.Peers[2], isNew: false);

        push.Peers[2].Delete("/tmp/sick");
        outcome = await push.RunAsync();
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Out, Does.Contain($"{first.Address} was not known to serve it: nginx was reloaded and serves it now"));
        Assert.That(first.Reloads(), Is.EqualTo(reloads + 1));
        await push.EnsureAllAsync(isNew: true);
    }

    /// <summary>Where nginx does not run, or is not to be reloaded, files that are active and tested are all there is to
    /// see.</summary>
    [Test]
    public async Task Nodes_without_a_running_nginx_and_pushes_without_a_reload_take_part()
    {
        await using var push = await AgreedPush.PreparedAsync();
        await push.Peers[1].StopNginxAsync();
        push.Peers[2].Write("/tmp/sick", "");

        var failed = await push.RunAsync();

        Assert.That(failed.ExitCode, Is.EqualTo(2), failed.ToString());
        foreach (var peer in push.Peers) Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(push.Old), peer.Name);

        var outcome = await push.RunAsync("--no-reload");

        Assert.That(outcome.ExitCode, Is.EqualTo(2), outcome.ToString());
        Assert.That(outcome.Err, Does.Match($"nginx-sync: nginx is not running on {push.Peers[1].Address}\nPushed to .*\n$").And.Not.Contain("failed"));
        foreach (var peer in push.Peers) Assert.That(await peer.TreeAsync("/etc/nginx"), Is.EqualTo(push.New), peer.Name);
        Assert.That(await push.Peers[0].AnswerAsync(), Is.EqualTo("old\n"));
    }

    private static async Task<string> TracesAsync(AgreedPush push) =>
        string.Join('\n', await Task.WhenAll(push.Peers.Select(async peer =>
            await peer.TracesAsync("/etc/nginx/*.conf /etc/nginx/conf.d/*") + await peer.WorkersAsync() + peer.Reloads())));
}
