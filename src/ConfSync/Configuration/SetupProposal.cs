using System.Collections.Immutable;
using System.Net;

namespace ConfSync.Configuration;

/// <summary>A machine that is to be a member.</summary>
public sealed record ProposedMember(string Name, IPAddress Address, string Link);

/// <summary>Makes the definition of a new cluster. Pure.</summary>
public static class SetupProposal
{
    private const int FirstId = 51, IdStep = 10;

    /// <summary>The addresses of <c>ADDRESS[,ADDRESS…][=MEMBER,…]</c>, which may have their nets.</summary>
    public static IEnumerable<IPAddress> AddressesIn(string wanted) =>
        wanted.Split('=', 2)[0].Split(',').Select(text => IPAddress.TryParse(text.Split('/')[0], out var address) ? address : null).OfType<IPAddress>();

    /// <param name="path">Where the definition is to be.</param>
    /// <param name="wanted">Virtual addresses, each as <c>ADDRESS[,ADDRESS…][=MEMBER,…]</c>, the preferred member first. Members that are
    /// not named follow in their order; where none is, each item begins with another member.</param>
    /// <param name="track">TRACK; null for its default.</param>
    /// <returns>The text, and what it says; null where something is wrong, which the problems tell.</returns>
    public static ImportedCluster Of(string path, ImmutableArray<ProposedMember> members, IReadOnlyList<string> wanted, string? track, bool preempt)
    {
        var text = string.Concat(
        [
            "# Which machines hold which addresses: see docs/clusters.md.\n",
            ClusterText.List("MEMBERS", members.Select(member => $"{member.Name}={member.Address}/{member.Link}")),
            ClusterText.List("VIRTUAL", wanted.Select((item, index) => Item(item, index, members))),
            $"TRACK=\"{track ?? "nginx=http://127.0.0.1/"}\"\n",
            preempt ? "" : "PREEMPT=no\n",
        ]);
        var (cluster, problems) = new ClusterReader(path, ShellAssignments.Parse(path, text, _ => null)).Read();
        return new ImportedCluster(text, cluster, problems);
    }

    private static string Item(string wanted, int index, ImmutableArray<ProposedMember> members)
    {
        var parts = wanted.Split('=', 2);
        var named = parts is [_, var order] ? order.Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
        var names = members.Select(member => member.Name).ToList();
        var first = named.Length > 0 ? Math.Max(0, names.IndexOf(named[^1])) : index % Math.Max(1, names.Count);
        var rest = names.Skip(first).Concat(names.Take(first)).Except(named);
        return $"VI_{index + 1}={parts[0]}:{FirstId + (index * IdStep)}:{string.Join(',', named.Concat(rest))}";
    }
}
