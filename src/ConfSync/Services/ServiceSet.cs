using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Trees;

namespace ConfSync.Services;

/// <summary>The services that take part in a run, and whose files are whose.</summary>
/// <param name="All">In the order in which a node reloads them; at least one.</param>
public sealed record ServiceSet(ImmutableArray<Service> All)
{
    /// <summary>A push may take virtual addresses out of keepalived's files (KEEPALIVED_REMOVALS).</summary>
    public bool AllowsRemovals { get; init; }

    /// <summary>A push may change what the nodes of a cluster must have in common (KEEPALIVED_INCOMPATIBLE).</summary>
    public bool AllowsIncompatible { get; init; }

    /// <summary>nginx takes part and no other service.</summary>
    public bool IsNginxAlone => All is [{ Definition.Name: "nginx" }];

    /// <summary>nginx; null where it takes no part.</summary>
    public Service? Nginx => All.FirstOrDefault(service => service.Definition == ServiceDefinition.Nginx);

    /// <summary>What nginx is called; where it takes no part, as it is called itself.</summary>
    public string NginxName => Nginx?.Title ?? NginxKind.Nginx.Name;

    /// <summary>A service of the administrator's own takes part.</summary>
    public bool HasOwn => All.Any(service => service.Own is not null);

    /// <summary>The services other than nginx.</summary>
    public IEnumerable<Service> Others => All.Where(service => service.Definition != ServiceDefinition.Nginx);

    /// <summary>nginx alone, as its definition has it.</summary>
    public static ServiceSet Default { get; } = new([new Service(ServiceDefinition.Nginx) { Kind = NginxKind.Nginx }]);

    /// <summary>
    /// The services that a path concerns: those that own it, or something beneath it. A path that no service owns is
    /// nginx's, or, where nginx takes no part, concerns all.
    /// </summary>
    public ImmutableArray<Service> ConcernedBy(string path)
    {
        ImmutableArray<Service> owners = [.. All.Where(service => service.Paths.Any(
            own => PosixPath.IsAtOrBeneath(path, own) || PosixPath.IsAtOrBeneath(own, path)))];
        if (!owners.IsEmpty) return owners;
        return Nginx is { } nginx ? [nginx] : All;
    }

    /// <summary>The part of a Snapshot that concerns a service.</summary>
    public Snapshot PartOf(Snapshot snapshot, Service service) =>
        IsNginxAlone ? snapshot : new Snapshot(snapshot.Entries.Where(entry => ConcernedBy(entry.Path).Contains(service)));

    /// <summary>The digest of the part of a Snapshot that concerns a service, with its scope.</summary>
    public string DigestOf(Snapshot snapshot, Service service, string scope) => SnapshotDigest.Of(PartOf(snapshot, service), scope);
}
