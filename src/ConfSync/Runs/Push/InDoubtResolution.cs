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
internal sealed class InDoubtResolution(
    Func<PeerSession> open, SyncConfig config, Logins logins, ExcludeRules exclude, Snapshot before, DesiredState desired)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="timeout">How long to go on trying to reach a node that cannot be reached, or that is still busy
    /// with undoing.</param>
    /// <returns>The state seen: undone; confirmed; or unknown.</returns>
    /// <exception cref="PeerException">The node was reached, and its recovery failed.</exception>
    public async Task<Seen> ResolveAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
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
            return new Seen(PeerState.Unknown, null);
        }
    }

    private async Task<Seen> LookAsync(CancellationToken cancellation)
    {
        await using var session = await logins.ConnectAsync(open, config.ConnectTimeout, cancellation);
        var (facts, scan) = await session.BeginAsync(cancellation);
        var (included, excluded) = exclude.Divide(scan.Paths, config.ConfPaths);
        var seen = new Seen(PeerState.Unknown, null);
        if (ChangeSet.Between(desired.Snapshot, included, excluded).IsEmpty)
        {
            seen = new Seen(PeerState.Confirmed, await ServeAsync(session, facts, cancellation));
        }
        else if (SnapshotDigest.Of(included) == SnapshotDigest.Of(before))
        {
            seen = new Seen(PeerState.Undone, null);
        }
        await session.CloseAsync();
        return seen;
    }

    private async Task<ReloadOutcome> ServeAsync(PeerSession session, PeerFacts facts, CancellationToken cancellation)
    {
        if (!facts.NginxRuns) return ReloadOutcome.NotRunning;
        // The session that was lost saw it served.
        if (facts.Served.Contains(desired.Digest)) return ReloadOutcome.Reloaded;
        return (await session.ServeAsync(desired.Digest, cancellation)).Reload;
    }

    /// <param name="Reload">What became of nginx there; null unless the node holds what it was to hold.</param>
    internal sealed record Seen(PeerState State, ReloadOutcome? Reload);
}
