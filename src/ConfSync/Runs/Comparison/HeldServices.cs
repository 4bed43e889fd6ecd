using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Services;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a node holds of each service, as digests, and what is known of the services other than nginx. Pure.</summary>
/// <param name="Whole">The digest of all that the node holds; null where nobody asks for it.</param>
/// <param name="Nginx">The digest of nginx's part of it; null likewise.</param>
internal sealed record HeldServices(string? Whole, string? Nginx, ImmutableArray<ComparedService> Others)
{
    /// <param name="whole">The digest of what the node holds, where it is known.</param>
    /// <param name="isStatus">The digests are wanted in any case.</param>
    public static HeldServices Of(SyncConfig config, PeerFacts facts, Snapshot held, string? whole, bool isStatus)
    {
        var (services, scope) = (config.Services, config.Scope);
        var digest = isStatus || facts.ServedOf(scope) is not null ? whole ?? SnapshotDigest.Of(held, scope) : null;
        var nginx = services.IsNginxAlone || services.Nginx is not { } service ? digest : services.DigestOf(held, service, scope);
        return new HeldServices(digest, nginx, [.. services.Others.Select(other => new ComparedService(other.Name, StateOf(other), other.IsExpected))]);

        // Where no push has recorded what a service reads, a push reloads it.
        NginxState StateOf(Service other) =>
            !facts.Of(other).Runs ? NginxState.NotRunning
            : facts.Of(other).Served.FirstOrDefault(served => SnapshotDigest.IsOf(served, scope)) is not { } recorded ? NginxState.ProbablyPending
            : recorded == services.DigestOf(held, other, scope) ? NginxState.Current : NginxState.Pending;
    }

    /// <summary>The digest of the state that the services serve, for certain or probably; null where that is not known. Where several
    /// take part, each records its own part of a state: the whole is known only if all of them serve what the node holds.</summary>
    /// <param name="recorded">What nginx was recorded to serve; null where it was not.</param>
    public string? Served(string? recorded, NginxState nginx)
    {
        if (Others.IsEmpty) return recorded ?? (nginx == NginxState.ProbablyCurrent ? Whole : null);
        return Others.All(other => other.State == NginxState.Current) && nginx is (NginxState.Current or NginxState.Unknown) ? Whole : null;
    }
}
