using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>
/// What became of a node whose session was lost between its activation and its confirmation. The peer undoes by itself
/// what it was not told to keep; here it is looked at, so that the report says what is and not what ought to be.
/// </summary>
/// <param name="open">Makes a new session for a push. Its beginning recovers what has no living process any more.</param>
/// <param name="logins">Those of the run: many nodes may be in doubt at once.</param>
/// <param name="before">What the node held, less EXCLUDE, before it was activated.</param>
internal sealed class Settlement(
    Func<PeerSession> open, SyncConfig config, Logins logins, ExcludeRules exclude, Snapshot before, DesiredState desired)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="patience">How long to go on trying to reach a node that cannot be reached, or that is still busy
    /// with undoing.</param>
    /// <returns>The state seen: undone; confirmed, and seen to serve; or unknown.</returns>
    /// <exception cref="PeerException">The node was reached, and its recovery failed.</exception>
    public async Task<PeerState> SettleAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            while (true)
            {
                try
                {
                    return await LookAsync(deadline.Token);
                }
                catch (PeerException failed) when (Retry.MayPass(failed.Failure, isKnown: true))
                {
                    await Task.Delay(Pause, deadline.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return PeerState.Unknown;
        }
    }

    private async Task<PeerState> LookAsync(CancellationToken cancellation)
    {
        await using var session = await logins.ConnectAsync(open, config.ConnectTimeout, cancellation);
        var (facts, scan) = await session.BeginAsync(cancellation);
        var (kept, excluded) = exclude.Divide(scan.Paths, config.ConfPaths);
        var state = PeerState.Unknown;
        if (ChangeSet.Between(desired.Snapshot, kept, excluded).IsEmpty)
        {
            if (facts.NginxRuns && facts.ServedDigest != desired.Digest) await session.ServeAsync(desired.Digest, cancellation);
            state = PeerState.Confirmed;
        }
        else if (SnapshotDigest.Of(kept) == SnapshotDigest.Of(before))
        {
            state = PeerState.Undone;
        }
        await session.CloseAsync();
        return state;
    }
}
