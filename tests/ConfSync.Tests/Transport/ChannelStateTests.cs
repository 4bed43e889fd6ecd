using System.Buffers.Binary;
using ConfSync.Transport;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Connection;

namespace ConfSync.Tests.Transport;

/// <summary>What the sending thread of a session in this process does next.</summary>
public sealed class ChannelStateTests
{
    private const int Window = 16 * 1024;

    [Test]
    public void Nothing_is_sent_before_the_channel_is_open() => Assert.That(new ChannelState(Window, 1024).Next(Ended("input")), Is.Null);

    [Test]
    public void A_command_runs_first_and_gets_its_input_and_the_end_of_it()
    {
        var (state, input) = (Open(maySend: 100), Ended("input"));

        Assert.That(state.Next(input), Is.EqualTo(new ChannelStep.Run(7)));
        Assert.That(Data(state.Next(input)), Is.EqualTo("input"));
        Assert.That(Sent(state.Next(input)), Is.TypeOf<ChannelEofMessage>());
        Assert.That(state.Next(input), Is.Null);
    }

    [Test]
    public void The_end_of_an_empty_input_is_sent()
    {
        var (state, input) = (Running(maySend: 0), Ended(""));

        Assert.That(Sent(state.Next(input)), Is.TypeOf<ChannelEofMessage>());
    }

    [Test]
    public void Not_more_is_sent_than_the_server_takes()
    {
        var (state, input) = (Running(maySend: 3, packet: 2), Ended("input"));

        Assert.That(Data(state.Next(input)), Is.EqualTo("in"));
        Assert.That(Data(state.Next(input)), Is.EqualTo("p"));
        Assert.That(state.Next(input), Is.Null);
        state.MaySend += 10;
        Assert.That(Data(state.Next(input)), Is.EqualTo("ut"));
    }

    [Test]
    public void What_was_read_is_reported_although_the_server_takes_nothing()
    {
        var (state, input) = (Running(maySend: 0), Ended("input"));

        Assert.That(state.Receive(Window), Is.True);
        Assert.That(state.Next(input), Is.Null);
        state.Read(Window);
        Assert.That((Sent(state.Next(input)) as ChannelWindowAdjustMessage)?.BytesToAdd, Is.EqualTo(Window));
        Assert.That(state.Receive(Window), Is.True);
    }

    [Test]
    public void A_server_that_sends_more_than_it_may_is_noticed()
    {
        var state = Running(maySend: 0);

        Assert.That(state.Receive(Window - 1), Is.True);
        Assert.That(state.Receive(2), Is.False);
    }

    [Test]
    public void Questions_are_answered_and_asked()
    {
        var (state, input) = (Running(maySend: 0), new InputQueue());
        state.Answers = 1;
        state.OwesSignOfLife = true;

        Assert.That(Sent(state.Next(input)), Is.TypeOf<ChannelFailureMessage>());
        var question = Sent(state.Next(input)) as GlobalRequestMessage;
        Assert.That((question?.RequestName, question?.WantReply), Is.EqualTo(("keepalive@openssh.com", true)));
        Assert.That(state.Next(input), Is.Null);
    }

    [Test]
    public void A_question_is_encoded_as_the_protocol_says()
    {
        var bytes = SilenceWatch.Question().GetBytes();

        Assert.That(bytes[0], Is.EqualTo(80));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)), Is.EqualTo("keepalive@openssh.com".Length));
        Assert.That(bytes[^1], Is.EqualTo(1));
    }

    [Test]
    public void A_closed_channel_is_closed_here_whatever_else_waits()
    {
        var (state, input) = (Running(maySend: 100), Ended("input"));
        state.IsClosed = true;

        Assert.That((state.Next(input) as ChannelStep.Close)?.Message, Is.TypeOf<ChannelCloseMessage>());
    }

    [Test]
    public void Silence_is_asked_about_three_times_and_then_ends_the_session()
    {
        List<string> happened = [];
        var second = 0;
        using var watch = new SilenceWatch(() => happened.Add($"{second} asks"), () => happened.Add($"{second} ends"));

        for (second = 1; second <= 18; second++) watch.Tick();

        Assert.That(happened, Is.EqualTo(["5 asks", "10 asks", "15 asks", "18 ends"]));
    }

    [Test]
    public void What_is_heard_ends_a_silence()
    {
        List<string> happened = [];
        using var watch = new SilenceWatch(() => happened.Add("asks"), () => happened.Add("ends"));

        for (var second = 1; second <= 100; second++)
        {
            if (second % 6 == 0) watch.Hears();
            watch.Tick();
        }

        Assert.That(happened, Is.All.EqualTo("asks").And.Not.Empty);
    }

    private static ChannelState Open(uint maySend, uint packet = 1024)
    {
        var state = new ChannelState(Window, 1024);
        state.Open(7, maySend, packet);
        return state;
    }

    private static ChannelState Running(uint maySend, uint packet = 1024)
    {
        var state = Open(maySend, packet);
        Assert.That(state.Next(new InputQueue()), Is.TypeOf<ChannelStep.Run>());
        return state;
    }

    private static InputQueue Ended(string text)
    {
        var input = new InputQueue();
        Assert.That(input.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text)).AsTask().IsCompletedSuccessfully, Is.True);
        input.Dispose();
        return input;
    }

    private static Message? Sent(ChannelStep? step) => (step as ChannelStep.Send)?.Message;

    private static string? Data(ChannelStep? step) =>
        Sent(step) is ChannelDataMessage data ? System.Text.Encoding.ASCII.GetString(data.Data, data.Offset, data.Size) : null;
}
