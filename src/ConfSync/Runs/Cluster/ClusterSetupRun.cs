using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Services;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>What a machine has that is to be a member of a cluster.</summary>
/// <param name="Node">Null for the primary itself.</param>
/// <param name="Setup">Null where it could not be asked.</param>
/// <param name="Failure">Why not; null where it could.</param>
public sealed record MachineLook(Node? Node, MachineSetup? Setup, LookFailure? Failure);

/// <summary>What became of keepalived on a member.</summary>
/// <param name="By">By what it was started, or <c>running</c>; null where it did not start.</param>
/// <param name="Words">Why it did not.</param>
public sealed record StartedMember(Node Node, string? By, string Words);

/// <summary>The steps of a first setup of a cluster beside the push: a look before it, the start of keepalived and the wait for the
/// addresses after it.</summary>
/// <param name="transportTo">Also for the node that stands for the primary.</param>
public sealed class ClusterSetupRun(RolesRequest request, Func<Node, ITransport> transportTo)
{
    // Longer than three advertisements, the checks before them, and a start that waits for its network.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Looks at the primary, which comes first, and at the nodes of the request. Nothing is changed.</summary>
    public async Task<ImmutableArray<MachineLook>> LookAsync(CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        var machines = request.Nodes.Cast<Node?>().Prepend(null);
        return [.. await Task.WhenAll(machines.Select(node => Task.Run(() => LookAsync(node, logins, cancellation), CancellationToken.None)))];
    }

    private async Task<MachineLook> LookAsync(Node? node, Logins logins, CancellationToken cancellation)
    {
        try
        {
            await using var session = await OpenAsync(node is null ? new LocalShell() : transportTo(node), logins, cancellation);
            var setup = await session.LookAsync(cancellation);
            await session.CloseAsync();
            return new MachineLook(node, setup, null);
        }
        catch (PeerException exception)
        {
            return new MachineLook(node, null, LookFailure.Said.Of(exception));
        }
    }

    /// <summary>Starts keepalived on each of these where it does not run.</summary>
    public async Task<ImmutableArray<StartedMember>> StartAsync(IEnumerable<Node> members, CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        return [.. await Task.WhenAll(members.Select(node => Task.Run(() => StartAsync(node, logins, cancellation), CancellationToken.None)))];
    }

    private async Task<StartedMember> StartAsync(Node node, Logins logins, CancellationToken cancellation)
    {
        try
        {
            await using var session = await OpenAsync(transportTo(node), logins, cancellation);
            var (by, words) = await session.StartAsync(cancellation);
            await session.CloseAsync();
            return new StartedMember(node, by, words);
        }
        catch (PeerException exception)
        {
            return new StartedMember(node, null, exception.WordsAndAdvice);
        }
    }

    /// <summary>Waits until each address has one holder, and each member could take over.</summary>
    /// <returns>How it was at last.</returns>
    public async Task<ClusterRoles> WaitAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var roles = await new RolesRun(request, transportTo).RunAsync(cancellation);
            if ((roles is { IsComplete: true, EachIsHeldOnce: true, EachIsReady: true } && AllHaveSettled(roles)) || clock.Elapsed > Patience) return roles;
            await Task.Delay(Pause, cancellation);
        }
    }

    // One that begins may yet become master, and another one lose its addresses then.
    private static bool AllHaveSettled(ClusterRoles roles) =>
        roles.Machines.All(machine => machine.Roles?.Instances.All(instance => instance.State is VrrpState.Master or VrrpState.Backup) ?? false);

    private Task<SetupSession> OpenAsync(ITransport transport, Logins logins, CancellationToken cancellation) => logins.ConnectAsync(
        transport, () => new SetupSession(transport, request.Sudo, request.Who, PeerSettings.Of(request.Config, reload: false)),
        request.Config.ConnectTimeout, cancellation);

    /// <summary>The configuration for a push of keepalived's two files and nothing else, to members alone.</summary>
    public static SyncConfig ConfigOf(SyncConfig config, ClusterDefinition cluster)
    {
        var keepalived = config.Services.All.FirstOrDefault(service => service.Definition == ServiceDefinition.Keepalived) ?? new Service(ServiceDefinition.Keepalived);
        return config with
        {
            ConfPaths = [KeepalivedFiles.ConfigurationPath, KeepalivedFiles.CheckPath],
            Exclude = [],
            Redact = [],
            PostSync = [],
            Templates = [],
            HealthCheck = null,
            PerNode = config.PerNode with { Cluster = cluster, HasTemplates = false, WithFiles = [] },
            // It is started after the push.
            Services = config.Services with { All = [keepalived with { IsExpected = false }] },
        };
    }
}
