using System.Diagnostics.CodeAnalysis;

namespace ConfSync.Transport;

/// <summary>A command that begins in this process and is handed over to ssh, with the input written so far, if the login is
/// refused. Nothing was sent to the command before that.</summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync disposes both commands.")]
internal sealed class HandOverCommand : IRemoteCommand
{
    private readonly InputQueue input;
    private readonly SessionCommand session;
    private readonly Func<CancellationToken, Task<ConnectOutcome>> handOver;
    private readonly CancellationTokenSource killed = new();
    private readonly Task<IRemoteCommand> decided;
    private IRemoteCommand? other;
    private string? problem;

    /// <param name="session">Its input is <paramref name="input"/>. It is started here.</param>
    /// <param name="handOver">Starts the same command through ssh.</param>
    public HandOverCommand(SessionCommand session, InputQueue input, Func<CancellationToken, Task<ConnectOutcome>> handOver)
    {
        (this.session, this.input, this.handOver) = (session, input, handOver);
        Output = new LaterStream(OutputAsync);
        session.Start();
        decided = DecideAsync();
    }

    public Stream Input => input;

    public Stream Output { get; }

    public string ErrorText => other?.ErrorText ?? (problem is null ? session.ErrorText : $"{session.ErrorText}{problem}\n");

    public async Task<int> ExitAsync(CancellationToken cancellation) =>
        await (await decided.WaitAsync(cancellation)).ExitAsync(cancellation);

    public void Kill()
    {
        killed.Cancel();
        session.Kill();
        other?.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await session.DisposeAsync();
        if (await decided is var command && command != session) await command.DisposeAsync();
        killed.Dispose();
    }

    private async Task<IRemoteCommand> DecideAsync()
    {
        if (await session.LoggedIn != LoginEnd.Refused) return session;
        try
        {
            switch (await handOver(killed.Token))
            {
                case ConnectOutcome.Connected { Command: var command }:
                    other = command;
                    if (killed.IsCancellationRequested) command.Kill();
                    _ = PumpAsync(command);
                    return command;
                case ConnectOutcome.Failed { Failure.Reason: var reason }:
                    problem = reason;
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // The command was ended meanwhile.
        }
        input.Break();
        return session;
    }

    private async Task PumpAsync(IRemoteCommand command)
    {
        using var changed = new SemaphoreSlim(1);
        input.Changed = () => Signal(changed);
        try
        {
            while (!input.IsAtEnd)
            {
                await changed.WaitAsync(killed.Token);
                while (input.Take(int.MaxValue) is { Count: > 0 } piece) await command.Input.WriteAsync(piece, killed.Token);
                await command.Input.FlushAsync(killed.Token);
            }
            await command.Input.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // ssh reads no more.
            input.Break();
        }
        finally
        {
            input.Changed = null;
        }
    }

    private static void Signal(SemaphoreSlim changed)
    {
        try
        {
            changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // All input was taken.
        }
    }

    private async Task<Stream> OutputAsync(CancellationToken cancellation) => (await decided.WaitAsync(cancellation)).Output;
}

/// <summary>The reading side of a stream that is known later.</summary>
internal sealed class LaterStream(Func<CancellationToken, Task<Stream>> stream) : AsynchronousStream
{
    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await (await stream(cancellationToken)).ReadAsync(buffer, cancellationToken);

    public override void Flush()
    {
        // Nothing is written by this side.
    }
}
