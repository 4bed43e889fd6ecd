using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>How a move ended. A closed set of records.</summary>
/// <param name="Roles">Who holds what, as it was seen last.</param>
public abstract record MoveOutcome(ClusterRoles Roles)
{
    /// <summary>Nothing was done.</summary>
    public sealed record Refused(ClusterRoles Roles, MoveObjection Objection) : MoveOutcome(Roles);

    /// <summary>Nothing was to be done.</summary>
    public sealed record AlreadySo(ClusterRoles Roles) : MoveOutcome(Roles);

    /// <summary>It was only asked what would be done.</summary>
    public sealed record Planned(ClusterRoles Roles, ImmutableArray<AddressMove> Moves) : MoveOutcome(Roles);

    /// <summary>Each address was seen at its new holder, and at no other.</summary>
    /// <param name="Took">From the first change until then.</param>
    public sealed record Done(ClusterRoles Roles, ImmutableArray<AddressMove> Moves, TimeSpan Took) : MoveOutcome(Roles);

    /// <summary>It was not, and all was put back.</summary>
    /// <param name="Words">What a machine said; null where time ran out.</param>
    /// <param name="IsInterrupted">The user ended it.</param>
    /// <param name="NotPutBack">Machines that could not be told.</param>
    public sealed record Failed(ClusterRoles Roles, ImmutableArray<AddressMove> Moves, string? Words, bool IsInterrupted, ImmutableArray<MachineName> NotPutBack) : MoveOutcome(Roles);

    public bool IsGood => this is AlreadySo or Planned or Done;
}

/// <summary>Moves addresses from one member to another, as <see cref="MovePlanner"/> decides, and watches until they are there.</summary>
public sealed class MoveRun(RolesRequest request, ClusterDefinition cluster, Func<Node, ITransport> transportTo)
{
    // keepalived needs three advertisements of a second each, and a part of one.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMilliseconds(300);

    private readonly List<PlacedValue> former = [];

    /// <param name="planOnly">Nothing is changed.</param>
    /// <exception cref="OperationCanceledException">It was to end before anything was changed.</exception>
    public async Task<MoveOutcome> RunAsync(MoveWish wish, bool planOnly, CancellationToken cancellation)
    {
        var before = await LookAsync(cancellation);
        MovePlan plan;
        try
        {
            plan = new MovePlanner(cluster, before).Of(wish);
        }
        catch (MoveException exception)
        {
            return new MoveOutcome.Refused(before, exception.Objection);
        }
        if (plan.IsEmpty) return new MoveOutcome.AlreadySo(before);
        return planOnly ? new MoveOutcome.Planned(before, plan.Moves) : await CarryOutAsync(plan, before, cancellation);
    }

    private async Task<MoveOutcome> CarryOutAsync(MovePlan plan, ClusterRoles before, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        string? words = null;
        try
        {
            await PlaceAsync(plan.First, before, cancellation);
            if (await UntilAsync(roles => HaveRead(plan.First, roles), cancellation) is not null)
            {
                await PlaceAsync(plan.Then, before, cancellation);
                if (await UntilAsync(roles => HaveMoved(plan.Moves, roles), cancellation) is not null)
                {
                    var took = clock.Elapsed;
                    await PlaceAsync(plan.AtEnd, before, CancellationToken.None);
                    return new MoveOutcome.Done(await LookAsync(CancellationToken.None), plan.Moves, took);
                }
            }
        }
        catch (PeerException exception)
        {
            words = exception.WordsAndAdvice;
        }
        catch (OperationCanceledException)
        {
            // What was written is taken back.
        }
        var lost = await PutBackAsync(before);
        var after = await UntilAsync(roles => roles.EachIsHeldOnce, CancellationToken.None) ?? await LookAsync(CancellationToken.None);
        return new MoveOutcome.Failed(after, plan.Moves, words, cancellation.IsCancellationRequested, lost);
    }

    /// <summary>Each of the addresses is at its new holder alone, whose keepalived says so. Pure.</summary>
    internal static bool HaveMoved(ImmutableArray<AddressMove> moves, ClusterRoles roles) => moves.All(move =>
        move.Addresses.All(address => roles.Addresses.FirstOrDefault(held => held.Address.Equals(address)) is { Holders: [var only] } && roles.Machines[only].Name == move.To) &&
        roles.Machines.First(machine => machine.Name == move.To).Roles!.Instances.Any(instance => instance.Name == move.Instance && instance.State == VrrpState.Master));

    // The last value of a name counts.
    private static bool HaveRead(ImmutableArray<PlacedValue> values, ClusterRoles roles) =>
        values.All(value => roles.Machines[value.Machine].Roles?.Placed.GetValueOrDefault(value.Name) == value.Value);

    private async Task PlaceAsync(ImmutableArray<PlacedValue> values, ClusterRoles before, CancellationToken cancellation)
    {
        foreach (var value in values)
        {
            former.Add(value with { Value = before.Machines[value.Machine].Roles?.Placed.GetValueOrDefault(value.Name) ?? 0 });
            await PlaceAsync(value, before, cancellation);
        }
    }

    private async Task PlaceAsync(PlacedValue value, ClusterRoles before, CancellationToken cancellation)
    {
        using var logins = new Logins(request.Config.Logins);
        var node = before.Machines[value.Machine].Node;
        await using var session = await RolesRun.OpenAsync(request, node is null ? new LocalShell() : transportTo(node), logins, cancellation, ConversationMode.Place);
        // Once it is asked for, it is waited for: an interruption takes it back afterwards.
        await session.PlaceAsync(value.Name, value.Value, CancellationToken.None);
        await session.CloseAsync();
    }

    private async Task<ImmutableArray<MachineName>> PutBackAsync(ClusterRoles before)
    {
        var lost = new List<MachineName>();
        foreach (var value in former.AsEnumerable().Reverse().DistinctBy(value => (value.Machine, value.Name)))
        {
            try
            {
                await PlaceAsync(value, before, CancellationToken.None);
            }
            catch (PeerException)
            {
                lost.Add(before.Machines[value.Machine].Name);
            }
        }
        return [.. lost.Distinct()];
    }

    private Task<ClusterRoles> LookAsync(CancellationToken cancellation) => new RolesRun(request, transportTo).RunAsync(cancellation);

    // Null where it does not come to be within the limit.
    private async Task<ClusterRoles?> UntilAsync(Predicate<ClusterRoles> isSo, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(Pause, cancellation))
        {
            var roles = await LookAsync(cancellation);
            if (isSo(roles)) return roles;
        }
        return null;
    }
}
