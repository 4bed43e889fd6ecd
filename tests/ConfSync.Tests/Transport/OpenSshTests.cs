using ConfSync.Inventory;
using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>What ssh is called with.</summary>
public sealed class OpenSshTests
{
    [TestCase("peer", "-- peer")]
    [TestCase("root@peer:2222", "-p 2222 -l root -- peer")]
    [TestCase("[2001:db8::1]:22", "-p 22 -- 2001:db8::1")]
    public void The_node_comes_after_all_options(string node, string end)
    {
        var arguments = Of(node).Arguments("command", Modern).ToList();
        Assert.That(string.Join(' ', arguments), Does.EndWith($" {end} command"));
        Assert.That(arguments.TakeWhile(argument => argument is not ("-p" or "-l" or "--")), Is.All.StartsWith("-"));
    }

    [Test]
    public void Nothing_is_asked_and_no_key_is_waved_through()
    {
        var arguments = Of("peer").Arguments("command", Modern).ToList();
        Assert.That(arguments, Does.Contain("-oBatchMode=yes").And.Contain("-oConnectTimeout=7").And.Contain("-T"));
        Assert.That(string.Join(' ', arguments), Does.Not.Contain("StrictHostKeyChecking").And.Not.Contain("UserKnownHosts"));
        Assert.That(string.Join(' ', arguments), Does.Not.Contain("IgnoreUnknown"), "it would displace the user's own");
    }

    [Test]
    public void An_old_ssh_is_not_given_options_that_it_refuses()
    {
        Assert.That(Of("peer").Arguments("command", Modern), Does.Contain("-oStdinNull=no"));
        Assert.That(Of("peer").Arguments("command", new SshFeatures(IsModern: false, HasKerberos: false)), Has.None.Contain("StdinNull").And.None.Contain("SessionType"));
    }

    [Test]
    public void A_key_is_offered_besides_the_users_own() => Assert.That(
        string.Join(' ', (Of("peer") with { KeyFile = "/root/my key" }).Arguments("command", Modern)),
        Does.Contain(" -i /root/my key ").And.Not.Contain("IdentitiesOnly"));

    [Test]
    public void A_connection_is_shared_with_nobody_or_within_a_directory_of_our_own()
    {
        Assert.That(Of("peer").Arguments("command", Modern), Does.Contain("-oControlMaster=no").And.Contain("-oControlPath=none"));
        var kept = Of("peer") with { Shared = new SharedConnections("/run/nginx-sync-ssh", TimeSpan.FromMinutes(10)) };
        var arguments = kept.Arguments("command", Modern).ToList();
        Assert.That(arguments, Is.SupersetOf(["-oControlMaster=auto", "-oControlPath=/run/nginx-sync-ssh/%C", "-oControlPersist=600"]));
        Assert.That(arguments, Does.Not.Contain("-oControlMaster=no").And.Not.Contain("-oControlPath=none"));
    }

    [Test]
    public async Task A_program_that_cannot_be_run_is_a_failure_that_says_so()
    {
        var outcome = await (Of("peer") with { Program = "/nowhere/ssh" }).ConnectAsync("command", default);

        var failure = (outcome as ConnectOutcome.Failed)?.Failure;
        Assert.That(failure?.Failure, Is.EqualTo(TransportFailure.NotStarted));
        Assert.That(failure?.Reason, Is.EqualTo("cannot run /nowhere/ssh: No such file or directory"));
        Assert.That(failure?.Advice, Does.Contain("SSH in the configuration file"));
    }

    [Test]
    public async Task A_program_that_says_nothing_of_itself_is_not_waited_for_after_an_interruption()
    {
        var program = Path.Combine(Path.GetTempPath(), $"nginx-sync-test-{Guid.NewGuid():n}");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nexec sleep 20\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using var interrupted = new CancellationTokenSource(TimeSpan.FromSeconds(1));

            var connecting = (Of("peer") with { Program = program }).ConnectAsync("command", interrupted.Token);

            Assert.That(
                async () => await connecting.WaitAsync(TimeSpan.FromSeconds(15)), Throws.InstanceOf<OperationCanceledException>());
        }
        finally
        {
            File.Delete(program);
        }
    }

    private static SshFeatures Modern => new(IsModern: true, HasKerberos: true);

    private static OpenSsh Of(string node) => NodeAddress.TryParse(node, out var address, out _)
        ? new OpenSsh(address, "/usr/bin/ssh", null, TimeSpan.FromSeconds(7))
        : throw new ArgumentException(node);
}
