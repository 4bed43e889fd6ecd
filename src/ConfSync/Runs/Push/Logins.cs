using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>Logging in to many nodes at once, but not to more than a bastion on the way bears. One for all logins of a run,
/// the first ones and those to nodes that were lost.</summary>
internal sealed class Logins : IDisposable
{
    /// <summary>sshd begins to drop logins above ten at once (MaxStartups 10:30:100, see sshd_config(5)).</summary>
    public const int InFlight = 8;

    private const int Attempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // ssh counts to the end of the key exchange only; and where it counts, its words come first.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // One for each login in flight; given back once the node has answered.
    private readonly SemaphoreSlim places = new(InFlight);

    /// <param name="open">Makes a session, once for each attempt.</param>
    /// <param name="timeout">How long one attempt may take until the node has answered.</param>
    /// <returns>A session whose other end has answered. The caller disposes it.</returns>
    /// <exception cref="PeerException">The node cannot be reached.</exception>
    public async Task<PeerSession> ConnectAsync(Func<PeerSession> open, TimeSpan timeout, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(open, timeout, cancellation);
            }
            catch (PeerException exception) when (attempt < Attempts && Retry.IsWorthAnotherLogin(exception))
            {
                await Task.Delay(Pause * attempt, cancellation);
            }
        }
    }

    public void Dispose() => places.Dispose();

    private async Task<PeerSession> AttemptAsync(Func<PeerSession> open, TimeSpan timeout, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        PeerSession? session = null;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout + Grace);
        try
        {
            session = open();
            await session.ConnectAsync(deadline.Token);
            return session;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && session is not null)
        {
            var failure = session.GivenUp(timeout);
            await session.DisposeAsync();
            throw failure;
        }
        catch when (session is not null)
        {
            await session.DisposeAsync();
            throw;
        }
        finally
        {
            places.Release();
        }
    }
}
