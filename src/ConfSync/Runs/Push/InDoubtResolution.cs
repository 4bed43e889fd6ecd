using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>
/// Finds out what became of a node whose session was lost between its activation and its confirmation. The peer undoes a
/// change by itself if it was not told to keep it. This class logs in again and looks, so that the report says what is
/// there.
/// </summary>
/// <param name="transport">What logs in to the node.</param>
/// <param name="open">Makes a new session for a push. At its beginning the peer recovers a transaction whose processes have
/// died.</param>
/// <param name="logins">The logins of the run, because many nodes may be in doubt at once.</param>
/// <param name="before">What the node held before it was activated, without what EXCLUDE takes out.</param>
internal sealed class InDoubtResolution(
    ITransport transport, Func<PeerSession> open, SyncConfig config, Logins logins, ExcludeRules exclude, Snapshot before, DesiredState desired)
{
    /// <param name="timeout">How long to retry a node that cannot be reached or is still undoing.</param>
    /// <returns>The state that was seen: undone, confirmed or unknown.</returns>
    /// <exception cref="PeerException">The node was reached, and its recovery failed.</exception>
    public async Task<Seen> ResolveAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await LookAsync(deadline.Token);
                }
                catch (PeerException failed) when (Retry.MayPass(failed.Failure, isKnown: true))
                {
                    await Task.Delay(Retry.PauseAfter(attempt), deadline.Token);
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
        await using var session = await logins.ConnectAsync(transport, open, config.ConnectTimeout, cancellation);
        var (facts, scan) = await session.BeginAsync(cancellation);
        var (included, excluded) = exclude.Divide(scan.Paths, config.ConfPaths);
        var seen = new Seen(PeerState.Unknown, null);
        if (ChangeSet.Between(desired.Snapshot, included, excluded).IsEmpty)
        {
            seen = await ServeAsync(session, ServiceNeeds.Of(config, facts, [], included, desired), cancellation);
        }
        else if (SnapshotDigest.Of(included) == SnapshotDigest.Of(before))
        {
            seen = new Seen(PeerState.Undone, null);
        }
        await session.CloseAsync();
        return seen;
    }

    private async Task<Seen> ServeAsync(PeerSession session, ServiceNeeds needs, CancellationToken cancellation)
    {
        // The session that was lost saw it served.
        var activation = needs.IsNone
            ? new Activation(needs.SomeStopped ? ReloadOutcome.NotRunning : ReloadOutcome.Reloaded, null)
            : await session.ServeAsync(desired.Digest, needs.Affected, cancellation);
        return new Seen(PeerState.Confirmed, activation.Reload) { Services = needs.Outcomes(activation.Services) };
    }

    /// <param name="Reload">The reload outcome; null unless the node holds the desired Snapshot.</param>
    internal sealed record Seen(PeerState State, ReloadOutcome? Reload)
    {
        /// <inheritdoc cref="Events.NodeReport.Services"/>
        public ImmutableArray<ServiceOutcome> Services { get; init; } = [];
    }
}
