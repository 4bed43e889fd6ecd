using System.Collections.Immutable;
using ConfSync.Inventory;

namespace ConfSync.Events;

/// <summary>A push to all nodes or none that an earlier run decided and did not finish.</summary>
/// <param name="Time">When it was decided.</param>
/// <param name="Who">The primary and its user.</param>
/// <param name="ConfigPath">The configuration file that it was a push of, absolute.</param>
/// <param name="Nodes">Those on which it is not finished.</param>
public sealed record UnfinishedPush(DateTimeOffset Time, string Who, string ConfigPath, ImmutableArray<Node> Nodes);
