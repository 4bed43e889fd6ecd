namespace ConfSync.Transport;

/// <summary>Runs commands on one machine. Disposing a command ends it and its connection at once. The interface is this
/// small so that another SSH implementation fits behind it.</summary>
public interface ITransport
{
    /// <summary>Starts <paramref name="command"/>, which the login shell of the other machine interprets, whatever shell
    /// that is.</summary>
    /// <returns>The command, as soon as it can take input; or why it could not be started. A login that is refused later
    /// shows as the end of the output and the transport's exit status.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled. No command runs.</exception>
    Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation);

    /// <summary>Which machine's sshd has to accept the next login, so that it is not given too many at once.</summary>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    Task<LoginRoute> RouteAsync(CancellationToken cancellation) => Task.FromResult(LoginRoute.Unknown);

    /// <summary>Explains why a command ended before it did its work.</summary>
    /// <param name="words">All that it said on standard output and standard error.</param>
    /// <param name="status">Its exit status.</param>
    /// <returns>The failure, as far as it is known.</returns>
    LoginFailure Explain(string words, int status) => new(TransportFailure.Unknown, null, null);
}

/// <summary>The way that a login takes.</summary>
/// <param name="Server">Names the only machine on it, the node itself; null where other machines are in between, or it is not
/// known whether there are.</param>
public sealed record LoginRoute(string? Server)
{
    public static LoginRoute Unknown { get; } = new(Server: null);
}

/// <summary>The result of starting a command. A closed set of records.</summary>
public abstract record ConnectOutcome
{
    private ConnectOutcome()
    {
    }

    /// <summary>The command runs, or is about to. The caller disposes it.</summary>
    public sealed record Connected(IRemoteCommand Command) : ConnectOutcome;

    /// <summary>The command does not run.</summary>
    public sealed record Failed(LoginFailure Failure) : ConnectOutcome;
}

/// <summary>Why a login failed, as far as that is known.</summary>
/// <param name="Failure">The kind of failure, as understood from the words.</param>
/// <param name="Reason">The one line of the output that gives the reason; null for none.</param>
/// <param name="Advice">What the administrator can do; null where the words say enough.</param>
public sealed record LoginFailure(TransportFailure Failure, string? Reason, string? Advice);
