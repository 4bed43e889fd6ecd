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

/// <summary>
/// Opens commands on one machine. Disposing a command ends it and its connection at once, whatever state it is in. The
/// interface is this small so that another SSH implementation fits behind it.
/// </summary>
public interface ITransport
{
    /// <summary>Starts <paramref name="command"/>, which the login shell of the other side interprets, whatever shell that
    /// is. A connection that cannot be made shows as the end of the output and the transport's exit status.</summary>
    /// <exception cref="TransportException">The transport itself could not be started.</exception>
    IRemoteCommand Open(string command);

    /// <summary>What a command means that ended before it did what it was started for.</summary>
    /// <param name="words">All that came from there, on standard output and on standard error.</param>
    /// <param name="status">Its exit status.</param>
    LoginFailure Explain(string words, int status) => new(TransportFailure.Unknown, null, null);
}

/// <summary>The program that carries the conversation could not be started.</summary>
public sealed class TransportException(string message, Exception inner) : Exception(message, inner);

/// <summary>Why a login failed, as far as that is known.</summary>
/// <param name="Failure">What the words were understood to mean.</param>
/// <param name="Reason">The one line of all that was said that gives the reason; null where none does.</param>
/// <param name="Advice">What a person can do; null where nothing better than the words is known.</param>
public sealed record LoginFailure(TransportFailure Failure, string? Reason, string? Advice);
