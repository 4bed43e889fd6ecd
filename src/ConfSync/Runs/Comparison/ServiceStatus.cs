using ConfSync.Changes;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>What a status says of a node's nginx besides what a comparison says.</summary>
/// <param name="Version">Of the running nginx; null where none runs, or it is not known.</param>
/// <param name="RunsSince">When it was started, by the node's own clock; null where none runs.</param>
/// <param name="Served">The generation, and so the run, that made the state which nginx serves; null where that is not known.</param>
/// <param name="ServedFor">The age of that generation, by the node's own clock.</param>
/// <param name="ClockDifference">How far the node's clock is ahead of this machine's.</param>
/// <param name="ClockPrecision">The difference may be larger or smaller by so much.</param>
public sealed record ServiceStatus(
    string? Version, DateTimeOffset? RunsSince, Generation? Served, TimeSpan? ServedFor, TimeSpan ClockDifference, TimeSpan ClockPrecision)
{
    /// <param name="served">The digest of the state that nginx serves, for certain or probably; null where that is not known.</param>
    public static ServiceStatus Of(PeerStatus status, string? served)
    {
        // The same state may have been there more than once: the last run brought it there.
        var generation = string.IsNullOrEmpty(served) ? null : Generation.LastWith(status.Generations, served);
        return new ServiceStatus(
            status.NginxVersion, status.RunsSince, generation, status.Now - generation?.Time, status.ClockDifference, status.ClockPrecision);
    }
}
