namespace ConfSync.Transport;

/// <summary>A command that runs on another machine, as three byte streams and an exit status.</summary>
public interface IRemoteCommand : IAsyncDisposable
{
    /// <summary>The command's standard input. Disposing it tells the command that there is no more.</summary>
    Stream Input { get; }

    Stream Output { get; }

    /// <summary>What came on standard error so far, of much its end; complete once <see cref="ExitAsync"/> is.</summary>
    string ErrorText { get; }

    /// <summary>Waits for the end. The result is the command's exit status, or the transport's own (ssh: 255).</summary>
    Task<int> ExitAsync(CancellationToken cancellation);

    /// <summary>Ends it at once, whatever state it is in: its output ends. From any thread; fine if it has ended.</summary>
    void Kill();
}
