using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Looks after a run whether each address that moves still has one holder.</summary>
internal static class AfterRun
{
    // Longer than an address takes from one machine to another: three advertisements of a second, and a part of one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6), Pause = TimeSpan.FromSeconds(1);

    /// <summary>Finds the addresses that have not; none where the run changed nothing, or where the order does not follow from
    /// addresses.</summary>
    public static async Task<ImmutableArray<AddressHolders>> AstrayAsync(
        PushRequest request, IEnumerable<NodeReport> reports, Func<Node, ITransport> transportTo, CancellationToken cancellation)
    {
        if (request.DryRun || !request.Config.AsksRoles || reports.All(report => report is NodeReport.Unchanged { Reload: null } or NodeReport.LeftAlone or NodeReport.Rejected or NodeReport.NotOfRun)) return [];
        var run = new RolesRun(new RolesRequest(request.Config, request.Config.Nodes, request.Sudo, request.Who), transportTo);
        var clock = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                var roles = await run.RunAsync(cancellation);
                if (roles.Astray.IsEmpty || clock.Elapsed > Patience) return roles.Astray;
                await Task.Delay(Pause, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
