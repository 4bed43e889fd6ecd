using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>What a look at a cluster is asked for.</summary>
/// <param name="Nodes">In the order in which they are reported.</param>
/// <param name="Sudo">Where the user is not root, commands run under sudo, here and on the nodes.</param>
/// <param name="Who">The primary and its user, as peers are to name them.</param>
public sealed record RolesRequest(SyncConfig Config, IReadOnlyList<Node> Nodes, bool Sudo, string Who);

/// <summary>Asks the primary and the nodes which addresses they hold. It takes no lock and writes nothing that stays.</summary>
public sealed class RolesRun(RolesRequest request, Func<Node, ITransport> transportTo)
{
    public async Task<ClusterRoles> RunAsync(CancellationToken cancellation)
    {
        var (started, clock) = (DateTimeOffset.Now, Stopwatch.StartNew());
        using var logins = new Logins(request.Config.Logins);
        var here = Task.Run(() => AskAsync(null, new LocalShell(), logins, cancellation), CancellationToken.None);
        var there = await Task.WhenAll(request.Nodes.Select(
            node => Task.Run(() => AskAsync(node, transportTo(node), logins, cancellation), CancellationToken.None)));
        var cluster = request.Config.PerNode.Cluster;
        var primary = Named(await here, cluster);
        var held = HeldAddress.Of(cluster, [.. there.Prepend(primary).Select(machine => machine.Roles)]);
        ImmutableArray<MachineInCluster> machines = TakesPart(primary, held) ? [primary, .. there] : [.. there];
        return new ClusterRoles(
            started, clock.Elapsed, machines, HeldAddress.Of(cluster, [.. machines.Select(machine => machine.Roles)]),
            [.. cluster is null ? [] : cluster.Members.Select(member => member.Name).Except(machines.Select(machine => machine.Member).OfType<string>())]);
    }

    /// <summary>A primary that neither is a member nor has a keepalived is none of the machines that hold addresses.</summary>
    private static bool TakesPart(MachineInCluster primary, ImmutableArray<HeldAddress> held) =>
        primary.Member is not null || primary.Roles is { Keepalived: KeepalivedPresence.Running } or { Instances.IsEmpty: false } ||
        held.Any(address => address.Holders.Contains(0));

    // Which member the primary is follows from its addresses.
    private static MachineInCluster Named(MachineInCluster primary, ClusterDefinition? cluster) =>
        primary with { Member = cluster?.MemberWith(primary.Roles?.Addresses ?? ImmutableHashSet<IPAddress>.Empty)?.Name };

    /// <summary>Logs in to a machine to ask it.</summary>
    /// <exception cref="PeerException">It could not be logged in to.</exception>
    internal static Task<RolesSession> OpenAsync(
        RolesRequest request, ITransport transport, Logins logins, CancellationToken cancellation, ConversationMode mode = ConversationMode.Roles) => logins.ConnectAsync(
        transport, () => new RolesSession(transport, request.Sudo, request.Who, PeerSettings.Of(request.Config, reload: false), mode),
        request.Config.ConnectTimeout, cancellation);

    /// <summary>What a machine says of its addresses, in a session of its own.</summary>
    /// <exception cref="PeerException">It could not be asked.</exception>
    internal static async Task<MachineRoles> RolesOfAsync(RolesRequest request, ITransport transport, Logins logins, CancellationToken cancellation)
    {
        await using var session = await OpenAsync(request, transport, logins, cancellation);
        var roles = await session.RolesAsync(cancellation);
        await session.CloseAsync();
        return roles;
    }

    private async Task<MachineInCluster> AskAsync(Node? node, ITransport transport, Logins logins, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var machine = new MachineInCluster(
            node, node is null ? null : request.Config.PerNode.Cluster?.MemberOf(node)?.Name, null, null, TimeSpan.Zero);
        try
        {
            machine = machine with { Roles = await RolesOfAsync(request, transport, logins, cancellation) };
        }
        catch (PeerException exception)
        {
            machine = machine with { Failure = LookFailure.Said.Of(exception) };
        }
        return machine with { Took = clock.Elapsed };
    }
}
