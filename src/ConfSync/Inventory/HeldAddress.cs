using System.Collections.Immutable;
using System.Net;

namespace ConfSync.Inventory;

/// <summary>An address that moves between machines.</summary>
/// <param name="Instance">The name of its instance.</param>
/// <param name="Holders">Which machines have the address, by index.</param>
public sealed record HeldAddress(string Instance, IPAddress Address, ImmutableArray<int> Holders)
{
    /// <summary>The addresses that move: those of the definition first, then those that only a machine's keepalived names. Pure.</summary>
    /// <param name="cluster">Null where there is no definition.</param>
    /// <param name="machines">What each machine says; null for one that said nothing.</param>
    public static ImmutableArray<HeldAddress> Of(ClusterDefinition? cluster, IReadOnlyList<MachineRoles?> machines)
    {
        var defined = cluster is null ? []
            : cluster.Instances.SelectMany(instance => instance.Addresses, (instance, one) => (instance.Name, one.Address));
        var configured = machines.OfType<MachineRoles>().SelectMany(machine => machine.Instances)
            .SelectMany(instance => instance.Addresses, (instance, address) => (instance.Name, Address: address));
        return
        [
            .. from moving in defined.Concat(configured).DistinctBy(one => one.Address)
               let holders = Enumerable.Range(0, machines.Count).Where(index => machines[index]?.Addresses.Contains(moving.Address) == true)
               select new HeldAddress(moving.Name, moving.Address, [.. holders]),
        ];
    }

    /// <summary>How many of the addresses that move each machine has. Pure.</summary>
    public static ImmutableArray<int> CountsOf(ImmutableArray<HeldAddress> held, int machines) =>
        [.. Enumerable.Range(0, machines).Select(machine => held.Count(one => one.Holders.Contains(machine)))];
}
