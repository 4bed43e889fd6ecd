using System.Collections.Immutable;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Makes keepalived's files of members, and compares them with what is there. It takes no lock and writes nothing.</summary>
public sealed class MemberFilesRun(RolesRequest request, ClusterDefinition cluster, Func<Node, ITransport> transportTo)
{
    private static readonly string[] Paths = [KeepalivedFiles.ConfigurationPath, KeepalivedFiles.CheckPath];

    /// <param name="names">The names of the members; none for all.</param>
    public async Task<ImmutableArray<MemberFiles>> RunAsync(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        var here = await PrimaryAsync(logins, cancellation);
        var wanted = cluster.Members.Where(member => names.Count == 0 || names.Contains(member.Name));
        return [.. await Task.WhenAll(wanted.Select(member => Task.Run(() => LookAsync(member, here, logins, cancellation), CancellationToken.None)))];
    }

    // Which member the primary is follows from its addresses.
    private async Task<ClusterMember?> PrimaryAsync(Logins logins, CancellationToken cancellation)
    {
        try
        {
            return cluster.MemberWith((await RolesRun.RolesOfAsync(request, new LocalShell(), logins, cancellation)).Addresses);
        }
        catch (PeerException)
        {
            return null;
        }
    }

    private async Task<MemberFiles> LookAsync(ClusterMember member, ClusterMember? here, Logins logins, CancellationToken cancellation)
    {
        var node = request.Nodes.FirstOrDefault(member.Is);
        var files = MemberFiles.Of(cluster, member, node);
        if (node is null && member != here) return files with { IsOutside = true };
        try
        {
            await using var session = await RolesRun.OpenAsync(request, node is null ? new LocalShell() : transportTo(node), logins, cancellation);
            files = files.Compared(cluster, await session.ReadAsync(Paths, cancellation));
            await session.CloseAsync();
            return files;
        }
        catch (PeerException exception)
        {
            return files with { Failure = LookFailure.Said.Of(exception) };
        }
    }
}
