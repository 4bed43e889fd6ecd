using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Services;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What a push has to do with each service of a node. Pure.</summary>
internal sealed class ServiceNeeds
{
    private readonly ServiceSet services;
    private readonly PeerFacts facts;
    private readonly ImmutableArray<Service> affected;
    private readonly Func<Service, AffectedService> ask;

    private ServiceNeeds(ServiceSet services, PeerFacts facts, ImmutableArray<Service> affected, Func<Service, AffectedService> ask) =>
        (this.services, this.facts, this.affected, this.ask) = (services, facts, affected, ask);

    /// <summary>What is asked of the node; empty where nginx alone takes part, because that needs no words.</summary>
    public ImmutableArray<AffectedService> Affected => services.IsNginxAlone ? [] : [.. affected.Select(ask)];

    /// <summary>No service has to be tested and reloaded.</summary>
    public bool IsNone => affected.IsEmpty;

    /// <summary>A service that takes part does not run.</summary>
    public bool SomeStopped => services.All.Any(service => !facts.Of(service).Runs);

    /// <summary>All services that the change affects run; where it affects none, all that take part.</summary>
    public bool AllRun => (affected.IsEmpty ? services.All : affected).All(service => facts.Of(service).Runs);

    /// <summary>A change affects a service that it concerns, whether or not that runs, and each one that runs and is not known to
    /// serve what the node is to hold.</summary>
    /// <param name="before">What the node holds.</param>
    public static ServiceNeeds Of(SyncConfig config, PeerFacts facts, ImmutableArray<Change> changes, Snapshot before, DesiredState desired)
    {
        var (services, scope) = (config.Services, config.Scope);
        var concerned = changes.SelectMany(change => services.ConcernedBy(change.Path)).ToHashSet();
        return new ServiceNeeds(
            services, facts, [.. services.All.Where(service => concerned.Contains(service) || (facts.Of(service).Runs && !Serves(service, desired.Snapshot)))],
            service => new AffectedService(
                service.Name, services.DigestOf(desired.Snapshot, service, scope), Serves(service, before) ? services.DigestOf(before, service, scope) : null));

        bool Serves(Service service, Snapshot state) =>
            facts.Of(service).Served is { IsEmpty: false } served && served.Contains(
                services.IsNginxAlone && state == desired.Snapshot ? desired.Digest : services.DigestOf(state, service, scope));
    }

    /// <summary>Each service's outcome, that of a service that was left alone too; empty where nginx alone takes part.</summary>
    /// <param name="reported">What the node said of those that it tested and reloaded.</param>
    public ImmutableArray<ServiceOutcome> Outcomes(ImmutableArray<ServiceOutcome> reported)
    {
        if (services.IsNginxAlone) return [];
        return [.. services.All.Select(service => (reported.FirstOrDefault(one => one.Name == service.Name) ?? LeftAlone(service)) with
        {
            Name = service.Title,
            IsExpected = service.IsExpected,
            WasAffected = affected.Contains(service),
        })];

        ServiceOutcome LeftAlone(Service service) => new(
            service.Name, !facts.Of(service).Runs ? ReloadOutcome.NotRunning : affected.Contains(service) ? ReloadOutcome.NotReloaded : null);
    }
}
