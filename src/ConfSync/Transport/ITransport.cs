namespace ConfSync.Transport;

/// <summary>
/// Opens commands on one machine. Disposing a command ends it and its connection at once, whatever state it is in. The
/// interface is this small so that another SSH implementation fits behind it.
/// </summary>
public interface ITransport
{
    /// <summary>Starts <paramref name="command"/>, which the login shell of the other side interprets, whatever shell that
    /// is.</summary>
    /// <returns>The command, as soon as bytes can be given to it. A login that is refused later shows as the end of its
    /// output and the transport's exit status.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled. Nothing runs then.</exception>
    Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation);

    /// <summary>What a command means that ended before it did what it was started for.</summary>
    /// <param name="words">All that came from there, on standard output and on standard error.</param>
    /// <param name="status">Its exit status.</param>
    LoginFailure Explain(string words, int status) => new(TransportFailure.Unknown, null, null);
}

/// <summary>What came of the start of a command. One of the records in here.</summary>
public abstract record ConnectOutcome
{
    private ConnectOutcome()
    {
    }

    /// <summary>It runs, or is about to. The caller disposes it.</summary>
    public sealed record Connected(IRemoteCommand Command) : ConnectOutcome;

    /// <summary>It does not run.</summary>
    public sealed record Failed(LoginFailure Failure) : ConnectOutcome;
}

/// <summary>Why a login failed, as far as that is known.</summary>
/// <param name="Failure">What the words were understood to mean.</param>
/// <param name="Reason">The one line of all that was said that gives the reason; null where none does.</param>
/// <param name="Advice">What a person can do; null where nothing better than the words is known.</param>
public sealed record LoginFailure(TransportFailure Failure, string? Reason, string? Advice);
