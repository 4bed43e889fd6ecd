using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Looks before the first turn of a push whether each address that moves has one holder. A push refuses where an address has
/// several. Where one has none, the push goes on, because it may be what mends that.</summary>
internal sealed class HoldersBefore
{
    private readonly PushRequest request;
    private readonly Func<Node, ITransport> transportTo;
    private readonly Action<RunEvent> say;
    private readonly Lazy<Task<Refusal?>> objection;

    /// <param name="told">Completes with what each node of the request says, when all have told or are no longer waited for.</param>
    public HoldersBefore(
        PushRequest request, Task<IReadOnlyList<MachineRoles?>> told, Func<Node, ITransport> transportTo, Action<RunEvent> say, CancellationToken cancellation)
    {
        (this.request, this.transportTo, this.say) = (request, transportTo, say);
        objection = new(() => FindAsync(told, cancellation));
    }

    /// <summary>The addresses that have no holder, or several, although the push goes on.</summary>
    public ImmutableArray<AddressHolders> Astray { get; private set; } = [];

    /// <summary>Why no node may be staged; null where all may.</summary>
    public Task<Refusal?> ObjectionAsync() => objection.Value;

    /// <summary>Whether it may be that an address has not one holder: the nodes were not asked at the same moment, and not all machines
    /// are among them. Pure.</summary>
    /// <param name="nodes">Those that were asked, in the order of what they say.</param>
    internal static bool IsSuspect(SyncConfig config, IReadOnlyList<Node> nodes, IReadOnlyList<MachineRoles?> told)
    {
        var cluster = config.PerNode.Cluster;
        var held = HeldAddress.Of(cluster, told);
        if (held.Any(address => address.Holders.Length > 1)) return true;
        // Another machine may have what none of these has.
        var areAll = told.All(said => said is { AreAddressesKnown: true }) && (cluster is null
            ? config.Nodes.All(nodes.Contains)
            : cluster.Members.All(member => nodes.Any(member.Is)));
        return areAll && told.Any(said => said!.Keepalived == KeepalivedPresence.Running) && held.Any(address => address.Holders.IsEmpty);
    }

    private async Task<Refusal?> FindAsync(Task<IReadOnlyList<MachineRoles?>> told, CancellationToken cancellation)
    {
        if (!IsSuspect(request.Config, request.Nodes, await told)) return null;
        // An address may be on its way from one node to another.
        var astray = await OneHolder.AstrayBeforeAsync(new RolesRequest(request.Config, request.Config.Nodes, request.Sudo, request.Who), transportTo, cancellation);
        ImmutableArray<AddressHolders> several = [.. astray.Where(address => address.Holders.Length > 1)];
        if (!several.IsEmpty && !request.Force) return new Refusal.SeveralHolders(several);
        Astray = astray;
        if (!astray.IsEmpty) say(new RunEvent.GoingOnAstray(astray));
        return null;
    }
}
