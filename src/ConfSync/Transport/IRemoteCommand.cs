namespace ConfSync.Transport;

/// <summary>A command that runs on another machine: three byte streams and an exit status.</summary>
public interface IRemoteCommand : IAsyncDisposable
{
    /// <summary>The command's standard input. Disposing it tells the command that no more input comes.</summary>
    Stream Input { get; }

    Stream Output { get; }

    /// <summary>What came on standard error so far, or the end of it if it is long. It is complete once
    /// <see cref="ExitAsync"/> has returned.</summary>
    string ErrorText { get; }

    /// <summary>Waits until the command ends.</summary>
    /// <returns>The exit status of the command, or that of the transport itself (ssh: 255).</returns>
    Task<int> ExitAsync(CancellationToken cancellation);

    /// <summary>Ends the command at once, whatever state it is in, so that its output ends. May be called from any thread,
    /// and after the end.</summary>
    void Kill();
}
