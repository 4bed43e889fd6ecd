using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>Says whether a failed step may succeed if it is repeated unchanged. No other code decides that.</summary>
public static class Retry
{
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
