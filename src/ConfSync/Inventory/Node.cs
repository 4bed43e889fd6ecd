using System.Diagnostics.CodeAnalysis;
using ConfSync.Bytes;

namespace ConfSync.Inventory;

/// <summary>A peer of the inventory. Two are equal when they are logged in to in the same way, whatever they are
/// called.</summary>
/// <param name="Name">What people call it: the address as <c>NODES</c> or the command line writes it.</param>
public sealed record Node(string Name, NodeAddress Address)
{
    /// <param name="text">A word of <c>NODES</c>.</param>
    /// <param name="problem">What is wrong and what to do, without the text; null where nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Node? node, [NotNullWhen(false)] out string? problem)
    {
        node = NodeAddress.TryParse(text, out var address, out problem) ? new Node(text, address) : null;
        return node is not null;
    }

    public bool Equals(Node? other) => other is not null && Address == other.Address;

    public override int GetHashCode() => Address.GetHashCode();

    /// <summary>The name as it may be shown.</summary>
    public override string ToString() => PosixText.Printable(Name);
}
