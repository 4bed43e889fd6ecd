using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>The definition that was made from keepalived's files.</summary>
/// <param name="Text">The text of cluster.conf.</param>
/// <param name="Cluster">What it says; null where it has to be completed or mended first.</param>
/// <param name="Problems">What is wrong in the files, and in the definition.</param>
public sealed record ImportedCluster(string Text, ClusterDefinition? Cluster, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <summary>Makes a definition from the keepalived.conf of each member. Pure.</summary>
    /// <param name="path">Where the definition is to be, for messages.</param>
    /// <param name="members">At least one.</param>
    public static ImportedCluster Of(string path, IReadOnlyCollection<KeepalivedSource> members)
    {
        var read = members.Select(member => new KeepalivedMemberReader(member).Read()).ToList();
        var import = new ClusterImport(path, [.. read.Select(one => one.Member)], read.SelectMany(one => one.Problems));
        var text = ClusterText.Of(import.Make());
        // What this program writes, it must be able to read. What it cannot read, the administrator has to mend.
        var (cluster, problems) = new ClusterReader(path, ShellAssignments.Parse(path, text, _ => null)).Read();
        return new ImportedCluster(text, cluster, [.. import.Problems.Distinct().OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line), .. problems]);
    }
}

/// <summary>Puts together what the members of a cluster have in common, and says where they differ.</summary>
internal sealed partial class ClusterImport
{
    private readonly string path;
    private readonly ImmutableArray<KeepalivedMember> members;
    private readonly KeepalivedChecks checks;
    private readonly List<ConfigurationProblem> problems;

    public ClusterImport(string path, ImmutableArray<KeepalivedMember> members, IEnumerable<ConfigurationProblem> found)
    {
        (this.path, this.members) = (path, members);
        checks = KeepalivedChecks.Of(members);
        problems = [.. found, .. checks.Problems];
    }

    public IEnumerable<ConfigurationProblem> Problems => problems;

    /// <summary>An instance of one member.</summary>
    private sealed record Part(KeepalivedMember Member, KeepalivedInstance Instance);

    public ClusterDefinition Make()
    {
        CheckRouterIds();
        var all = members.SelectMany(member => member.Instances, (member, instance) => new Part(member, instance)).ToList();
        var groups = Grouped(all).Select(Ordered).ToList();
        var own = members.Select(member => MemberOf(member, all)).ToImmutableArray();
        var instances = groups.Select(group => InstanceOf(group, own)).ToImmutableArray();
        if (members.Any(member => member.Version != members[0].Version)) Problem(members[^1].Instances.FirstOrDefault()?.At, "the members have different VRRP versions, and do not hear each other");
        else if (members[0].Version == 2 && all.TrueForAll(part => part.Instance.Password is null) && all.Count > 0)
        {
            Problem(all[0].Instance.At, "VRRP version 2 without a password: the definition has version 3, which members with version 2 do not hear");
        }
        var blocks = Common("the blocks outside of instances", members.Select(member => (member, (IReadOnlyList<KeepalivedStatement>)[.. Scripts(member), .. member.Blocks])));
        return new ClusterDefinition(
            path, own, instances, checks.Track, Preempt(all), Password(groups), Common("global_defs", members.Select(member => (member, (IReadOnlyList<KeepalivedStatement>)member.ExtraGlobal))))
        {
            ExtraBlocks = blocks,
        };
    }

    private IEnumerable<KeepalivedStatement> Scripts(KeepalivedMember member) =>
        member.Scripts.Values.Where(script => checks.Kept.Contains(script.Value)).OrderBy(script => script.Line);

    private void CheckRouterIds()
    {
        foreach (var same in members.Where(member => member.RouterId.Length > 0).GroupBy(member => member.RouterId).Where(group => group.Count() > 1))
        {
            problems.Add(new ConfigurationProblem(same.Last().Source.Machine + same.Last().Source.MainPath, 0, $"router_id is {Quoted.Of(same.Key)} on several members: in a log they look alike", IsWarning: true));
        }
    }

    // Instances of two members are one if they have an address in common, or else the name, or else the router ID.
    private static List<List<Part>> Grouped(List<Part> all)
    {
        var groups = new List<List<Part>>();
        foreach (var part in all)
        {
            var open = groups.Where(group => group.TrueForAll(other => other.Member != part.Member)).ToList();
            var same = open.Find(group => group.Exists(other => other.Instance.Addresses.Any(one => part.Instance.Addresses.Any(own => own.Address.Equals(one.Address))))) ??
                open.Find(group => group.Exists(other => other.Instance.Name == part.Instance.Name)) ??
                open.Find(group => group.Exists(other => other.Instance.Id == part.Instance.Id && KeepalivedMemberReader.Family(other.Instance) == KeepalivedMemberReader.Family(part.Instance)));
            if (same is null) groups.Add([part]);
            else same.Add(part);
        }
        return groups;
    }

    // The highest priority wins, and of two members with the same one that with the higher address.
    private List<Part> Ordered(List<Part> group)
    {
        var ordered = group.OrderByDescending(part => part.Instance.Priority).ThenByDescending(part => SourceOf(part)?.GetAddressBytes() ?? [], ByteOrder).ToList();
        foreach (var (higher, lower) in ordered.Zip(ordered.Skip(1)).Where(pair => pair.First.Instance.Priority == pair.Second.Instance.Priority))
        {
            Problem(lower.Instance.At, $"{lower.Instance.Name} has the priority {lower.Instance.Priority} on {higher.Member.Name} and on {lower.Member.Name}: the higher address decides. The definition prefers {higher.Member.Name}");
        }
        var masters = group.Where(part => part.Instance.State == "MASTER").ToList();
        foreach (var part in masters.Skip(1)) Problem(part.Instance.At, $"{part.Instance.Name} has state MASTER on {masters[0].Member.Name} too: both take the addresses at their start");
        return ordered;
    }

    private static readonly Comparer<byte[]> ByteOrder = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));

    private static IPAddress? SourceOf(Part part) =>
        part.Instance.Source ?? part.Member.Source.Addresses.FirstOrDefault(address => address.AddressFamily == KeepalivedMemberReader.Family(part.Instance));

    private ClusterMember MemberOf(KeepalivedMember member, List<Part> all)
    {
        var moving = all.SelectMany(part => part.Instance.Addresses).Select(one => one.Address).ToList();
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var family in member.Instances.GroupBy(KeepalivedMemberReader.Family).Where(family => family.Key is not null))
        {
            var said = family.Where(instance => instance.Source is not null).ToList();
            if (said.Find(instance => !instance.Source!.Equals(said[0].Source)) is { } other) Problem(other.At, $"{other.Name} has another unicast_src_ip than {said[0].Name}: the definition has one");
            var near = family.First().Addresses[0].Address;
            var own = said.FirstOrDefault()?.Source ?? member.Source.Addresses.Where(address => address.AddressFamily == family.Key && !moving.Contains(address))
                .OrderByDescending(address => AreNear(address, near)).FirstOrDefault();
            if (own is not null) addresses.Add(own);
        }
        var links = member.Instances.Where(instance => instance.Interface.Length > 0).ToList();
        if (links.Find(instance => instance.Interface != links[0].Interface) is { } apart)
        {
            Problem(apart.At, $"{apart.Name} is on {apart.Interface}, and {links[0].Name} on {links[0].Interface}: the definition has one interface of a member");
        }
        return new ClusterMember(member.Name, addresses.ToImmutable(), links.FirstOrDefault()?.Interface ?? "");
    }

    // A machine may have an address for its administrators beside that in the network of the virtual addresses.
    private static bool AreNear(IPAddress one, IPAddress other)
    {
        var (first, second) = (one.GetAddressBytes(), other.GetAddressBytes());
        var most = first.Length == 4 ? 3 : 8;
        return first.AsSpan(0, most).SequenceEqual(second.AsSpan(0, most));
    }

    private VirtualInstance InstanceOf(List<Part> ordered, ImmutableArray<ClusterMember> own)
    {
        var (first, name) = (ordered[0].Instance, NotInName().Replace(ordered[0].Instance.Name, "_"));
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) name = $"VI_{name}";
        if (name != first.Name) Problem(first.At, $"{Quoted.Of(first.Name)} is called {name} in the definition");
        if (ordered.Count == 1) Problem(first.At, $"{first.Name} is on {ordered[0].Member.Name} alone: no other member takes its addresses over");
        if (first.Tracks.IsEmpty) Problem(first.At, $"{first.Name} has no check: the addresses stay where nothing serves");
        foreach (var part in ordered.Skip(1)) CheckSame(ordered[0], part);
        foreach (var part in ordered) CheckPeers(part, [.. ordered.Where(other => other != part)], own);
        var extra = Common(first.Name, ordered.Select(part => (part.Member, (IReadOnlyList<KeepalivedStatement>)ExtraOf(part.Instance))));
        return new VirtualInstance(name, first.Addresses, first.Id, [.. ordered.Select(part => part.Member.Name)], extra);
    }

    private void CheckSame(Part first, Part part)
    {
        var (one, other, on) = (first.Instance, part.Instance, $"on {first.Member.Name}");
        if (other.Name != one.Name) Problem(other.At, $"{other.Name} is called {one.Name} {on}");
        if (other.Id != one.Id) Problem(other.At, $"{other.Name} has the router ID {other.Id}, and {one.Id} {on}: they do not hear each other, and both hold the addresses");
        if (!other.Addresses.Select(address => address.Address).ToHashSet().SetEquals(one.Addresses.Select(address => address.Address)))
        {
            Problem(other.At, $"{other.Name} has other addresses than {on}: they discard what the other one sends. The definition has those of {first.Member.Name}");
        }
        if (other.Password != one.Password) Problem(other.At, $"{other.Name} has another password than {on}: they discard what the other one sends");
    }

    private void CheckPeers(Part part, IReadOnlyList<Part> others, ImmutableArray<ClusterMember> own)
    {
        if (part.Instance.Peers.IsEmpty) return;
        var known = own.SelectMany(member => member.Addresses).ToHashSet();
        foreach (var other in others.Where(other => SourceOf(other) is { } address && !part.Instance.Peers.Contains(address)))
        {
            Problem(part.Instance.At, $"{part.Instance.Name} does not have {other.Member.Name} ({SourceOf(other)}) in unicast_peer: that member does not hear it, and takes the addresses too");
        }
        foreach (var stranger in part.Instance.Peers.Where(peer => !known.Contains(peer) && known.Count >= members.Length))
        {
            Problem(part.Instance.At, $"{stranger} is in unicast_peer of {part.Instance.Name}, and no file of that member was read");
        }
    }

    private IEnumerable<KeepalivedStatement> ExtraOf(KeepalivedInstance instance)
    {
        var kept = instance.At.Inner.Where(one => one.Keyword == "track_script").SelectMany(one => one.Inner).Where(one => checks.Kept.Contains(one.Keyword)).ToImmutableArray();
        return [.. instance.Extra, .. kept.IsEmpty ? Array.Empty<KeepalivedStatement>() : [new KeepalivedStatement("", 0, ["track_script"], "track_script", kept)]];
    }

    /// <summary>Lines that a definition has once for all members.</summary>
    private string Common(string what, IEnumerable<(KeepalivedMember Member, IReadOnlyList<KeepalivedStatement> Statements)> parts)
    {
        var texts = parts.Select(part => (part.Member, part.Statements, Text: string.Join('\n', part.Statements.SelectMany(one => one.Lines())))).ToList();
        if (texts.Find(part => part.Text != texts[0].Text) is { Member: { } member } differs)
        {
            var at = differs.Statements.Concat(texts[0].Statements).FirstOrDefault(one => one.Line > 0);
            Problem(at, $"what is passed through of {what} differs between {texts[0].Member.Name} and {member.Name}: the definition has that of {texts[0].Member.Name}");
        }
        return texts.Count == 0 ? "" : texts[0].Text;
    }

    private bool Preempt(List<Part> all)
    {
        var instances = all.Select(part => part.Instance).GroupBy(instance => instance.Name).ToList();
        var staying = instances.Where(group => group.Any(instance => instance.NoPreempt)).ToList();
        if (staying.Count > 0 && staying.Count < instances.Count) Problem(staying[0].First().At, "nopreempt is set for some instances: the definition has it for all or for none, and has it for none");
        return staying.Count < instances.Count || instances.Count == 0;
    }

    private string? Password(List<List<Part>> groups)
    {
        var passwords = groups.Select(group => group[0]).Where(part => part.Instance.Password is not null).ToList();
        if (passwords.Count == 0) return null;
        if (passwords.Count < groups.Count || passwords.Exists(part => part.Instance.Password != passwords[0].Instance.Password))
        {
            Problem(passwords[^1].Instance.At, $"the instances have different passwords: the definition has that of {passwords[0].Instance.Name} for all");
        }
        return passwords[0].Instance.Password;
    }

    private void Problem(KeepalivedStatement? at, string message) => problems.Add(new ConfigurationProblem(at?.File ?? path, at?.Line ?? 0, message, IsWarning: true));

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotInName();
}
