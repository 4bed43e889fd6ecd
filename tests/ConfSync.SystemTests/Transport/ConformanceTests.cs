using System.Net.Sockets;
using System.Security.Cryptography;
using ConfSync.Transport;

namespace ConfSync.SystemTests;

/// <summary>What every transport must do, whatever it is made of. Each test runs on all of them.</summary>
[TestFixtureSource(typeof(TransportLab), nameof(TransportLab.Ways))]
public sealed class ConformanceTests(Way way)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Bytes_come_back_as_they_went_in_both_ways_at_once()
    {
        await using var lab = await TransportLab.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            var data = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(3_000_000, 6_000_000));
            await using var cat = await lab.StartAsync(way, "exec cat");
            var output = TransportLab.ReadAsync(cat);
            await TransportLab.WriteAsync(cat, data);
            Assert.That(SHA256.HashData(await output), Is.EqualTo(SHA256.HashData(data)), $"round {i}");
            Assert.That(await cat.ExitAsync(CancellationToken.None), Is.Zero);
        }
    }

    [Test]
    public async Task Small_amounts_and_none_arrive_with_their_end()
    {
        await using var lab = await TransportLab.StartAsync();
        foreach (var size in new[] { 0, 1, 32 * 1024, (32 * 1024) + 1, 100_000, 300_000 })
        {
            var data = RandomNumberGenerator.GetBytes(size);
            var outcome = await lab.RunAsync(way, "exec sha256sum", data);
            Assert.That(outcome.Out, Is.EqualTo($"{Convert.ToHexStringLower(SHA256.HashData(data))}  -\n"), $"{size} bytes");
        }
    }

    [TestCase("exit 0", 0)]
    [TestCase("exit 7", 7)]
    [TestCase("exit 255", 255)]
    [TestCase("no-such-program", 127)]
    [TestCase("kill -TERM $$", 255)]
    [TestCase("kill -KILL $$", 255)]
    [TestCase("kill -SEGV $$", 255)]
    public async Task An_exit_status_is_the_commands_and_255_for_a_signal(string command, int status)
    {
        await using var lab = await TransportLab.StartAsync();
        Assert.That((await lab.RunAsync(way, command)).ExitCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Error_text_is_kept_apart_and_complete_at_the_end()
    {
        await using var lab = await TransportLab.StartAsync();
        var outcome = await lab.RunAsync(way, "echo out; echo error >&2; seq 10000; seq 1000 >&2; exit 9");
        Assert.That(outcome.ExitCode, Is.EqualTo(9));
        Assert.That(outcome.Out, Is.EqualTo("out\n" + string.Concat(Enumerable.Range(1, 10000).Select(i => $"{i}\n"))));
        Assert.That(outcome.Err, Is.EqualTo("error\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i}\n"))));
    }

    [Test]
    public async Task Endless_error_text_does_not_fill_the_memory()
    {
        await using var lab = await TransportLab.StartAsync();
        var outcome = await lab.RunAsync(way, "yes error | head -c 30000000 >&2; echo last >&2");
        Assert.That(outcome.Err, Has.Length.LessThan(200_000).And.EndsWith("last\n"));
    }

    [Test]
    public async Task A_banner_counts_as_error_text()
    {
        await using var lab = await TransportLab.StartAsync();
        lab.Peer.Write("/etc/banner", "this is a banner\n");
        await lab.Peer.ConfigureSshdAsync("Banner /etc/banner");
        var outcome = await lab.RunAsync(way, "echo out");
        Assert.That(outcome.Out, Is.EqualTo("out\n"));
        Assert.That(outcome.Err.ReplaceLineEndings("\n"), Is.EqualTo("this is a banner\n"));
    }

    [Test]
    public async Task What_nobody_reads_does_not_fill_the_memory()
    {
        await using var lab = await TransportLab.StartAsync();
        await using var flood = await lab.StartAsync(way, "head -c 300000000 /dev/zero; echo done >/root/done");
        var first = new byte[1];
        await flood.Output.ReadExactlyAsync(first);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true), Is.LessThan(100_000_000));
        Assert.That(lab.Peer.Exists("/root/done"), Is.False, "the peer waits for the reader");
        Assert.That(await TransportLab.ReadAsync(flood), Has.Length.EqualTo(300_000_000 - first.Length));
        Assert.That(lab.Peer.Exists("/root/done"), Is.True);
    }

    [Test]
    public async Task A_peer_that_does_not_read_is_waited_for_and_can_be_left()
    {
        await using var lab = await TransportLab.StartAsync();
        await using var sleeper = await lab.StartAsync(way, "echo here; exec sleep 1000");
        await sleeper.Output.ReadExactlyAsync(new byte[5]);
        var written = 0L;
        var writes = Task.Run(async () =>
        {
            var piece = new byte[64 * 1024];
            while (true)
            {
                await sleeper.Input.WriteAsync(piece);
                Interlocked.Add(ref written, piece.Length);
            }
        });
        await Task.Delay(TimeSpan.FromSeconds(2));
        var accepted = Interlocked.Read(ref written);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.That(Interlocked.Read(ref written), Is.EqualTo(accepted).And.LessThan(32_000_000));
        Assert.That(writes.IsCompleted, Is.False);
        sleeper.Kill();
        Assert.That(async () => await writes.WaitAsync(AtOnce), Throws.InstanceOf<IOException>());
        Assert.That(await TransportLab.ReadAsync(sleeper).WaitAsync(AtOnce), Is.Empty);
        await sleeper.ExitAsync(CancellationToken.None).WaitAsync(AtOnce);
    }

    [Test]
    public async Task A_write_that_is_stuck_in_a_dead_link_can_be_left_at_once()
    {
        await using var lab = await TransportLab.StartAsync();
        await using var cat = await lab.StartAsync(way, "echo here; exec cat >/dev/null");
        await cat.Output.ReadExactlyAsync(new byte[5]);
        await lab.Peer.UnplugAsync();
        var writes = Task.Run(async () =>
        {
            var piece = new byte[64 * 1024];
            while (true) await cat.Input.WriteAsync(piece);
        });
        await Task.Delay(TimeSpan.FromSeconds(2));
        cat.Kill();
        Assert.That(async () => await writes.WaitAsync(AtOnce), Throws.InstanceOf<IOException>());
        await TransportLab.ReadAsync(cat).WaitAsync(AtOnce);
        await cat.ExitAsync(CancellationToken.None).WaitAsync(AtOnce);
    }

    [Test]
    public async Task A_link_that_is_dead_without_notice_ends_the_session()
    {
        await using var lab = await TransportLab.StartAsync();
        await using var sleeper = await lab.StartAsync(way, "echo here; exec sleep 1000");
        await sleeper.Output.ReadExactlyAsync(new byte[5]);
        await lab.Peer.UnplugAsync();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(await TransportLab.ReadAsync(sleeper), Is.Empty);
        Assert.That(await sleeper.ExitAsync(CancellationToken.None).WaitAsync(AtOnce), Is.EqualTo(255));
        Assert.That(clock.Elapsed.TotalSeconds, Is.InRange(12, 30));
        Assert.That(sleeper.ErrorText, Does.Contain($"Timeout, server {lab.Peer.Address} not responding."));
    }

    [Test]
    public async Task An_idle_session_lives_on_and_answers_the_servers_own_questions()
    {
        await using var lab = await TransportLab.StartAsync();
        await lab.Peer.ConfigureSshdAsync("ClientAliveInterval 1\nClientAliveCountMax 2");
        var outcome = await lab.RunAsync(way, "sleep 8; echo lives");
        Assert.That(outcome.Out, Is.EqualTo("lives\n"), outcome.ToString());
    }

    [Test]
    public async Task A_session_that_dies_on_the_peer_ends_here()
    {
        await using var lab = await TransportLab.StartAsync();
        await using var sleeper = await lab.StartAsync(way, "echo $PPID; exec sleep 1000");
        var line = new byte[32];
        var count = await sleeper.Output.ReadAsync(line);
        await lab.Peer.RunAsync("kill", "-KILL", System.Text.Encoding.ASCII.GetString(line, 0, count).Trim());
        Assert.That(await TransportLab.ReadAsync(sleeper).WaitAsync(AtOnce), Is.Empty);
        Assert.That(await sleeper.ExitAsync(CancellationToken.None).WaitAsync(AtOnce), Is.EqualTo(255));
        Assert.That(sleeper.ErrorText, Does.Contain("closed by remote host").Or.Contain("Connection reset"));
    }

    [Test]
    public async Task Killing_a_command_ends_it_on_the_peer()
    {
        await using var lab = await TransportLab.StartAsync();
        await using var cat = await lab.StartAsync(way, "echo here; cat; echo ended >/root/ended");
        await cat.Output.ReadExactlyAsync(new byte[5]);
        cat.Kill();
        await Eventually.TrueAsync(() => lab.Peer.Exists("/root/ended"), "the command saw the end of its input");
    }

    [Test]
    public async Task Keys_may_be_changed_in_the_middle()
    {
        await using var lab = await TransportLab.StartAsync();
        await lab.Peer.ConfigureSshdAsync("RekeyLimit 1M");
        var data = RandomNumberGenerator.GetBytes(12_000_000);
        await using var cat = await lab.StartAsync(way, "exec cat");
        var output = TransportLab.ReadAsync(cat);
        await TransportLab.WriteAsync(cat, data);
        Assert.That(SHA256.HashData(await output), Is.EqualTo(SHA256.HashData(data)));
    }

    [Test]
    public async Task A_login_that_sshd_drops_is_worded_so_that_it_is_tried_again()
    {
        await using var lab = await TransportLab.StartAsync();
        await lab.Peer.ConfigureSshdAsync("MaxStartups 1");
        using var waiting = new TcpClient(lab.Peer.Address, 22);
        await waiting.GetStream().ReadExactlyAsync(new byte[3]);
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await ExplainedAsync(lab, lab.To(way))).Failure, Is.EqualTo(TransportFailure.HungUp));
        }
    }

    [Test]
    public async Task What_cannot_be_reached_is_explained()
    {
        await using var lab = await TransportLab.StartAsync();
        var peer = lab.Peer.Address;
        lab.Write("known_hosts", $"{File.ReadAllText(Path.Combine(lab.Directory, "known_hosts"))}\n" + string.Concat(
            new[] { $"[{peer}]:23", "no-such-host.invalid", "10.99.254.254" }.Select(name => $"{name} {lab.HostKey}\n")));
        lab.Configure();
        Assert.That((await ExplainedAsync(lab, lab.To(way, $"{peer}:23"))).Failure, Is.EqualTo(TransportFailure.Refused));
        Assert.That((await ExplainedAsync(lab, lab.To(way, "no-such-host.invalid"))).Failure, Is.EqualTo(TransportFailure.NameUnknown));
        await lab.Peer.UnplugAsync();
        Assert.That((await ExplainedAsync(lab, lab.To(way, timeout: TimeSpan.FromSeconds(2)))).Failure,
            Is.EqualTo(TransportFailure.TimedOut).Or.EqualTo(TransportFailure.NoRoute));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(10)]
    [TestCase(30)]
    [TestCase(60)]
    [TestCase(100)]
    [TestCase(150)]
    public async Task A_login_can_be_left_at_any_moment(int milliseconds)
    {
        await using var lab = await TransportLab.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await using var command = await lab.StartAsync(way, "exec cat");
            await Task.Delay(milliseconds + i);
            command.Kill();
            await TransportLab.ReadAsync(command).WaitAsync(AtOnce);
            await command.ExitAsync(CancellationToken.None).WaitAsync(AtOnce);
        }
        await Eventually.TrueAsync(
            async () => (await lab.Peer.RunAsync("pgrep", "-x", "cat")).Out.Length == 0, "nothing is left on the peer");
    }

    private static async Task<LoginFailure> ExplainedAsync(TransportLab lab, ITransport transport)
    {
        var outcome = await transport.ConnectAsync("true", CancellationToken.None);
        await using var command = ((ConnectOutcome.Connected)outcome).Command;
        var ended = await TransportLab.FinishAsync(command);
        Assert.That(ended.ExitCode, Is.EqualTo(255), ended.ToString());
        Assert.That(lab.Chosen, Is.All.Null);
        return transport.Explain($"{ended.Out}\n{ended.Err}", ended.ExitCode);
    }
}
