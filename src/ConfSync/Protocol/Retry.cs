using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>Says whether a failed step may succeed if it is repeated unchanged. No other code decides that.</summary>
public static class Retry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500), LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>How long to wait after a failed attempt before a node in doubt is logged in to again. The pauses grow and differ,
    /// because hundreds of nodes may be behind one machine that was started again.</summary>
    /// <param name="attempt">The number of attempts so far.</param>
    public static TimeSpan PauseAfter(int attempt)
    {
        var pause = FirstPause * Math.Pow(1.5, Math.Min(attempt - 1, 10));
        return (pause < LongestPause ? pause : LongestPause) * (0.75 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>Whether to repeat a login: only if sshd dropped it because there were too many at once. Any other login
    /// would fail again.</summary>
    public static bool IsWorthAnotherLogin(PeerException failed) =>
        failed is { Failure: PeerFailure.Connect, Transport: TransportFailure.HungUp };

    /// <summary>Whether a failure may end by itself: another run's lock, a link or a machine that is down for a moment, the
    /// undo of a runner that died.</summary>
    /// <param name="isKnown">The node was reached a moment ago, so that a failure to reach it may pass.</param>
    public static bool MayPass(PeerFailure failure, bool isKnown) => failure switch
    {
        PeerFailure.Locked or PeerFailure.Lost or PeerFailure.TimedOut or PeerFailure.Died or PeerFailure.Overdue => true,
        PeerFailure.Connect => isKnown,
        _ => false,
    };
}
