using System.Collections.Immutable;
using System.Net;

namespace ConfSync.Inventory;

/// <summary>Whether keepalived runs on a machine.</summary>
public enum KeepalivedPresence
{
    /// <summary>The login is not root's, and only root sees it.</summary>
    Unknown,

    Stopped,

    Running,
}

/// <summary>What keepalived says of an instance.</summary>
public enum VrrpState
{
    Init,
    Backup,
    Master,
    Fault,
}

/// <summary>What a machine says of its addresses.</summary>
/// <param name="Addresses">All that it has now, as <c>ip addr</c> shows them; none where it could not tell.</param>
/// <param name="Instances">The instances of its keepalived.</param>
public sealed record MachineRoles(
    KeepalivedPresence Keepalived, ImmutableHashSet<IPAddress> Addresses, ImmutableArray<ConfiguredInstance> Instances)
{
    /// <summary>The numbers that its keepalived adds to priorities, by the names of their files, also where there is no file; none where
    /// keepalived was not asked, or does not follow such files.</summary>
    public ImmutableDictionary<string, int> Placed { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Each machine has at least the address of its loopback interface.</summary>
    public bool AreAddressesKnown => !Addresses.IsEmpty;
}

/// <summary>A machine of a cluster, as people name it.</summary>
/// <param name="Node">Null for the primary itself.</param>
/// <param name="Member">Its name in the definition; null where it is in none.</param>
public sealed record MachineName(Node? Node, string? Member);

/// <summary>An instance of a machine's keepalived.</summary>
/// <param name="State">Null where keepalived could not be asked.</param>
public sealed record ConfiguredInstance(string Name, ImmutableArray<IPAddress> Addresses, VrrpState? State);
