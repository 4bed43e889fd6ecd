using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>A node on which a roll-back that others have had is still to be made.</summary>
/// <param name="To">The node's own generation to go back to.</param>
public sealed record LeftToRollBack(Node Node, int To);
