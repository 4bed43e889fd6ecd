namespace ConfSync.SystemTests.Push;

/// <summary>
/// Any user may run the program nginx with a file of his own, or a process with nginx's title. Root neither tests with
/// such a file (a module that it loads would run as root) nor signals such a process, nor is a push kept from its work.
/// </summary>
public sealed class WhoseNginxTests
{
    private const string Trap = "/home/plain/opened-by-a-test";

    // Once his nginx runs, his file has root leave a trace, if root tests with it.
    private const string HisNginx = """
        cd && printf 'pid /home/plain/pid; error_log /home/plain/log; events {}' >his.conf &&
          nginx -c /home/plain/his.conf 2>/dev/null && cp /home/plain/pid /tmp/his
        printf 'pid /home/plain/pid; error_log /home/plain/opened-by-a-test; events {}' >his.conf
        """;

    private const string HisTitle = """
        cd && printf 'pid /home/plain/pid2; error_log /home/plain/opened-by-a-test; events {}' >his.conf
        bash -c 'exec -a "nginx: master process /usr/sbin/nginx -c /home/plain/his.conf" sleep 1000' >/dev/null 2>&1 &
        echo $! >/tmp/his
        """;

    [TestCase(HisNginx)]
    [TestCase(HisTitle)]
    public async Task A_process_of_another_user_is_not_nginx_to_root(string his)
    {
        // A program of busybox cannot have another name.
        await using var lab = await Lab.StartAsync(his == HisTitle ? [PeerKind.Debian] : [PeerKind.Debian, PeerKind.Alpine]);
        Node[] all = [lab.Primary, .. lab.Peers];
        lab.Primary.WriteSite("new");
        lab.Pushes("/etc/nginx/conf.d");
        foreach (var node in all)
        {
            _ = (await node.RunAsync(new Invocation("sh", "-c", his) { User = "plain" })).OutIfSuccessful;
            await node.ShAsync("mv /run/nginx.pid /tmp/nginx.pid; cp /tmp/his /run/nginx.pid");
        }

        var besideRoots = await lab.Primary.PushedAsync();

        Assert.That(besideRoots, Does.Contain("Updating"));
        foreach (var peer in lab.Peers) Assert.That(await peer.AnswerAsync(81), Is.EqualTo("new"));

        foreach (var node in all)
        {
            await node.ShAsync("kill $(cat /tmp/nginx.pid); while kill -0 $(cat /tmp/nginx.pid) 2>/dev/null; do sleep 0.01; done");
            await node.ShAsync("cp /tmp/his /run/nginx.pid");
        }
        lab.Primary.WriteSite("newer");
        var compared = await lab.Primary.RunAsync("nginx-sync", "-C");
        var dry = await lab.Primary.PushAsync("--dry-run");
        var alone = await lab.Primary.PushAsync();

        Assert.That(compared.ExitCode, Is.EqualTo(1), compared.ToString());
        Assert.That(dry.ExitCode, Is.EqualTo(2), dry.ToString());
        Assert.That(alone.ExitCode, Is.EqualTo(2), alone.ToString());
        foreach (var peer in lab.Peers) Assert.That(alone.Out, Does.Contain($"nginx is not running on {peer.Address}"));
        foreach (var node in all)
        {
            Assert.That(node.Exists(Trap), Is.False, $"{node.Name}: root tested with a user's file");
            Assert.That((await node.RunAsync("sh", "-c", "kill -0 $(cat /tmp/his)")).ExitCode, Is.Zero, "his process is unharmed");
        }
    }
}
