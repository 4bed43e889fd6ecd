using System.Collections.Immutable;
using System.Net;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>How addresses are moved: which number goes into which file, and in what order.</summary>
public sealed class MovePlannerTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.100");

    private static readonly ImmutableArray<ClusterMember> Members =
        [.. Enumerable.Range(1, 4).Select(number => new ClusterMember($"web{number}", [IPAddress.Parse($"10.0.0.{number}")], "eth0"))];

    private static readonly ClusterDefinition Cluster = new(
        "/etc/nginx-sync.d/cluster.conf", Members, [new VirtualInstance("VI_1", [new VirtualAddress(Address, null)], 51, ["web1", "web2", "web3"], "")],
        [], Preempt: true, null, "");

    private static readonly ClusterDefinition Staying = Cluster with { Preempt = false };

    // Who is meant comes long before the others, so that no two are about to take the address at once.
    [Test]
    public void Who_is_to_hold_it_is_preferred_and_what_an_earlier_move_left_goes()
    {
        Assert.That(Plan(Cluster, Move("web3"), Held(), Free(), Free()), Is.EqualTo("2 vrrp.VI_1 60;;"));
        Assert.That(Plan(Cluster, Move("web2"), Free(), Free(), Held(preferred: 60)), Is.EqualTo("1 vrrp.VI_1 60, 2 vrrp.VI_1 0;;"));
    }

    [Test]
    public void The_first_of_the_definition_needs_no_preference_once_it_holds_it() =>
        Assert.That(Plan(Cluster, Move("web1"), Free(), Free(), Held(preferred: 60)), Is.EqualTo("0 vrrp.VI_1 60, 2 vrrp.VI_1 0;;0 vrrp.VI_1 0"));

    [Test]
    public void Where_a_lower_priority_moves_nothing_the_holder_gives_it_away_to_the_highest() =>
        Assert.That(Plan(Staying, Move("web2"), Held(), Free(), Free()), Is.EqualTo("1 vrrp.VI_1 154;0 vrrp.VI_1 -254;1 vrrp.VI_1 0"));

    [Test]
    public void A_machine_that_is_drained_hands_over_first_to_the_best_that_is_ready()
    {
        Assert.That(Plan(Cluster, Drain("web1"), Held(), Free(), Free()), Is.EqualTo("1 vrrp.VI_1 60, 0 vrrp-drained -99;;1 vrrp.VI_1 0"));
        Assert.That(Plan(Cluster, Drain("web1"), Held(), Free(drained: -99), Free()), Is.EqualTo("2 vrrp.VI_1 60, 0 vrrp-drained -99;;2 vrrp.VI_1 0"));
        Assert.That(Plan(Cluster, Drain("web2"), Held(), Free(), Free()), Is.EqualTo("1 vrrp-drained -99;;"), "it holds nothing");
        Assert.That(Plan(Cluster, Drain("web2"), Free(), Held(preferred: 60), Free()), Is.EqualTo("0 vrrp.VI_1 60, 1 vrrp-drained -99, 1 vrrp.VI_1 0;;0 vrrp.VI_1 0"));
        Assert.That(Plan(Staying, Drain("web1"), Held(), Free(), Free()), Is.EqualTo("0 vrrp-drained -99, 1 vrrp.VI_1 154;0 vrrp.VI_1 -254;1 vrrp.VI_1 0"));
    }

    [Test]
    public void What_is_so_already_is_left_alone()
    {
        Assert.That(Plan(Cluster, Move("web1"), Held(), Free(), Free()), Is.EqualTo(";;"));
        Assert.That(Plan(Cluster, Drain("web2"), Held(), Free(drained: -99), Free()), Is.EqualTo(";;"));
        Assert.That(Plan(Cluster, new MoveWish(MoveVerb.Undrain, null, "web2"), Held(), Free(), Free()), Is.EqualTo(";;"));
    }

    [TestCase(true, "web1")]
    [TestCase(false, "")]
    public void After_maintenance_it_takes_what_it_prefers_unless_addresses_stay(bool preempt, string to)
    {
        var plan = new MovePlanner(Cluster with { Preempt = preempt }, Roles(Free(drained: -99), Held(), Free())).Of(new MoveWish(MoveVerb.Undrain, null, "web1"));

        Assert.That(Told(plan), Is.EqualTo("0 vrrp-drained 0;;"));
        Assert.That(string.Join(' ', plan.Moves.Select(move => move.To.Member)), Is.EqualTo(to));
    }

    [Test]
    public void What_cannot_be_done_is_refused()
    {
        Refuses<MoveObjection.NotLookedAt>(Move("web3"), Held(), Free());
        Refuses<MoveObjection.NotOfInstance>(Move("web4"), Held(), Free(), Free(), Free());
        Refuses<MoveObjection.NotReached>(Move("web2"), Held(), null);
        Refuses<MoveObjection.Stopped>(Move("web2"), Held(), Free() with { Keepalived = KeepalivedPresence.Stopped });
        Refuses<MoveObjection.Stopped>(Move("web2"), Held() with { Keepalived = KeepalivedPresence.Stopped }, Free());
        Refuses<MoveObjection.NotFollowing>(Move("web2"), Held(), Free() with { Placed = ImmutableDictionary<string, int>.Empty });
        Refuses<MoveObjection.IsDrained>(Move("web2"), Held(), Free(drained: -99));
        Refuses<MoveObjection.NotReady>(Move("web2"), Held(), Machine(false, 0, 0, VrrpState.Fault));
        Refuses<MoveObjection.NotReady>(Move("web2"), Held(), Machine(false, 0, 0, null));
        Refuses<MoveObjection.NotOneHolder>(Move("web2"), Held(), Free(), Held());
        Refuses<MoveObjection.NotOneHolder>(Move("web2"), Free(), Free());
        Refuses<MoveObjection.NoOther>(Drain("web1"), Held(), Free(drained: -99), null);
    }

    // However many members there are, whoever is moved to is above all others, and whoever is drained beneath them.
    [Test]
    public void Numbers_keep_the_order_of_up_to_39_members()
    {
        int lowest = 100, highest = 100 + 38;
        Assert.That(lowest + MovePlanner.Preferred, Is.GreaterThan(highest));
        Assert.That(highest + MovePlanner.Preferred, Is.LessThan(255));
        Assert.That(highest + MovePlanner.Drained + MovePlanner.Preferred, Is.LessThan(lowest));
        Assert.That(lowest + MovePlanner.Drained, Is.GreaterThan(0));
    }

    private static MoveWish Move(string member) => new(MoveVerb.Move, "VI_1", member);

    private static MoveWish Drain(string member) => new(MoveVerb.Drain, null, member);

    private static MachineRoles Held(int preferred = 0) => Machine(true, preferred, 0, VrrpState.Master);

    private static MachineRoles Free(int drained = 0) => Machine(false, 0, drained, VrrpState.Backup);

    private static MachineRoles Machine(bool holds, int preferred, int drained, VrrpState? state) => new(
        KeepalivedPresence.Running, holds ? [IPAddress.Loopback, Address] : [IPAddress.Loopback], [new ConfiguredInstance("VI_1", [Address], state)])
    {
        Placed = ImmutableDictionary<string, int>.Empty.Add("vrrp.VI_1", preferred).Add("vrrp-drained", drained),
    };

    private static ClusterRoles Roles(params MachineRoles?[] machines) => new(
        DateTimeOffset.UnixEpoch, TimeSpan.Zero,
        [.. machines.Select((said, index) => new MachineInCluster(SampleNodes.Of($"10.0.0.{index + 1}"), $"web{index + 1}", said, null, TimeSpan.Zero))],
        HeldAddress.Of(Cluster, machines), []);

    private static string Plan(ClusterDefinition cluster, MoveWish wish, params MachineRoles?[] machines) => Told(new MovePlanner(cluster, Roles(machines)).Of(wish));

    private static string Told(MovePlan plan) =>
        string.Join(';', new[] { plan.First, plan.Then, plan.AtEnd }.Select(values => string.Join(", ", values.Select(value => $"{value.Machine} {value.Name} {value.Value}"))));

    private static void Refuses<T>(MoveWish wish, params MachineRoles?[] machines)
        where T : MoveObjection =>
        Assert.That(Assert.Throws<MoveException>(() => new MovePlanner(Cluster, Roles(machines)).Of(wish))!.Objection, Is.TypeOf<T>());
}
