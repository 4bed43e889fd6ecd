using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace ConfSync.Inventory;

/// <summary>A machine of a cluster.</summary>
/// <param name="Name">Its name, which keepalived gets as <c>router_id</c>.</param>
/// <param name="Addresses">Its own addresses: one of a family at most.</param>
/// <param name="Interface">The interface that gets virtual addresses.</param>
public sealed record ClusterMember(string Name, ImmutableArray<IPAddress> Addresses, string Interface)
{
    /// <summary>Its address of the family; null where it has none.</summary>
    public IPAddress? AddressOf(AddressFamily family) => Addresses.FirstOrDefault(address => address.AddressFamily == family);

    /// <summary>Whether NODES means this machine by this node.</summary>
    public bool Is(Node node) => node.Name == Name || node.Address.Host == Name ||
        (IPAddress.TryParse(node.Address.Host, out var address) && Addresses.Contains(address));
}

/// <summary>An address that a cluster holds, and how many bits its net has.</summary>
/// <param name="Prefix">Null: the address alone.</param>
public sealed record VirtualAddress(IPAddress Address, int? Prefix)
{
    public override string ToString() => Prefix is { } prefix ? $"{Address}/{prefix}" : $"{Address}";
}

/// <summary>Virtual addresses that one member holds at a time: a VRRP instance.</summary>
/// <param name="Name">Such as <c>VI_1</c>.</param>
/// <param name="Addresses">At least one; all of one family.</param>
/// <param name="RouterId">The VRRP router ID, 1 to 255.</param>
/// <param name="Members">The members that may hold the addresses, the preferred one first; at least two.</param>
/// <param name="Extra">Further lines of keepalived.conf in the instance.</param>
public sealed record VirtualInstance(
    string Name, ImmutableArray<VirtualAddress> Addresses, int RouterId, ImmutableArray<string> Members, string Extra)
{
    public AddressFamily Family => Addresses[0].Address.AddressFamily;

    /// <summary>The VRRP priority of a member: all are distinct, and the first one has the highest.</summary>
    public int PriorityOf(string member) => LowestPriority + Members.Length - 1 - Members.IndexOf(member);

    private const int LowestPriority = 100;
}

/// <summary>A service that a member must serve with to hold an address.</summary>
/// <param name="Url">What the check requests on the member.</param>
public sealed record TrackedService(string Name, string Url);

/// <summary>A cluster: which machines hold which addresses. Every keepalived.conf is made from it.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Preempt">A member that comes back takes its addresses again.</param>
/// <param name="Password">Of VRRP version 2; null for version 3, which has none.</param>
/// <param name="ExtraGlobal">Further lines of keepalived.conf in <c>global_defs</c>.</param>
public sealed record ClusterDefinition(
    string Path, ImmutableArray<ClusterMember> Members, ImmutableArray<VirtualInstance> Instances, ImmutableArray<TrackedService> Track,
    bool Preempt, string? Password, string ExtraGlobal)
{
    /// <summary>Further blocks of keepalived.conf, outside of all others.</summary>
    public string ExtraBlocks { get; init; } = "";

    /// <summary>keepalived moves instances together then, and adds nothing to their priorities.</summary>
    public bool HasSyncGroup => ExtraBlocks.Contains("vrrp_sync_group", StringComparison.Ordinal);

    /// <summary>The member that has one of these as its own address; null for none.</summary>
    public ClusterMember? MemberWith(IReadOnlySet<IPAddress> addresses) => Members.FirstOrDefault(member => member.Addresses.Any(addresses.Contains));

    /// <summary>The member that a node is; null for none.</summary>
    public ClusterMember? MemberOf(Node node) => Members.FirstOrDefault(member => member.Is(node));
}
