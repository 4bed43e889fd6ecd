using System.Collections.Immutable;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary>A cluster that is set up, with the machines that are its members.</summary>
/// <param name="Looks">The primary first, then the nodes.</param>
internal sealed record ClusterSetup(ClusterDefinition Cluster, ImmutableArray<MachineLook> Looks, ImmutableArray<Node> Nodes)
{
    private MachineSetup Primary => Looks[0].Setup!;

    /// <summary>The member that the primary is; null for none. It follows from its addresses.</summary>
    public ClusterMember? Here => Cluster.MemberWith(Primary.Links.Select(link => link.Address).ToHashSet());

    /// <summary>The primary as a node; null where it is no member.</summary>
    public Node? HereNode => Here is { } member ? new Node(member.Name, new NodeAddress(null, $"{member.Addresses[0]}", null)) : null;

    /// <summary>The nodes that are members.</summary>
    public ImmutableArray<Node> Peers => [.. Nodes.Where(node => Cluster.MemberOf(node) is not null)];

    /// <summary>Why it cannot be set up, and what to do.</summary>
    public IEnumerable<string> Problems
    {
        get
        {
            foreach (var member in Cluster.Members)
            {
                var look = member == Here ? Looks[0] : Looks.Skip(1).FirstOrDefault(look => member.Is(look.Node!));
                if (look is null)
                {
                    yield return $"{member.Name} is neither in NODES nor this machine: add it to NODES, or remove it from MEMBERS";
                    continue;
                }
                var setup = look.Setup!;
                if (!setup.HasProgram) yield return $"{member.Name} has no keepalived: install it there, for example with apt-get install keepalived";
                if (setup.Keepalived == KeepalivedPresence.Unknown) yield return $"{member.Name}: only root sees and starts keepalived: log in as root, or without -u";
                if (setup.Links.All(link => link.Link != member.Interface)) yield return $"{member.Name} has no interface {member.Interface} with an address";
                foreach (var address in member.Addresses.Where(address => setup.Links.All(link => !link.Address.Equals(address))))
                {
                    yield return $"{address} is no address of {member.Name}: it would hold nothing";
                }
            }
            foreach (var look in Looks.Where(look => look.Setup!.Keepalived == KeepalivedPresence.Stopped))
            {
                foreach (var link in look.Setup!.Links.Where(link => Cluster.Instances.Any(instance => instance.Addresses.Any(one => one.Address.Equals(link.Address)))))
                {
                    yield return $"{(look.Node is { } node ? $"{node}" : "this machine")} has {link.Address} without keepalived: remove it there (ip addr del {link.Address}/{link.Prefix} dev {link.Link}, and from the network's configuration)";
                }
            }
        }
    }
}
