using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>Logs in to many nodes at once, but to no more at a time than one sshd accepts, because all connections may go
/// through one jump host. One object counts all logins of a run: the first ones, and those to nodes in doubt.</summary>
internal sealed class Logins : IDisposable
{
    /// <summary>The most logins at a time. sshd begins to drop logins above ten (MaxStartups 10:30:100, see
    /// sshd_config(5)).</summary>
    public const int InFlight = 8;

    private const int Attempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // ssh's own time-out covers the key exchange only. Where it ends first, ssh says why, so this program waits a little
    // longer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // One place for each login in flight. It is released once the node has answered.
    private readonly SemaphoreSlim places = new(InFlight);

    /// <param name="open">Makes a session; called once for each attempt.</param>
    /// <param name="timeout">How long one attempt may take until the node has answered.</param>
    /// <returns>A session whose other end has answered. The caller disposes it.</returns>
    /// <exception cref="PeerException">The node cannot be reached.</exception>
    public async Task<T> ConnectAsync<T>(Func<T> open, TimeSpan timeout, CancellationToken cancellation)
        where T : class, ILogin
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

    private async Task<T> AttemptAsync<T>(Func<T> open, TimeSpan timeout, CancellationToken cancellation)
        where T : class, ILogin
    {
        await places.WaitAsync(cancellation);
        T? session = null;
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
