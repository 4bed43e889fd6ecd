using ConfSync.Inventory;

namespace ConfSync.Tests;

/// <summary>Nodes for tests.</summary>
internal static class SampleNodes
{
    /// <summary>A node as NODES would name it.</summary>
    public static Node Of(string text) => Node.TryParse(text, out var node, out var problem) ? node : throw new ArgumentException(problem);
}
