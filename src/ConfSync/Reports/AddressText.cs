using ConfSync.Events;
using ConfSync.Inventory;

namespace ConfSync.Reports;

/// <summary>Addresses that move, and the machines that have them, for people. Pure.</summary>
internal static class AddressText
{
    /// <summary>That an address has no holder, or several: the loudest words that there are of a cluster.</summary>
    public static string Astray(AddressHolders address) => address.Holders.Length switch
    {
        0 => $"NO MACHINE HOLDS {address.Address} ({address.Instance})",
        var count => $"{Count(count)} MACHINES HOLD {address.Address} ({address.Instance}): {Names(address)}",
    };

    /// <summary>That a push goes on all the same.</summary>
    public static string GoingOn(AddressHolders address) =>
        $"!! {Astray(address)}; {(address.Holders.IsEmpty ? "the push goes on, since it may mend that" : "the push goes on (--force)")}";

    public static string Names(AddressHolders address) => string.Join(", ", address.Holders.Select(NameOf));

    /// <summary>The name of a machine.</summary>
    public static string NameOf(MachineName machine) => machine switch
    {
        { Node: null, Member: { } member } => $"{member} (this primary)",
        { Node: null } => "this primary",
        { Member: { } member, Node: { } node } when member != node.Name => $"{member} ({node})",
        _ => machine.Node!.ToString(),
    };

    /// <summary>In which order nodes have their turns.</summary>
    public static string Order(IEnumerable<NodeRole> nodes) => $"order of the nodes: {string.Join(", ", nodes.Select(Of))}";

    private static string Of(NodeRole role) => role.Addresses switch
    {
        null => $"{role.Node} (its addresses are not known)",
        0 => role.Node.ToString(),
        1 => $"{role.Node} (holds 1 virtual address)",
        var count => $"{role.Node} (holds {count} virtual addresses)",
    };

    private static string Count(int number) => number switch { 2 => "TWO", 3 => "THREE", _ => $"{number}" };
}
