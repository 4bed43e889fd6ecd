using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Peers;
using ConfSync.Push;
using ConfSync.Snapshots;
using ConfSync.Ssh;

namespace ConfSync.Compare;

/// <summary>What a comparison found on one node.</summary>
/// <param name="Changes">What a push would change there; empty where nothing differs.</param>
/// <param name="Failure">Why it could not be compared; null where it was.</param>
/// <param name="Unfinished">What a push that was cut off has left there; null for nothing.</param>
public sealed record NodeComparison(
    NodeAddress Node, ImmutableArray<Change> Changes, string? Failure = null, string? Unfinished = null);

/// <summary>
/// A push that stops at the ChangeSet: the same desired state, the same scan, and nothing is written on either side. No
/// lock is taken, so it can run beside a push.
/// </summary>
public sealed class CompareRun(
    SyncConfig config, IReadOnlyList<NodeAddress> nodes, bool sudo, string who, Func<NodeAddress, ITransport> transportTo)
{
    /// <returns>One result a node, in their order.</returns>
    /// <exception cref="PrimaryException">The primary's own files cannot be looked at.</exception>
    public async Task<IReadOnlyList<NodeComparison>> RunAsync(CancellationToken cancellation)
    {
        var exclude = PushRun.ExcludeRulesOf(config);
        var primary = new PrimaryShell(sudo, config.Nginx, config.BackupDir, config.ConfPaths, exclude);
        using var logins = new SemaphoreSlim(Logins.InFlight);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = DesiredState.ReadAsync(primary, config, exclude, abort.Token);
        var comparing = nodes.Select(node => CompareAsync(node, exclude, reading, logins, abort.Token)).ToList();
        try
        {
            using var desired = await reading;
            return await Task.WhenAll(comparing);
        }
        catch
        {
            // What is wrong here needs no word from the nodes.
            await abort.CancelAsync();
            await ((Task)Task.WhenAll(comparing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<NodeComparison> CompareAsync(
        NodeAddress node, ExcludeRules exclude, Task<DesiredState> desired, SemaphoreSlim logins, CancellationToken cancellation)
    {
        try
        {
            await using var session = await Logins.ConnectAsync(
                () => PeerSession.Open(
                    transportTo(node), sudo, ConversationMode.Compare, who, PeerSettings.Of(config), config.ConfPaths, exclude),
                config.ConnectTimeout, logins, cancellation);
            var (facts, scan) = await session.BeginAsync(cancellation);
            await session.CloseAsync();
            var (kept, excluded) = exclude.Divide(scan.Paths, config.ConfPaths);
            var changeSet = ChangeSet.Between((await desired).Snapshot, kept, excluded);
            return changeSet.Unreadable.IsEmpty
                ? new NodeComparison(node, changeSet.Changes, null, facts.Unfinished)
                : new NodeComparison(node, [], $"{PosixText.Printable(changeSet.Unreadable[0].Path)} cannot be read there");
        }
        catch (Exception exception) when (exception is PeerException or TransportException)
        {
            return new NodeComparison(node, [], exception.Message);
        }
    }
}
