using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>What one node has of a generation that several are to go back to. One of the records in here.</summary>
public abstract record GenerationOnNode
{
    private GenerationOnNode(NodeAddress node) => Node = node;

    public NodeAddress Node { get; }

    /// <summary>It keeps it.</summary>
    /// <param name="Digest">Of the state; empty where that was not recorded.</param>
    /// <param name="Time">Null where that was not recorded.</param>
    /// <param name="Who">The primary and its user.</param>
    public sealed record Retained(NodeAddress Node, string Digest, DateTimeOffset? Time, string Who) : GenerationOnNode(Node);

    /// <summary>It does not keep it.</summary>
    public sealed record Absent(NodeAddress Node, Refusal Why) : GenerationOnNode(Node);

    /// <summary>It cannot say.</summary>
    /// <param name="Words">The node's.</param>
    public sealed record Unknown(NodeAddress Node, string Words) : GenerationOnNode(Node);

    /// <summary>It takes no part in the run.</summary>
    public sealed record NotReached(NodeAddress Node) : GenerationOnNode(Node);
}
