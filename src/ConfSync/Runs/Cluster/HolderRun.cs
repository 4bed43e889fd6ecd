using System.Collections.Immutable;
using System.Net;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Whether this machine holds the addresses of an instance. A closed set of records.</summary>
public abstract record HolderAnswer
{
    private HolderAnswer()
    {
    }

    public sealed record Holds : HolderAnswer;

    /// <summary>It does not.</summary>
    /// <param name="Address">The first address of the instance.</param>
    /// <param name="IsStale">It has the addresses, and its keepalived does not run or says that another machine is the master.</param>
    public sealed record HoldsNot(string Instance, IPAddress Address, bool IsStale) : HolderAnswer;

    /// <summary>There is no such instance.</summary>
    /// <param name="Known">The names of those that there are.</param>
    public sealed record NoInstance(ImmutableArray<string> Known) : HolderAnswer;

    /// <summary>This machine cannot tell.</summary>
    /// <param name="Words">What was said; null where it just does not tell its addresses.</param>
    public sealed record Untold(string? Words) : HolderAnswer;
}

/// <summary>Asks this machine whether it holds the addresses of an instance.</summary>
/// <param name="sudo">Where the user is not root, commands run under sudo.</param>
/// <param name="who">The primary and its user.</param>
public sealed class HolderRun(SyncConfig config, bool sudo, string who)
{
    /// <param name="instance">The name of the instance; null for the first one of the definition or, without a definition, of this
    /// machine's keepalived.</param>
    public async Task<HolderAnswer> RunAsync(string? instance, CancellationToken cancellation)
    {
        try
        {
            using var logins = new Logins(config.Logins);
            var roles = await RolesRun.RolesOfAsync(new RolesRequest(config, [], sudo, who), new LocalShell(), logins, cancellation);
            return AnswerOf(config.PerNode.Cluster, roles, instance);
        }
        catch (PeerException exception)
        {
            return new HolderAnswer.Untold(exception.WordsAndAdvice);
        }
    }

    /// <summary>Decides from what the machine says. Pure.</summary>
    internal static HolderAnswer AnswerOf(ClusterDefinition? cluster, MachineRoles roles, string? instance)
    {
        ImmutableArray<(string Name, ImmutableArray<IPAddress> Addresses)> instances = cluster is null
            ? [.. roles.Instances.Where(one => !one.Addresses.IsEmpty).Select(one => (one.Name, one.Addresses))]
            : [.. cluster.Instances.Select(one => (one.Name, one.Addresses.Select(address => address.Address).ToImmutableArray()))];
        var meant = instances.FirstOrDefault(one => instance is null || one.Name == instance);
        if (meant.Name is null) return new HolderAnswer.NoInstance([.. instances.Select(one => one.Name)]);
        if (!roles.AreAddressesKnown) return new HolderAnswer.Untold(null);
        var hasAll = meant.Addresses.All(roles.Addresses.Contains);
        // A keepalived that was killed leaves its addresses, which another machine has then too.
        var isMaster = roles.Keepalived != KeepalivedPresence.Stopped &&
            roles.Instances.FirstOrDefault(one => one.Name == meant.Name)?.State is VrrpState.Master or null;
        return hasAll && isMaster ? new HolderAnswer.Holds() : new HolderAnswer.HoldsNot(meant.Name, meant.Addresses[0], hasAll);
    }
}
