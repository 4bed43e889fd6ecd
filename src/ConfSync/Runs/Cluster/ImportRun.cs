using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>What a machine was asked for its keepalived.</summary>
/// <param name="Node">Null for the primary itself.</param>
/// <param name="Source">Null where it has no keepalived.conf, or was not read.</param>
/// <param name="Failure">Why it was not read; null where it was.</param>
public sealed record ImportedMachine(Node? Node, KeepalivedSource? Source, LookFailure? Failure);

/// <summary>Reads the files of keepalived from the primary and from nodes. It takes no lock and changes nothing.</summary>
public sealed partial class ImportRun(RolesRequest request, Func<Node, ITransport> transportTo)
{
    // A configuration of a program, and programs that check something.
    private const int MostBytes = 1024 * 1024, MostFiles = 100;

    /// <param name="names">What nodes are called as members, where the user said so.</param>
    /// <param name="withPrimary">The primary is read as well.</param>
    /// <returns>The primary first, then the nodes in the order of the request.</returns>
    public async Task<ImmutableArray<ImportedMachine>> RunAsync(ImmutableDictionary<Node, string> names, bool withPrimary, CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        IEnumerable<Node?> machines = withPrimary ? request.Nodes.Prepend(null) : request.Nodes;
        var read = await Task.WhenAll(machines.Select(node => Task.Run(() => ReadAsync(node, logins, cancellation), CancellationToken.None)));
        return [.. Named(read, names)];
    }

    private async Task<ImportedMachine> ReadAsync(Node? node, Logins logins, CancellationToken cancellation)
    {
        try
        {
            await using var session = await RolesRun.OpenAsync(request, node is null ? new LocalShell() : transportTo(node), logins, cancellation);
            var roles = await session.RolesAsync(cancellation);
            var files = await FilesAsync(session, [KeepalivedFiles.Directory], cancellation);
            var more = files.Values.SelectMany(KeepalivedSource.PathsIn).Where(path => !PosixPath.IsAtOrBeneath(path, KeepalivedFiles.Directory)).Distinct().Take(MostFiles).ToList();
            if (more.Count > 0) files = files.AddRange(await FilesAsync(session, more, cancellation));
            await session.CloseAsync();
            var machine = node is null ? "" : $"{node}:";
            var source = new KeepalivedSource("", machine, KeepalivedFiles.ConfigurationPath, files, OwnOf(roles, node), roles.AreAddressesKnown);
            return new ImportedMachine(node, files.ContainsKey(KeepalivedFiles.ConfigurationPath) ? source : null, null);
        }
        catch (PeerException exception)
        {
            return new ImportedMachine(node, null, LookFailure.Said.Of(exception));
        }
    }

    private static async Task<ImmutableDictionary<string, string>> FilesAsync(RolesSession session, IReadOnlyCollection<string> paths, CancellationToken cancellation)
    {
        var files = await session.ReadAsync(paths, entry => entry.Size <= MostBytes, cancellation);
        return files.Where(one => one.Content is not null).Take(MostFiles).ToImmutableDictionary(one => one.Entry.Path, one => PosixText.Decode(one.Content!.Value.Span));
    }

    // The address by which NODES reaches it is the likeliest one.
    private static ImmutableArray<IPAddress> OwnOf(MachineRoles roles, Node? node) =>
    [
        .. roles.Addresses.Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .OrderByDescending(address => address.ToString() == node?.Address.Host).ThenBy(address => address.ToString(), StringComparer.Ordinal),
    ];

    private IEnumerable<ImportedMachine> Named(ImportedMachine[] machines, ImmutableDictionary<Node, string> names)
    {
        var ids = machines.Select(machine => machine.Source is { } source && RouterId().Match(source.Files[source.MainPath]) is { Success: true } id ? id.Groups["id"].Value : null).ToList();
        foreach (var (machine, id) in machines.Zip(ids))
        {
            var host = machine.Node?.Address.Host ?? Environment.MachineName.Split('.')[0];
            var known = machine.Node is { } node ? names.GetValueOrDefault(node) ?? request.Config.PerNode.Cluster?.MemberOf(node)?.Name : null;
            var name = known ?? (!IPAddress.TryParse(host, out _) ? host : id is not null && ids.Count(other => other == id) == 1 ? id : host.Replace(':', '-'));
            yield return machine with { Source = machine.Source is { } source ? source with { Name = name } : null };
        }
    }

    [GeneratedRegex(@"^\s*router_id\s+""?(?<id>[A-Za-z0-9][A-Za-z0-9._-]*)""?\s*$", RegexOptions.Multiline)]
    private static partial Regex RouterId();
}
