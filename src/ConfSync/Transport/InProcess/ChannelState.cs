using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Connection;

namespace ConfSync.Transport;

/// <summary>What the sending thread of a session is to do next. A closed set of records.</summary>
internal abstract record ChannelStep
{
    private ChannelStep()
    {
    }

    /// <summary>The channel is open: run the command in it.</summary>
    /// <param name="Channel">The server's number for the channel.</param>
    public sealed record Run(uint Channel) : ChannelStep;

    public sealed record Send(Message Message) : ChannelStep;

    /// <summary>The server has closed the channel: send this, and end the connection.</summary>
    public sealed record Close(Message Message) : ChannelStep;
}

/// <summary>The state of the one channel of a connection, see RFC 4254, section 5. It decides, and does nothing itself. Not
/// safe for several threads at once.</summary>
/// <param name="window">How much the server may send before it is told that something was read.</param>
/// <param name="largestPacket">The most bytes of data that are sent in one message.</param>
internal sealed class ChannelState(int window, int largestPacket)
{
    /// <summary>The number of the channel on this side.</summary>
    public const uint Number = 0;

    // The server is told early enough that it never waits for a reader that reads, and not at each read.
    private readonly int worthReporting = window / 16;
    private int mayReceive = window;
    private int unreported;
    private uint channel;
    private bool isOpen;
    private bool runs;
    private bool hasSentEnd;

    /// <summary>How much the server takes now.</summary>
    public long MaySend { get; set; }

    /// <summary>Requests of the server that wait for an answer.</summary>
    public int Answers { get; set; }

    /// <summary>The server is to be asked whether it is there.</summary>
    public bool OwesSignOfLife { get; set; }

    /// <summary>The server has closed the channel.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The server has opened the channel.</summary>
    /// <param name="number">The server's number for it.</param>
    /// <param name="maySend">How much the server takes for now.</param>
    /// <param name="packet">How much it takes in one message.</param>
    public void Open(uint number, uint maySend, uint packet)
    {
        if (isOpen) return;
        (isOpen, channel, MaySend) = (true, number, maySend);
        largestPacket = (int)Math.Min(packet, (uint)largestPacket);
    }

    /// <summary>Something came.</summary>
    /// <returns>Whether the server was allowed to send that much.</returns>
    public bool Receive(int count)
    {
        if (count > mayReceive) return false;
        mayReceive -= count;
        return true;
    }

    /// <summary>Something that had come was read.</summary>
    public void Read(int count) => unreported += count;

    /// <param name="input">What the command is to read. Taken from it is what is to be sent.</param>
    /// <returns>What is to be done now; null for nothing.</returns>
    public ChannelStep? Next(InputQueue input)
    {
        if (!isOpen) return null;
        if (IsClosed) return new ChannelStep.Close(new ChannelCloseMessage(channel));
        if (!runs)
        {
            runs = true;
            return new ChannelStep.Run(channel);
        }
        if (unreported >= worthReporting)
        {
            var count = unreported;
            (mayReceive, unreported) = (mayReceive + count, 0);
            return new ChannelStep.Send(new ChannelWindowAdjustMessage(channel, (uint)count));
        }
        if (Answers > 0)
        {
            Answers--;
            return new ChannelStep.Send(new ChannelFailureMessage(channel));
        }
        if (OwesSignOfLife)
        {
            OwesSignOfLife = false;
            return new ChannelStep.Send(SilenceWatch.Question());
        }
        return NextOf(input);
    }

    private ChannelStep.Send? NextOf(InputQueue input)
    {
        if (hasSentEnd) return null;
        var piece = MaySend > 0 ? input.Take((int)Math.Min(MaySend, largestPacket)) : [];
        if (piece.Count > 0)
        {
            MaySend -= piece.Count;
            return new ChannelStep.Send(new ChannelDataMessage(channel, piece.Array!, piece.Offset, piece.Count));
        }
        if (!input.IsAtEnd) return null;
        hasSentEnd = true;
        return new ChannelStep.Send(new ChannelEofMessage(channel));
    }
}
