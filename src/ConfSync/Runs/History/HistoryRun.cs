using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What one node keeps.</summary>
/// <param name="Generations">Lowest number first.</param>
/// <param name="Served">The states that its nginx was last seen to serve and still does, as far as that is known: one for each
/// set of paths that is pushed.</param>
/// <param name="Unfinished">What an earlier run has left there; null for nothing.</param>
/// <param name="Failure">Why nothing is known of it; null where it was looked at.</param>
public sealed record NodeHistory(
    Node Node, ImmutableArray<Generation> Generations, ImmutableArray<string> Served, string? Unfinished, LookFailure.Said? Failure)
{
    /// <summary>An earlier node of the list that is the same machine under another name; null for none.</summary>
    public Node? SameAs { get; init; }
}

/// <summary>Asks nodes for their generations. Takes no lock and writes nothing.</summary>
/// <param name="changes">How many changes of each generation are wanted; <see cref="int.MaxValue"/> for all.</param>
/// <param name="sudo">Where a login is not root's, commands run under sudo on the peers.</param>
/// <param name="who">The primary and its user, as peers are to name them.</param>
public sealed class HistoryRun(
    SyncConfig config, IReadOnlyList<Node> nodes, int changes, bool sudo, string who, Func<Node, ITransport> transportTo)
{
    /// <returns>One result for each node, in the order given.</returns>
    public async Task<IReadOnlyList<NodeHistory>> RunAsync(CancellationToken cancellation)
    {
        using var logins = new Logins(config.Logins);
        var looked = await Task.WhenAll(nodes.Select(node => LookAsync(node, logins, cancellation)));
        return [.. looked.Select((one, index) => one.History with { SameAs = FirstWith(one.Machine, looked.Take(index)) })];
    }

    private static Node? FirstWith(string? machine, IEnumerable<(NodeHistory History, string? Machine)> before) =>
        machine is null ? null : before.FirstOrDefault(other => other.Machine == machine).History?.Node;

    private async Task<(NodeHistory History, string? Machine)> LookAsync(Node node, Logins logins, CancellationToken cancellation)
    {
        try
        {
            var transport = transportTo(node);
            // Passes no paths because the history needs no scan of files.
            await using var session = await logins.ConnectAsync(
                transport,
                () => PeerSession.Open(
                    transport, sudo, ConversationMode.History, who, PeerSettings.Of(config, reload: false), [], ExcludeRules.None),
                config.ConnectTimeout, cancellation);
            var (facts, _) = await session.BeginAsync(cancellation);
            var generations = await session.HistoryAsync(0, changes, cancellation);
            await session.CloseAsync();
            return (new NodeHistory(node, generations, facts.Served, facts.Unfinished, null), session.Machine);
        }
        catch (PeerException exception)
        {
            return (new NodeHistory(node, [], [], null, LookFailure.Said.Of(exception)), null);
        }
    }
}
