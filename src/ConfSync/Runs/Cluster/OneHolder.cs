using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Looks whether each address that moves has one holder.</summary>
internal static class OneHolder
{
    // Longer than an address takes from one machine to another: three advertisements of a second, and a part of one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6), Pause = TimeSpan.FromSeconds(1);

    // Two machines have it for some milliseconds where one hands it over.
    private static readonly TimeSpan PatienceWithSeveral = TimeSpan.FromSeconds(2);

    /// <summary>Finds the addresses that have not; none where the run changed nothing, or where the order does not follow from
    /// addresses.</summary>
    /// <param name="wereAstray">Some were so before the run.</param>
    public static async Task<ImmutableArray<AddressHolders>> AstrayAsync(
        PushRequest request, IEnumerable<NodeReport> reports, bool wereAstray, Func<Node, ITransport> transportTo, CancellationToken cancellation)
    {
        if (request.DryRun || !request.Config.AsksRoles) return [];
        if (!wereAstray && reports.All(report => report is NodeReport.Unchanged { Reload: null } or NodeReport.LeftAlone or NodeReport.Rejected or NodeReport.NotOfRun)) return [];
        return await AstrayAsync(new RolesRequest(request.Config, request.Config.Nodes, request.Sudo, request.Who), Patience, transportTo, cancellation);
    }

    /// <summary>The same before a run, which has moved nothing: several holders are no transition then.</summary>
    public static Task<ImmutableArray<AddressHolders>> AstrayBeforeAsync(
        RolesRequest request, Func<Node, ITransport> transportTo, CancellationToken cancellation) =>
        AstrayAsync(request, PatienceWithSeveral, transportTo, cancellation);

    // None where the look is cancelled.
    private static async Task<ImmutableArray<AddressHolders>> AstrayAsync(
        RolesRequest request, TimeSpan patienceWithSeveral, Func<Node, ITransport> transportTo, CancellationToken cancellation)
    {
        var run = new RolesRun(request, transportTo);
        var clock = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                var roles = await run.RunAsync(cancellation);
                var patience = roles.Astray.All(address => address.Holders.Length > 1) ? patienceWithSeveral : Patience;
                if (roles.Astray.IsEmpty || clock.Elapsed > patience) return roles.Astray;
                await Task.Delay(Pause, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
