using System.Collections.Immutable;
using System.Net;
using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>Where a node stands in the order between nodes.</summary>
/// <param name="Addresses">How many addresses it has that move; null where that is not known.</param>
public sealed record NodeRole(Node Node, int? Addresses)
{
    /// <summary>What tells a run's order from how many such addresses each node has, null for a node that did not tell.</summary>
    internal static Action<IReadOnlyList<int?>> Saying(IReadOnlyList<Node> nodes, Action<RunEvent> say) => held => say(new RunEvent.OrderedByRoles(
        [.. RolloutPlan.OrderOf(held).Select(node => new NodeRole(nodes[node], held[node] is int.MaxValue ? null : held[node]))]));
}

/// <summary>An address that moves, with the machines that have it.</summary>
public sealed record AddressHolders(string Instance, IPAddress Address, ImmutableArray<MachineName> Holders);
