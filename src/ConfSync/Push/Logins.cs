using ConfSync.Peers;

namespace ConfSync.Push;

/// <summary>Logging in to many nodes at once, but not to more than a bastion on the way bears.</summary>
internal static class Logins
{
    /// <summary>sshd begins to drop logins above ten at once (MaxStartups 10:30:100, see sshd_config(5)).</summary>
    public const int InFlight = 8;

    private const int Attempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <param name="open">Starts a session, once for each attempt.</param>
    /// <param name="places">One place for each login in flight; given back once the node has answered.</param>
    /// <returns>A session whose other end has answered. The caller disposes it.</returns>
    /// <exception cref="PeerException">The node cannot be reached.</exception>
    public static async Task<PeerSession> ConnectAsync(
        Func<PeerSession> open, SemaphoreSlim places, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            await places.WaitAsync(cancellation);
            PeerSession? session = null;
            try
            {
                session = open();
                await session.ConnectAsync(cancellation);
                return session;
            }
            catch (PeerException exception) when (attempt < Attempts && WasDropped(exception))
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

    // What ssh says when sshd hangs up before a word is spoken, as it does above MaxStartups; anything else would only
    // fail again.
    private static bool WasDropped(PeerException exception) =>
        exception.Code == "connect" &&
        (exception.Message.Contains("kex_exchange_identification", StringComparison.Ordinal) ||
            exception.Message.Contains("Exceeded MaxStartups", StringComparison.Ordinal));
}
