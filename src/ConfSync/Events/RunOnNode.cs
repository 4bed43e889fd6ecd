using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>The run that a node's last generation is of.</summary>
/// <param name="Generation">The node's own number.</param>
/// <param name="Run">Its ID, shortened; null where it is not recorded.</param>
public sealed record RunOnNode(Node Node, int Generation, string? Run);
