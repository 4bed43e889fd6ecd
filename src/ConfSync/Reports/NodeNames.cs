using ConfSync.Inventory;

namespace ConfSync.Reports;

/// <summary>Nodes in a sentence. Pure.</summary>
internal static class NodeNames
{
    private const int Most = 10;

    /// <summary>Such as <c>web1, web2 and web3</c>, or <c>web1, … and 7 more</c>.</summary>
    /// <param name="nodes">At least one.</param>
    public static string Of(IReadOnlyList<Node> nodes) => nodes.Count switch
    {
        1 => nodes[0].ToString(),
        <= Most => $"{string.Join(", ", nodes.SkipLast(1))} and {nodes[^1]}",
        _ => $"{string.Join(", ", nodes.Take(Most))} and {nodes.Count - Most} more",
    };
}
