using System.Buffers.Binary;
using System.Net.Sockets;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Connection;

namespace ConfSync.Transport;

/// <summary>How a login in this process ended.</summary>
internal enum LoginEnd
{
    /// <summary>The command can run.</summary>
    Open,

    /// <summary>The server was reached, and it or this process refused the other. OpenSSH may get further, or say why.</summary>
    Refused,

    /// <summary>There is no server, it did not answer in time, or the command was ended.</summary>
    Failed,
}

/// <summary>A command on a server, over a connection of its own in this process. One thread logs in and is then the only
/// one that sends; another one, of the library, only receives. No other thread ever waits for the server.</summary>
internal sealed class SessionCommand : IRemoteCommand, IChannelEvents
{
    /// <summary>The exit status of ssh where it is not the command's own.</summary>
    public const int NoStatus = 255;

    // What the server may send before it is read here. It bounds the memory of a session, like ssh's own.
    private const int Window = 1024 * 1024;
    private const int LargestPacket = 32 * 1024;

    // Neither BouncyCastle's keys nor the library's messages need more.
    private const int StackSize = 256 * 1024;

    private readonly SshLogin login;
    private readonly string command;
    private readonly InputQueue input;
    private readonly OutputPipe output;
    private readonly ErrorWords errors = new();
    private readonly SshConnection connection;
    private readonly SilenceWatch silence;
    private readonly TaskCompletionSource<LoginEnd> loggedIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // All below is guarded by this, on which the sending thread waits.
    private readonly object sync = new();
    private readonly ChannelState state = new(Window, LargestPacket);
    private Exception? failure;
    private int status = NoStatus;
    private bool isOver;

    /// <param name="input">What the command reads. It is not touched before the command can run.</param>
    public SessionCommand(SshLogin login, string command, InputQueue input)
    {
        (this.login, this.command, this.input) = (login, command, input);
        output = new OutputPipe(count => Change(() => state.Read(count)));
        connection = new SshConnection(login, this);
        silence = new SilenceWatch(() => Change(() => state.OwesSignOfLife = true), () => End($"Timeout, server {login.Host} not responding."));
    }

    /// <summary>How the login ends. It never fails.</summary>
    public Task<LoginEnd> LoggedIn => loggedIn.Task;

    public Stream Input => input;

    public Stream Output => output;

    public string ErrorText => errors.ToString();

    /// <summary>Begins the login. Called once.</summary>
    public void Start()
    {
        input.Changed = () => Change(() => { });
        new Thread(Run, StackSize) { IsBackground = true, Name = $"ssh {login.Host}" }.Start();
    }

    public Task<int> ExitAsync(CancellationToken cancellation) => exit.Task.WaitAsync(cancellation);

    public void Kill() => End(null);

    public ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }

    void IChannelEvents.IsOpen(uint channel, uint window, uint packet) => Hear(() => state.Open(channel, window, packet));

    void IChannelEvents.IsNotOpen(string reason) =>
        Hear(() => failure ??= new SshException($"channel 0: open failed: {reason}"));

    void IChannelEvents.IsAlive() => silence.Hears();

    void IChannelEvents.IsRefused() => End("exec request failed on channel 0");

    void IChannelEvents.Grows(uint window) => Hear(() => state.MaySend += window);

    void IChannelEvents.Sends(ReadOnlySpan<byte> bytes)
    {
        if (Takes(bytes.Length)) output.Add(bytes);
    }

    void IChannelEvents.SendsErrors(ReadOnlySpan<byte> bytes)
    {
        if (!Takes(bytes.Length)) return;
        errors.Add(bytes);
        // Error text waits for no reader.
        var count = bytes.Length;
        Change(() => state.Read(count));
    }

    void IChannelEvents.SendsNoMore()
    {
        silence.Hears();
        output.End();
    }

    void IChannelEvents.Closes()
    {
        int ended;
        lock (sync) ended = status;
        Hear(() => state.IsClosed = true);
        output.End();
        input.Break();
        exit.TrySetResult(ended);
    }

    void IChannelEvents.Requests(string name, byte[] data)
    {
        var wantsAnswer = data is [not 0, ..];
        Hear(() =>
        {
            if (name == "exit-status" && data.Length >= 5) status = (int)BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(1));
            if (wantsAnswer) state.Answers++;
        });
    }

    void IChannelEvents.Says(string words) => errors.Add(words);

    void IChannelEvents.Fails(Exception exception) => Change(() => failure ??= exception);

    private void Run()
    {
        try
        {
            connection.Open();
            connection.Send(new ChannelOpenMessage(ChannelState.Number, Window, LargestPacket, new SessionOpenInfo()));
            connection.AcknowledgeNow();
            silence.Begin();
            while (Next() is { } step) step();
        }
        catch (Exception exception)
        {
            Conclude(exception);
        }
        finally
        {
            End(null);
            silence.Dispose();
            Close();
        }
    }

    /// <returns>What the sending thread is to do next; null at the end. Waits for it.</returns>
    private Action? Next()
    {
        lock (sync)
        {
            while (!isOver)
            {
                if (failure is not null) throw failure;
                if (state.Next(input) is { } step) return () => Take(step);
                Monitor.Wait(sync);
            }
            return null;
        }
    }

    // Nothing here waits for the server's window, because what the server needs in order to go on, such as room for its own
    // output, may come next.
    private void Take(ChannelStep step)
    {
        switch (step)
        {
            case ChannelStep.Run run:
                foreach (var (name, value) in login.Environment) connection.Send(new ChannelRequestMessage(run.Channel, new EnvironmentInfo(name, value)));
                connection.Send(new ChannelRequestMessage(run.Channel, new ExecInfo(command)));
                connection.AcknowledgeNow();
                loggedIn.TrySetResult(LoginEnd.Open);
                break;
            case ChannelStep.Send send:
                connection.Send(send.Message);
                break;
            case ChannelStep.Close close:
                connection.Send(close.Message);
                End(null);
                break;
        }
    }

    private void Conclude(Exception exception)
    {
        var refused = connection.Phase > LoginPhase.Connecting && exception is not SshOperationTimeoutException;
        lock (sync)
        {
            if (isOver) return;
        }
        if (!loggedIn.Task.IsCompleted && refused && loggedIn.TrySetResult(LoginEnd.Refused)) errors.AddLine(ConnectionWords.OfRefusal(exception));
        else if (loggedIn.Task is { IsCompletedSuccessfully: true, Result: LoginEnd.Open }) errors.AddLine(ConnectionWords.OfLoss(login.Host, exception));
        else errors.AddLine(ConnectionWords.OfFailure(login.Host, login.Port, connection.Phase, exception));
    }

    /// <summary>Ends the session at once, from any thread. Only the first call has an effect.</summary>
    /// <param name="words">Why, as error text; null where there is nothing to say.</param>
    private void End(string? words)
    {
        int ended;
        lock (sync)
        {
            if (isOver) return;
            isOver = true;
            ended = state.IsClosed ? status : NoStatus;
            Monitor.PulseAll(sync);
        }
        if (words is not null) errors.AddLine(words);
        if (!state.IsClosed) connection.Cut();
        loggedIn.TrySetResult(LoginEnd.Failed);
        output.End();
        // What was refused here goes to ssh, with all its input.
        if (loggedIn.Task.Result != LoginEnd.Refused) input.Break();
        exit.TrySetResult(ended);
    }

    private void Close()
    {
        try
        {
            connection.Dispose();
        }
        catch (Exception exception) when (exception is SshException or SocketException or ObjectDisposedException)
        {
            // It was ended in another way already.
        }
    }

    private void Hear(Action change)
    {
        silence.Hears();
        Change(change);
    }

    private void Change(Action change)
    {
        lock (sync)
        {
            change();
            Monitor.PulseAll(sync);
        }
    }

    // A server that sends more than it was allowed to would fill the memory.
    private bool Takes(int count)
    {
        silence.Hears();
        lock (sync)
        {
            if (state.Receive(count)) return true;
            failure ??= new SshException("the server sent more than the window of the channel");
            Monitor.PulseAll(sync);
            return false;
        }
    }
}
