using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>Who holds which address, as it was seen at one moment.</summary>
/// <param name="Machines">The primary first, where it takes part; then the nodes in the order of the request.</param>
/// <param name="Addresses">The addresses that move. Their holders are indices of <paramref name="Machines"/>.</param>
/// <param name="Missing">Members of the definition that are neither in NODES nor the primary, and were not looked at.</param>
public sealed record ClusterRoles(
    DateTimeOffset Started, TimeSpan Took, ImmutableArray<MachineInCluster> Machines, ImmutableArray<HeldAddress> Addresses,
    ImmutableArray<string> Missing)
{
    /// <summary>Every machine has told which addresses it has.</summary>
    public bool IsComplete => Missing.IsEmpty && Machines.All(machine => machine.IsKnown);

    /// <summary>There are addresses that move, and each has one holder, as far as that is known.</summary>
    public bool EachIsHeldOnce => !Addresses.IsEmpty && Addresses.All(address => address.Holders.Length == 1);

    /// <summary>The addresses that have several holders, or certainly none, although keepalived runs somewhere.</summary>
    public ImmutableArray<AddressHolders> Astray => !Machines.Any(machine => machine.Roles?.Keepalived == KeepalivedPresence.Running) ? [] :
    [
        .. Addresses.Where(address => address.Holders.Length > 1 || (address.Holders.IsEmpty && IsComplete)).Select(HoldersOf),
    ];

    /// <summary>An address with the names of its holders.</summary>
    public AddressHolders HoldersOf(HeldAddress address) =>
        new(address.Instance, address.Address, [.. address.Holders.Select(index => Machines[index].Name)]);

    /// <summary>Each machine is ready to take over.</summary>
    public bool EachIsReady => !Machines.Any(machine => machine.IsImpaired);
}

/// <summary>A machine of a cluster.</summary>
/// <param name="Node">Null for the primary itself.</param>
/// <param name="Member">Its name in the definition; null where it is in none.</param>
/// <param name="Roles">Null where it said nothing.</param>
/// <param name="Failure">Why it said nothing; null where it did.</param>
public sealed record MachineInCluster(Node? Node, string? Member, MachineRoles? Roles, LookFailure? Failure, TimeSpan Took)
{
    public bool IsKnown => Roles?.AreAddressesKnown ?? false;

    /// <summary>It takes an address only if no other machine can.</summary>
    public bool IsDrained => Roles?.Placed.GetValueOrDefault(KeepalivedFiles.DrainedName) is < 0;

    /// <summary>An instance was moved to it, away from a machine that comes before it in the definition.</summary>
    public bool IsPreferredFor(string instance) => Roles?.Placed.GetValueOrDefault(KeepalivedFiles.PlacedName(instance)) is > 0;

    public MachineName Name => new(Node, Member);

    /// <summary>It is to be ready to take over, and its keepalived does not run.</summary>
    public bool KeepalivedIsMissed => Roles is { Keepalived: KeepalivedPresence.Stopped } && (Member is not null || !Roles.Instances.IsEmpty);

    /// <summary>An instance of it cannot take over, or does not have what it believes to have.</summary>
    public bool IsImpaired => KeepalivedIsMissed || Roles?.Instances.Any(instance => instance.State == VrrpState.Fault || LacksOwn(instance)) == true;

    private bool LacksOwn(ConfiguredInstance instance) =>
        IsKnown && instance.State == VrrpState.Master && !instance.Addresses.All(Roles!.Addresses.Contains);
}
