using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>Logging in to many nodes at once, but not to more than a bastion on the way bears.</summary>
internal static class Logins
{
    /// <summary>sshd begins to drop logins above ten at once (MaxStartups 10:30:100, see sshd_config(5)).</summary>
    public const int InFlight = 8;

    private const int Attempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // ssh counts to the end of the key exchange only; and where it counts, its words come first.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <param name="open">Starts a session, once for each attempt.</param>
    /// <param name="timeout">How long one attempt may take until the node has answered.</param>
    /// <param name="places">One place for each login in flight; given back once the node has answered.</param>
    /// <returns>A session whose other end has answered. The caller disposes it.</returns>
    /// <exception cref="PeerException">The node cannot be reached.</exception>
    public static async Task<PeerSession> ConnectAsync(
        Func<PeerSession> open, TimeSpan timeout, SemaphoreSlim places, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            await places.WaitAsync(cancellation);
            PeerSession? session = null;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(timeout + Grace);
            try
            {
                session = open();
                await session.ConnectAsync(patience.Token);
                return session;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && session is not null)
            {
                var failure = session.GivenUp(timeout);
                await session.DisposeAsync();
                throw failure;
            }
            catch (PeerException exception) when (attempt < Attempts && Retry.IsWorthAnotherLogin(exception))
            {
                await session!.DisposeAsync();
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
            await Task.Delay(Pause * attempt, cancellation);
        }
    }
}
