using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace ConfSync.Inventory;

/// <summary>An address that a machine has now.</summary>
/// <param name="Link">The interface.</param>
/// <param name="Prefix">How many bits its net has; null where it has none.</param>
public sealed record MachineLink(string Link, IPAddress Address, int? Prefix);

/// <summary>What a machine has that is to be a member of a cluster.</summary>
/// <param name="Name">Its host name up to the first dot; empty where that is none for a member.</param>
/// <param name="HasProgram">keepalived is installed.</param>
/// <param name="DefaultLink">The interface of the default route; null where there is none.</param>
public sealed record MachineSetup(
    string Name, KeepalivedPresence Keepalived, bool HasProgram, string? DefaultLink, ImmutableArray<MachineLink> Links)
{
    /// <summary>The address that is most likely the one for a cluster: that by which the machine is reached, else one of the interface
    /// with the default route, else any; null where there is none.</summary>
    /// <param name="host">What NODES has; may be a name.</param>
    /// <param name="moving">Addresses that no machine has for itself.</param>
    public MachineLink? Likeliest(string? host, IReadOnlySet<IPAddress> moving) => Links
        .Where(link => !IPAddress.IsLoopback(link.Address) && !link.Address.IsIPv6LinkLocal && (link.Address.ToString() == host || !moving.Contains(link.Address)) && link.Address.AddressFamily == AddressFamily.InterNetwork)
        .OrderByDescending(link => link.Address.ToString() == host).ThenByDescending(link => link.Link == DefaultLink).FirstOrDefault();
}
