using System.Diagnostics;
using ConfSync.Peers;
using ConfSync.Ssh;

namespace ConfSync.Tests.Peers;

/// <summary>The other side is there and says nothing: a run must not wait for it for ever.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class SilenceTests
{
    // Far beyond what a busy machine needs between two answers, far below the test's patience.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Silence_ends_the_session_and_is_told_from_a_lost_link()
    {
        await using var conversation = await OpenAsync("exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Limit);

        var lost = Assert.ThrowsAsync<PeerException>(() => conversation.ReadAsync(default).WaitAsync(Forever));

        Assert.That(lost!.Code, Is.EqualTo("lost"));
        Assert.That(lost.State, Is.EqualTo(PeerState.Unknown));
        Assert.That(lost.Message, Is.EqualTo("the node is there and said nothing for 2 s; the session was ended"));
    }

    [Test]
    public async Task What_comes_slowly_is_no_silence()
    {
        // Six seconds for a line, never more than one without a byte.
        await using var conversation = await OpenAsync("for i in 1 2 3 4 5 6; do printf slow; sleep 1; done; echo; exec sleep 60");
        conversation.Expect(Limit);

        Assert.That((await conversation.ReadAsync(default).WaitAsync(Forever)).Kind, Is.EqualTo("slowslowslowslowslowslow"));
    }

    [Test]
    public async Task What_is_taken_slowly_is_no_silence_either()
    {
        await using var conversation = await OpenAsync(
            "for i in 1 2 3 4 5 6; do dd bs=65536 count=5 iflag=fullblock of=/dev/null 2>/dev/null; sleep 1; done; echo taken; exec sleep 60");
        conversation.Expect(Limit);
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
        conversation.Expect(Limit);

        Assert.That(
            async () => await conversation.Payload.WriteAsync(new byte[1024 * 1024]).AsTask().WaitAsync(Forever),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Where_nothing_is_due_silence_is_no_fault()
    {
        await using var conversation = await OpenAsync("read -r request; echo ok; exec sleep 60");
        await conversation.ReadGreetingAsync(default);
        conversation.Expect(Limit);
        conversation.Expected();

        // It would have been ended in between.
        await Task.Delay(Limit + TimeSpan.FromSeconds(1));

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

    private static async Task<Conversation> OpenAsync(string afterGreeting)
    {
        var conversation = Conversation.Open(
            new Fake(afterGreeting), sudo: false, ConversationMode.Push, "0123456789abcdef", "root@here");
        await conversation.SendAsync(default);
        return conversation;
    }

    /// <summary>A peer that reads the script and the greeting, answers that, and then does something else.</summary>
    private sealed record Fake(string AfterGreeting) : ITransport
    {
        public IRemoteCommand Open(string command) => ProcessCommand.Start("/bin/sh",
        [
            "-c",
            $"""
            read -r length
            dd bs="$length" count=1 iflag=fullblock of=/dev/null 2>/dev/null
            read -r greeting version nonce rest
            printf '\n%s\n' "$nonce"
            {AfterGreeting}
            """,
        ]);
    }
}
