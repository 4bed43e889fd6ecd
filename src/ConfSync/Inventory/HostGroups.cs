using System.Collections.Immutable;

namespace ConfSync.Inventory;

/// <summary>Hosts by name, and groups of them.</summary>
/// <param name="Hosts">All hosts, in the order of the inventory.</param>
/// <param name="Groups">The hosts of each group, those of its children among them, in the order of the inventory.</param>
public sealed record HostGroups(ImmutableArray<string> Hosts, ImmutableDictionary<string, ImmutableArray<string>> Groups)
{
    /// <summary>The group that has every host.</summary>
    public const string All = "all";

    /// <summary>No host.</summary>
    public static HostGroups None { get; } = new([], ImmutableDictionary<string, ImmutableArray<string>>.Empty);
}
