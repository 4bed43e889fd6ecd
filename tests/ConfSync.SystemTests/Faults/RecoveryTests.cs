namespace ConfSync.SystemTests.Faults;

/// <summary>What the next push finds after a loss of power, where it is not as simple as that.</summary>
public sealed class RecoveryTests : FaultFixture
{
    // Notes in /tmp/synced what is synced, after the last mark that was made before.
    private const string WatchingSync = """
        printf '%s\n' '#!/bin/sh' 'echo "$(tail -n 1 /var/lib/nginx-sync/transaction/marks) $*" >>/tmp/synced' \
          'exec /usr/bin/sync "$@"' >/usr/local/sbin/sync && chmod 755 /usr/local/sbin/sync
        """;

    /// <summary>Which of them is meant, its configuration says: it reads what was pushed.</summary>
    [Test]
    public async Task Several_masters_do_not_keep_the_old_files_from_coming_back()
    {
        await using var push = await HeldAtAsync("arrived", "several masters");
        await push.SufferAsync(Fault.PowerLoss);
        push.Push.Kill();
        await push.OnPeerAsync("""
            printf 'pid /run/second.pid; events {} http { server { listen 82; return 200 second; } }\n' >/tmp/second.conf
            cp /run/nginx.pid /tmp/pid; rm /run/nginx.pid; nginx -c /tmp/second.conf >/dev/null 2>&1
            """);

        var next = await push.RunAsync();

        Assert.That(next.ExitCode, Is.Zero, next.ToString());
        Assert.That(next.Out, Does.Contain("it is undone now").And.Not.Contain("not seen to serve"));
        await push.OnPeerAsync("kill $(cat /run/second.pid); while [ -e /run/second.pid ]; do sleep 0.01; done; cp /tmp/pid /run/nginx.pid");
        await EnsureConvergesAsync(push);
    }

    /// <summary>An old configuration that nginx does not take any more must not lock the way to a better one.</summary>
    [Test]
    public async Task An_old_configuration_that_cannot_be_served_any_more_does_not_keep_a_new_one_away()
    {
        await using var push = await HeldAtAsync("signalled", "old state not servable");
        await push.SufferAsync(Fault.PowerLoss);
        push.Push.Kill();
        // Both configurations listen on port 80; for the old one alone something else has its port by now.
        await push.OnPeerAsync("""
            old=$(echo /etc/nginx/conf.d/.nginx-sync.*/old) && sed 's/default_server;/default_server; listen 82;/' $old/default.conf >/tmp/d &&
              cp /tmp/d $old/default.conf && /usr/sbin/sshd -p 82 -o PidFile=none
            """);

        await EnsureConvergesAsync(push);
    }

    /// <summary>No test can take the power of a disk; but what must be on it before what, and was synced, can be seen.</summary>
    [Test]
    public async Task Everything_that_a_mark_speaks_of_is_synced_before_it()
    {
        await using var push = await HeldAtAsync("staging", "sync", new FaultSetting { Prepare = WatchingSync });
        await push.ReleaseAsync();
        Assert.That((await push.Push.WaitAsync()).ExitCode, Is.Zero);

        var synced = push.Peer.ReadText("/tmp/synced").Split('\n');
        var beforeRenames = synced.Where(line => line.StartsWith("activating ", StringComparison.Ordinal)).ToList();
        Assert.That(beforeRenames, Has.Count.EqualTo(1));
        Assert.That(beforeRenames[0], Does.Match("/etc/nginx/.nginx-sync.[0-9a-f]+/old").And.Match("/etc/nginx/conf.d/.nginx-sync.[0-9a-f]+/old"));
        Assert.That(
            synced, Has.Some.Match("^(active|signalled) .*/etc/nginx .*/etc/nginx/conf.d .*/etc/nginx/conf.d/parts"),
            "the renames are on the disk before it is said that they are to stay");
    }

    [Test]
    public async Task What_was_put_back_is_synced_before_its_mark()
    {
        await using var push = await HeldAtAsync("staging", "sync of an undo", new FaultSetting(HealthCheck: "false") { Prepare = WatchingSync });
        await push.ReleaseAsync();
        Assert.That((await push.Push.WaitAsync()).ExitCode, Is.EqualTo(2));

        Assert.That(
            push.Peer.ReadText("/tmp/synced").Split('\n'),
            Has.Some.Match("^undoing .*/etc/nginx .*/etc/nginx/conf.d .*/etc/nginx/conf.d/parts"));
    }
}
