using System.Diagnostics;
using ConfSync.Protocol;
using ConfSync.Services;
using ConfSync.Transport;

namespace ConfSync.Tests.Protocol;

/// <summary>The other side is there and says nothing, or a byte now and then, or more than anybody can take: a run must not
/// wait for it for ever.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class SilenceTests
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(30);

    // Far beyond what a busy machine needs between two answers, far below the test's patience.
    private static readonly Limit Two = new("the scan", TimeSpan.FromSeconds(2), "STEP_TIMEOUT");

    [Test]
    public async Task Silence_ends_the_session_and_is_told_from_a_lost_link()
    {
        await using var conversation = await OpenAsync("exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Two);

        var lost = Assert.ThrowsAsync<PeerException>(() => conversation.ReadAsync(default).WaitAsync(Forever));

        Assert.That(lost!.Failure, Is.EqualTo(PeerFailure.TimedOut));
        Assert.That(lost.State, Is.EqualTo(PeerState.Unknown));
        Assert.That(lost.Message, Is.EqualTo(
            "the node is there and said nothing for 2 s, the limit for the scan (STEP_TIMEOUT); the session was ended"));
    }

    [TestCase("while :; do printf slow; sleep 0.3; done")]
    [TestCase("while :; do echo text a 1; echo b; sleep 0.3; done")]
    public async Task What_comes_a_byte_at_a_time_has_the_same_limit(string dribble)
    {
        await using var conversation = await OpenAsync(dribble);
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Two);

        var lost = Assert.ThrowsAsync<PeerException>(async () =>
        {
            while (true) await conversation.ReadAsync(default).WaitAsync(Forever);
        });

        Assert.That(lost!.Message, Does.Match(
            @"^the scan took longer than 2 s \(STEP_TIMEOUT\), although the node went on sending \(\d+ bytes\); the session was ended$"));
    }

    [TestCase("exec yes text a 1")]
    [TestCase("while :; do printf 'text a 60000\\n%060000d\\n' 0; done")]
    public async Task What_comes_without_end_is_cut_off_at_its_limit(string flood)
    {
        await using var conversation = await OpenAsync(flood);
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Two with { Time = Forever, Bytes = 3 * 1024 * 1024 });

        var flooded = Assert.ThrowsAsync<ProtocolException>(async () =>
        {
            while (true) await conversation.ReadAsync(default).WaitAsync(Forever);
        });

        Assert.That(flooded!.Message, Does.Contain("more than 3 MiB came for the scan"));
        Assert.That(conversation.Traffic.Received, Is.LessThan(5 * 1024 * 1024));
    }

    [Test]
    public async Task Contents_have_time_as_long_as_they_move()
    {
        // Six seconds, never more than one without a byte that is taken.
        await using var conversation = await OpenAsync(
            "for i in 1 2 3 4 5 6; do dd bs=65536 count=5 iflag=fullblock of=/dev/null 2>/dev/null; sleep 1; done; echo taken; exec sleep 60");
        conversation.Expect((Two with { Time = TimeSpan.FromSeconds(2) }).WithContents(6 * 5 * 65536) with { Silence = TimeSpan.FromSeconds(3) });
        var answer = conversation.ReadAsync(default);

        await conversation.Payload.WriteAsync(new byte[6 * 5 * 65536]).AsTask().WaitAsync(Forever);
        await conversation.SendAsync(default).WaitAsync(Forever);

        Assert.That((await answer.WaitAsync(Forever)).Kind, Is.EqualTo("taken"));
    }

    [Test]
    public async Task A_peer_that_takes_nothing_is_silent()
    {
        await using var conversation = await OpenAsync("exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Two);

        Assert.That(
            async () => await conversation.Payload.WriteAsync(new byte[1024 * 1024]).AsTask().WaitAsync(Forever),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Where_nothing_is_due_silence_is_no_fault()
    {
        await using var conversation = await OpenAsync("read -r request; echo ok; exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Two);
        conversation.Expected();

        // It would have been ended in between.
        await Task.Delay(Two.Time + TimeSpan.FromSeconds(1));

        conversation.Request("ping");
        await conversation.SendAsync(default);
        Assert.That((await conversation.ReadAsync(default).WaitAsync(Forever)).Kind, Is.EqualTo("ok"));
    }

    [Test]
    public async Task A_farewell_to_a_peer_that_takes_nothing_comes_to_an_end()
    {
        await using var conversation = await OpenAsync("exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        // Fills the pipe and goes on waiting.
        _ = conversation.Payload.WriteAsync(new byte[1024 * 1024]).AsTask();
        var clock = Stopwatch.StartNew();

        await conversation.CloseAsync().WaitAsync(Forever);

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task What_only_sends_back_what_it_gets_is_known_at_once()
    {
        await using var conversation = Conversation.Open(
            new Login("echo garbage; exec cat"), sudo: false, ConversationMode.Compare, ServiceSet.Default, "0123456789abcdef", "root@here");
        await conversation.SendAsync(default).WaitAsync(Forever);

        Assert.That(
            async () => await conversation.ReadGreetingAsync(default).WaitAsync(Forever),
            Throws.InstanceOf<ProtocolException>().With.Message.Contains("it sends back what is sent to it"));
    }

    [Test]
    public async Task To_ask_a_peer_that_takes_nothing_holds_nothing_up()
    {
        await using var conversation = await OpenAsync("exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        using var interrupted = new CancellationTokenSource();

        // Far more than a pipe holds.
        await Task.Run(() =>
        {
            for (var i = 0; i < 1024; i++) conversation.Request("path", new string('a', 1024));
        }).WaitAsync(Forever);
        var sending = conversation.SendAsync(interrupted.Token);
        Assert.That(await Task.WhenAny(sending, Task.Delay(500)), Is.Not.SameAs(sending));

        await interrupted.CancelAsync();
        Assert.That(async () => await sending.WaitAsync(Forever), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_connection_that_is_never_made_ends_with_its_limit()
    {
        await using var conversation = Conversation.Open(
            new Unconnected(), sudo: false, ConversationMode.Push, ServiceSet.Default, "0123456789abcdef", "root@here");
        conversation.Expect(Two);

        var failure = Assert.ThrowsAsync<PeerException>(() => conversation.SendAsync(default).WaitAsync(Forever));

        Assert.That(failure!.Failure, Is.EqualTo(PeerFailure.Connect));
        Assert.That(failure.State, Is.EqualTo(PeerState.Untouched));
        Assert.That(failure.Message, Does.Contain("the limit for the scan"));
        await conversation.CloseAsync().WaitAsync(Forever);
    }

    private static async Task<Conversation> OpenAsync(string afterGreeting)
    {
        var conversation = Conversation.Open(
            new Fake(afterGreeting), sudo: false, ConversationMode.Push, ServiceSet.Default, "0123456789abcdef", "root@here");
        await conversation.SendAsync(default);
        return conversation;
    }

    /// <summary>A login that runs something else than the command.</summary>
    private sealed record Login(string Command) : ITransport
    {
        public Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation) =>
            new LocalShell().ConnectAsync(Command, cancellation);
    }

    /// <summary>A transport that goes on trying.</summary>
    private sealed record Unconnected : ITransport
    {
        public async Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        }
    }

    /// <summary>A peer that reads the script and the greeting, answers that, and then does something else.</summary>
    private sealed record Fake(string AfterGreeting) : ITransport
    {
        public Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation) => new LocalShell().ConnectAsync(
            $"""
            read -r length
            dd bs="$length" count=1 iflag=fullblock of=/dev/null 2>/dev/null
            read -r greeting version nonce rest
            printf '\n%s\n' "$nonce"
            {AfterGreeting}
            """,
            cancellation);
    }
}
