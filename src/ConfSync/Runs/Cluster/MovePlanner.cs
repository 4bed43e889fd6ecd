using System.Collections.Immutable;
using ConfSync.Inventory;

namespace ConfSync.Runs;

/// <summary>
/// Decides how addresses are moved without a lost request. keepalived adds the numbers in files to its priorities, and the machine with the
/// highest one takes the addresses after three adverts, while the other one has them still. Two machines must never be about to take
/// them at once, so that the one which is meant gets a much higher priority for that time. Where a machine does not take an
/// address from one with a lower priority (<c>nopreempt</c>), the holder gives it away, and the other one has it some milliseconds later. Pure.
/// </summary>
/// <param name="roles">What the machines say now.</param>
internal sealed class MovePlanner(ClusterDefinition cluster, ClusterRoles roles)
{
    /// <summary>Numbers that keepalived adds to priorities, which are 100 and more: they keep their order with each of them, for up to 39
    /// members.</summary>
    public const int Preferred = 60, Drained = -99;

    /// <summary>With these, an instance has the highest priority that there is, and none.</summary>
    private const int Highest = 154, Nothing = -254;

    /// <exception cref="MoveException">It cannot be done.</exception>
    public MovePlan Of(MoveWish wish) => wish.Verb switch
    {
        MoveVerb.Move => Move(cluster.Instances.First(instance => instance.Name == wish.Instance), wish.Member),
        MoveVerb.Drain => Drain(wish.Member),
        _ => Undrain(wish.Member),
    };

    private MovePlan Move(VirtualInstance instance, string member)
    {
        if (!instance.Members.Contains(member)) throw new MoveException(new MoveObjection.NotOfInstance(member, instance.Name, instance.Members));
        var target = Running(member);
        if (IsDrained(target)) throw new MoveException(new MoveObjection.IsDrained(NameOf(target)));
        var holder = HolderOf(instance);
        if (holder == target) return new MovePlan([], [], [], []);
        EnsureReady(target, instance);
        EnsureFollowing(holder);
        ImmutableArray<PlacedValue> others = [.. Others(instance, target)];
        if (!cluster.Preempt) return new MovePlan([MoveOf(instance, holder, target)], [Value(target, instance, Highest)], [Value(holder, instance, Nothing)], [Value(target, instance, 0), .. others]);
        var isFirst = instance.Members.Where(name => name != member && !(IndexOf(name) is { } other && IsDrained(other))).All(name => instance.PriorityOf(name) < instance.PriorityOf(member));
        return new MovePlan(
            [MoveOf(instance, holder, target)], [Value(target, instance, Preferred), .. others], [],
            isFirst ? [Value(target, instance, 0)] : []);
    }

    private MovePlan Drain(string member)
    {
        var machine = Running(member);
        var held = cluster.Instances.Where(instance => instance.Members.Contains(member) && HolderOf(instance) == machine)
            .Select(instance => (Instance: instance, To: BestOther(instance, machine))).ToList();
        if (IsDrained(machine) && held.Count == 0) return new MovePlan([], [], [], []);
        ImmutableArray<AddressMove> moves = [.. held.Select(one => MoveOf(one.Instance, machine, one.To))];
        var drained = new PlacedValue(machine, KeepalivedFiles.DrainedName, Drained);
        var back = held.Where(one => PlacedOf(one.To, one.Instance) == 0).Select(one => Value(one.To, one.Instance, 0));
        var own = cluster.Instances.Where(instance => PlacedOf(machine, instance) != 0).Select(instance => Value(machine, instance, 0));
        return cluster.Preempt
            ? new MovePlan(moves, [.. held.Select(one => Value(one.To, one.Instance, Preferred)), drained, .. own], [], [.. back])
            : new MovePlan(
                moves, [drained, .. held.Select(one => Value(one.To, one.Instance, Highest))],
                [.. held.Select(one => Value(machine, one.Instance, Nothing))], [.. held.Select(one => Value(one.To, one.Instance, 0))]);
    }

    private MovePlan Undrain(string member)
    {
        var machine = Running(member);
        if (!IsDrained(machine)) return new MovePlan([], [], [], []);
        var back = cluster.Instances.Where(instance => cluster.Preempt && instance.Members.Contains(member) && IsReady(machine, instance))
            .Select(instance => (Instance: instance, Holder: HolderOf(instance)))
            .Where(one => one.Holder != machine && one.Instance.PriorityOf(member) + PlacedOf(machine, one.Instance) > StandingOf(one.Holder, one.Instance));
        return new MovePlan([.. back.Select(one => MoveOf(one.Instance, one.Holder, machine))], [new PlacedValue(machine, KeepalivedFiles.DrainedName, 0)], [], []);
    }

    private static PlacedValue Value(int machine, VirtualInstance instance, int value) => new(machine, KeepalivedFiles.PlacedName(instance.Name), value);

    private AddressMove MoveOf(VirtualInstance instance, int from, int to) =>
        new(instance.Name, [.. instance.Addresses.Select(address => address.Address)], NameOf(from), NameOf(to));

    private MachineName NameOf(int machine) => roles.Machines[machine].Name;

    // What other machines have of an earlier move.
    private IEnumerable<PlacedValue> Others(VirtualInstance instance, int target) =>
        from machine in Enumerable.Range(0, roles.Machines.Length)
        where machine != target && PlacedOf(machine, instance) != 0
        select Value(machine, instance, 0);

    private int PlacedOf(int machine, VirtualInstance instance) => roles.Machines[machine].Roles?.Placed.GetValueOrDefault(KeepalivedFiles.PlacedName(instance.Name)) ?? 0;

    private bool IsDrained(int machine) => roles.Machines[machine].IsDrained;

    private int StandingOf(int machine, VirtualInstance instance) =>
        instance.PriorityOf(roles.Machines[machine].Member!) + PlacedOf(machine, instance) + (IsDrained(machine) ? Drained : 0);

    private int? IndexOf(string member)
    {
        var index = roles.Machines.Select(machine => machine.Member).ToList().IndexOf(member);
        return index < 0 ? null : index;
    }

    // A member whose keepalived runs and follows the files.
    private int Running(string member)
    {
        if (IndexOf(member) is not { } index) throw new MoveException(new MoveObjection.NotLookedAt(member));
        EnsureFollowing(index);
        return index;
    }

    private void EnsureFollowing(int index)
    {
        var machine = roles.Machines[index];
        if (!machine.IsKnown) throw new MoveException(new MoveObjection.NotReached(machine));
        if (machine.Roles!.Keepalived != KeepalivedPresence.Running) throw new MoveException(new MoveObjection.Stopped(machine.Name));
        if (!machine.Roles.Placed.ContainsKey(KeepalivedFiles.DrainedName)) throw new MoveException(new MoveObjection.NotFollowing(machine.Name));
    }

    private void EnsureReady(int machine, VirtualInstance instance)
    {
        if (!IsReady(machine, instance)) throw new MoveException(new MoveObjection.NotReady(NameOf(machine), instance.Name, StateOf(machine, instance)));
    }

    private bool IsReady(int machine, VirtualInstance instance) => StateOf(machine, instance) is VrrpState.Backup or VrrpState.Master;

    private VrrpState? StateOf(int machine, VirtualInstance instance) =>
        roles.Machines[machine].Roles?.Instances.FirstOrDefault(one => one.Name == instance.Name)?.State;

    private int BestOther(VirtualInstance instance, int machine)
    {
        var others = instance.Members.Select(IndexOf).OfType<int>().Where(other =>
            other != machine && roles.Machines[other] is { IsKnown: true, Roles: { Keepalived: KeepalivedPresence.Running } said } &&
            said.Placed.ContainsKey(KeepalivedFiles.DrainedName) && !IsDrained(other) && IsReady(other, instance));
        return others.OrderByDescending(other => (int?)StandingOf(other, instance)).Select(other => (int?)other).FirstOrDefault()
            ?? throw new MoveException(new MoveObjection.NoOther(instance.Name, NameOf(machine)));
    }

    /// <summary>The one machine that holds all addresses of an instance.</summary>
    /// <exception cref="MoveException">One has no holder or several, or they are on different machines.</exception>
    private int HolderOf(VirtualInstance instance)
    {
        var addresses = roles.Addresses.Where(held => instance.Addresses.Any(address => address.Address.Equals(held.Address))).ToList();
        var wrong = addresses.Find(held => held.Holders is not [var only] || only != addresses[0].Holders[0]);
        return wrong is null ? addresses[0].Holders[0] : throw new MoveException(new MoveObjection.NotOneHolder(roles.HoldersOf(wrong)));
    }
}
