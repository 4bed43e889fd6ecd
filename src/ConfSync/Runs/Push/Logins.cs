using System.Collections.Concurrent;
using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Logs in to many nodes at once, but to no more at a time than the machines on the way accept. One object counts all
/// logins of a run: the first ones, and those to nodes in doubt.</summary>
/// <param name="atOnce">The most logins at a time: <see cref="SyncConfig.Logins"/>.</param>
internal sealed class Logins(int atOnce) : IDisposable
{
    /// <summary>The most logins at a time to one address, and to all nodes that may be behind a jump host. sshd begins to drop
    /// logins above ten (MaxStartups 10:30:100, see sshd_config(5)).</summary>
    public const int OfOneServer = 8;

    private const int Attempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // ssh's own time-out covers the key exchange only. Where it ends first, ssh says why, so this program waits a little
    // longer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // One place for each login in flight. It is released once the node has answered.
    private readonly SemaphoreSlim places = new(atOnce);
    private readonly SemaphoreSlim indirect = new(OfOneServer);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> servers = new(StringComparer.Ordinal);

    /// <param name="transport">What logs in to the node.</param>
    /// <param name="open">Makes a session; called once for each attempt.</param>
    /// <param name="timeout">How long one attempt may take until the node has answered.</param>
    /// <returns>A session whose other end has answered. The caller disposes it.</returns>
    /// <exception cref="PeerException">The node cannot be reached.</exception>
    public async Task<T> ConnectAsync<T>(ITransport transport, Func<T> open, TimeSpan timeout, CancellationToken cancellation)
        where T : class, ILogin
    {
        var server = PlacesOf(await transport.RouteAsync(cancellation));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(server, open, timeout, cancellation);
            }
            catch (PeerException exception) when (attempt < Attempts && Retry.IsWorthAnotherLogin(exception))
            {
                await Task.Delay(Pause * attempt, cancellation);
            }
        }
    }

    public void Dispose()
    {
        foreach (var one in servers.Values.Append(indirect).Append(places)) one.Dispose();
    }

    private SemaphoreSlim PlacesOf(LoginRoute route) =>
        route.Server is { } name ? servers.GetOrAdd(name, _ => new SemaphoreSlim(OfOneServer)) : indirect;

    private async Task<T> AttemptAsync<T>(SemaphoreSlim server, Func<T> open, TimeSpan timeout, CancellationToken cancellation)
        where T : class, ILogin
    {
        // A login that waits for its server keeps no other from going elsewhere.
        await server.WaitAsync(cancellation);
        try
        {
            await places.WaitAsync(cancellation);
        }
        catch
        {
            server.Release();
            throw;
        }
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
            server.Release();
        }
    }
}
