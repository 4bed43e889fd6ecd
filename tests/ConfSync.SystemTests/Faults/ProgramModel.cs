using System.Collections.Immutable;

namespace ConfSync.SystemTests.Faults;

/// <summary>The primary's side.</summary>
/// <param name="Tree">What it holds.</param>
/// <param name="Sick">The peer that cannot take it, where <paramref name="Poison"/> names one.</param>
internal sealed record PrimaryState(HeldTree Tree, Poison Poison, int Sick)
{
    /// <summary>Whether one of these peers cannot take it.</summary>
    public bool IsRefusedByAny(IEnumerable<int> peers) => peers.Any(IsRefusedBy);

    public bool IsRefusedBy(int peer) => Poison is Poison.Rejected or Poison.Unservable && peer == Sick;
}

/// <summary>One way in which all can be.</summary>
/// <param name="Decided">What the primary has recorded as decided and not yet finished.</param>
/// <param name="For">The peers for which it is.</param>
internal sealed record World(ImmutableList<PeerState> Peers, HeldTree? Decided = null, ImmutableList<int>? For = null)
{
    // Lists are equal if what is in them is; what is decided is always for the same peers.
    public bool Equals(World? other) =>
        other is not null && Equals(Decided, other.Decided) && Peers.SequenceEqual(other.Peers);

    public override int GetHashCode() => HashCode.Combine(Decided, Peers[0]);
}

/// <summary>What may be after an instruction.</summary>
/// <param name="ExitCode">The one that is true then; null for any.</param>
internal sealed record Possibility(World World, int? ExitCode);

/// <summary>
/// What each peer may hold after what was asked for, by the words of the manual and the promise, and as little as possible
/// like the program itself. Where a fault leaves open what comes, all that may come is told.
/// </summary>
internal static class ProgramModel
{
    public static IEnumerable<Possibility> Push(World world, PrimaryState primary, PushOptions options)
    {
        var selected = Selected(world, options.Node);
        var refused = primary.IsRefusedByAny(selected);
        if (options.DryRun)
        {
            var isSeen = refused && primary.Poison == Poison.Rejected;
            return [new Possibility(world, primary.Poison == Poison.Broken ? 1 : isSeen ? 2 : 0)];
        }
        // A decision is carried out as it was taken, whatever this push is told.
        var settled = Finished(world, reload: true);
        if (primary.Poison == Poison.Broken) return [new Possibility(settled, 1)];
        return Each(settled, selected, (peer, number) =>
            !refused ? [peer.Given(primary.Tree, !options.NoReload)]
            : options.AllOrNone || primary.IsRefusedBy(number) ? peer.AsItWas()
            : primary.Poison == Poison.Rejected ? [peer.Given(primary.Tree, !options.NoReload)]
            : [peer.Given(primary.Tree), .. peer.AsItWas()])
            .Select(next => new Possibility(next, refused ? 2 : 0));
    }

    /// <summary>A push during which something happens, when nothing is left to settle.</summary>
    /// <param name="isSeen">The primary lives to tell how it ended.</param>
    public static IEnumerable<Possibility> HurtPush(World world, PrimaryState primary, PushOptions options, bool isSeen)
    {
        var selected = Selected(world, options.Node);
        var all = Each(world, selected, (peer, _) => [peer.Given(primary.Tree)]).Select(next => new Possibility(next, isSeen ? 0 : null));
        var none = Each(world, selected, (peer, _) => peer.AsItWas());
        var some = Each(world, selected, (peer, number) =>
            primary.IsRefusedBy(number) ? peer.AsItWas() : [peer.Given(primary.Tree), .. peer.AsItWas()]);
        var isRefused = primary.IsRefusedByAny(selected);
        if (isRefused) all = [];
        // Only a recorded decision lets peers differ: the next run finishes it.
        if (options.AllOrNone) some = isRefused ? [] : some.Select(next => next with { Decided = primary.Tree, For = [.. selected] });
        return [.. all, .. none.Concat(some).Select(next => new Possibility(next, isSeen ? 2 : null))];
    }

    public static IEnumerable<Possibility> Rollback(World world, IReadOnlyList<int> selected, int? to, bool force)
    {
        var settled = Finished(world, reload: true);
        if (to is not null && selected.Count > 1 && !IsOneState([.. selected.Select(number => settled.Peers[number])], to.Value))
        {
            return [new Possibility(settled, 1)];
        }
        var targets = selected.ToDictionary(
            number => number, number => settled.Peers[number].RollbackPlanTo(to ?? settled.Peers[number].Last - 1, force));
        return Each(settled, selected, (peer, number) => targets[number] is { } target ? [peer.Given(target)] : peer.AsItWas())
            .Select(next => new Possibility(next, targets.ContainsValue(null) ? 2 : 0));
    }

    public static Possibility Settle(World world) => new(Finished(world, reload: true), 0);

    public static Possibility Compare(World world, PrimaryState primary) =>
        new(world, world.Peers.All(peer => peer.Tree.Equals(primary.Tree)) ? 0 : 1);

    /// <summary>Somebody made it so.</summary>
    public static World ByHand(World world, int peer, HeldTree tree) =>
        world with { Peers = world.Peers.SetItem(peer, world.Peers[peer] with { Tree = tree }) };

    public static IReadOnlyList<int> Selected(World world, int? node) =>
        node is { } one ? [one % world.Peers.Count] : [.. Enumerable.Range(0, world.Peers.Count)];

    private static World Finished(World world, bool reload) => world.Decided is not { } decided ? world
        : Each(world, world.For!, (peer, _) => [peer.Given(decided, reload)]).Single() with { Decided = null, For = null };

    private static bool IsOneState(IReadOnlyList<PeerState> peers, int number)
    {
        var states = peers.Select(peer => peer.Generations.Find(generation => generation.Number == number)?.After).ToList();
        return !states.Contains(null) && states.Distinct().Count() == 1;
    }

    private static IEnumerable<World> Each(
        World world, IReadOnlyList<int> selected, Func<PeerState, int, IEnumerable<PeerState>> next)
    {
        IEnumerable<World> worlds = [world];
        foreach (var number in selected)
        {
            worlds = from before in worlds.ToList()
                     from peer in next(before.Peers[number], number)
                     select before with { Peers = before.Peers.SetItem(number, peer) };
        }
        return worlds;
    }
}
