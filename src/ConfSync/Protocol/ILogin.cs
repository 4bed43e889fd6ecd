namespace ConfSync.Protocol;

/// <summary>A session that logs in.</summary>
internal interface ILogin : IAsyncDisposable
{
    /// <summary>Logs in, and sends all requests that need no earlier answer.</summary>
    /// <exception cref="PeerException">The node cannot be reached.</exception>
    Task ConnectAsync(CancellationToken cancellation);

    /// <summary>Makes the exception for a login that took too long.</summary>
    /// <param name="limit">How long this program waited.</param>
    PeerException GivenUp(TimeSpan limit);
}
