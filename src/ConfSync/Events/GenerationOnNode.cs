using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>What one node has of a generation that several are to go back to. One of the records in here.</summary>
public abstract record GenerationOnNode
{
    private GenerationOnNode(Node node) => Node = node;

    public Node Node { get; }

    /// <summary>It keeps it.</summary>
    /// <param name="Digest">Of the state; empty where that was not recorded.</param>
    /// <param name="Time">Null where that was not recorded.</param>
    /// <param name="Who">The primary and its user.</param>
    public sealed record Retained(Node Node, string Digest, DateTimeOffset? Time, string Who) : GenerationOnNode(Node)
    {
        /// <summary>The ID of the run that made it; null where that was not recorded.</summary>
        public string? Run { get; init; }
    }

    /// <summary>It does not keep it.</summary>
    public sealed record Absent(Node Node, Refusal Why) : GenerationOnNode(Node);

    /// <summary>It cannot say.</summary>
    /// <param name="Words">The node's.</param>
    public sealed record Unknown(Node Node, string Words) : GenerationOnNode(Node);

    /// <summary>It takes no part in the run.</summary>
    public sealed record NotReached(Node Node) : GenerationOnNode(Node);
}
