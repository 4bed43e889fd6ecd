using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>Whether what failed may succeed when it is tried again as it was. The one place that says so.</summary>
public static class Retry
{
    /// <summary>A login that sshd dropped because it had too many at once. Anything else would only fail again.</summary>
    public static bool IsWorthAnotherLogin(PeerException failed) =>
        failed is { Failure: PeerFailure.Connect, Transport: TransportFailure.HungUp };

    /// <summary>What ends by itself: another one's lock, a link or a machine that is away, the undo of a runner that
    /// died.</summary>
    /// <param name="isKnown">The node was reached a moment ago: if it cannot be reached now, that may pass.</param>
    public static bool MayPass(PeerFailure failure, bool isKnown) => failure switch
    {
        PeerFailure.Locked or PeerFailure.Lost or PeerFailure.TimedOut or PeerFailure.Died or PeerFailure.Overdue => true,
        PeerFailure.Connect => isKnown,
        _ => false,
    };
}
