using System.Diagnostics.CodeAnalysis;
using ConfSync.Bytes;

namespace ConfSync.Inventory;

/// <summary>A peer of the inventory. Two nodes are equal if they have the same address, whatever their names are.</summary>
/// <param name="Name">The name that people use: the address as <c>NODES</c> or the command line writes it.</param>
public sealed record Node(string Name, NodeAddress Address)
{
    /// <summary>Reads a node as <c>NODES</c> names it.</summary>
    /// <param name="text">One item of <c>NODES</c>.</param>
    /// <param name="problem">What is wrong and what to do, without the text itself; null if nothing is wrong.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Node? node, [NotNullWhen(false)] out string? problem)
    {
        node = NodeAddress.TryParse(text, out var address, out problem) ? new Node(text, address) : null;
        return node is not null;
    }

    public bool Equals(Node? other) => other is not null && Address == other.Address;

    public override int GetHashCode() => Address.GetHashCode();

    /// <summary>The name, made safe to print.</summary>
    public override string ToString() => PosixText.Printable(Name);
}
