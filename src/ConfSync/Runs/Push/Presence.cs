using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>Keeps a peer's session alive while the node waits for other nodes.</summary>
internal static class Presence
{
    /// <summary>Waits for <paramref name="awaited"/> and sends the peer signs of life, because the peer's time-out counts
    /// silence.</summary>
    /// <exception cref="PeerException">The session was lost in the meantime.</exception>
    public static async Task<T> StayUntilAsync<T>(this PeerSession session, Task<T> awaited, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var signs = session.StayAsync(waiting.Token);
        await Task.WhenAny(awaited, signs);
        var lost = signs.IsFaulted;
        await waiting.CancelAsync();
        await signs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (lost) await signs;
        return await awaited;
    }
}
