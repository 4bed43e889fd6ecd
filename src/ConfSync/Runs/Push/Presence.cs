using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>Waiting for others while a peer is in the middle of a push.</summary>
internal static class Presence
{
    /// <summary>Waits, and gives the peer signs of life meanwhile: its time-out counts silence, not duration.</summary>
    /// <exception cref="PeerException">The session was lost meanwhile.</exception>
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
