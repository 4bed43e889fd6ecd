using System.Collections.Immutable;
using System.Net;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

/// <summary>What people and programs read of addresses that were to be moved.</summary>
public sealed class MoveTextTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.100");
    private static readonly MachineName One = new(SampleNodes.Of("10.0.0.1"), "web1"), Two = new(SampleNodes.Of("10.0.0.2"), "web2");
    private static readonly MoveWish Move = new(MoveVerb.Move, "VI_1", "web2"), Drain = new(MoveVerb.Drain, null, "web1");
    private static readonly ImmutableArray<AddressMove> Moves = [new AddressMove("VI_1", [Address], One, Two)];

    [Test]
    public void It_says_what_moved_and_how_long_that_took()
    {
        Assert.That(MoveText.Of(Move, new MoveOutcome.Done(Roles(1), Moves, TimeSpan.FromSeconds(3.61))), Is.EqualTo("Moved VI_1 (10.0.0.100) from web1 (10.0.0.1) to web2 (10.0.0.2) in 3.6 s"));
        Assert.That(MoveText.Of(Drain, new MoveOutcome.Planned(Roles(0), Moves)), Is.EqualTo("Would move VI_1 (10.0.0.100) from web1 (10.0.0.1) to web2 (10.0.0.2)\nWould drain web1\nNothing was changed."));
        Assert.That(MoveText.Of(Drain, new MoveOutcome.AlreadySo(Roles(1))), Is.EqualTo("web1 is drained: nothing to do"));
    }

    [Test]
    public void After_a_failure_it_says_who_holds_the_address_and_who_could_not_be_told()
    {
        Assert.That(MoveText.Of(Move, new MoveOutcome.Failed(Roles(0), Moves, null, false, [])), Is.EqualTo("the addresses were not seen to move; all was put back\nweb1 (10.0.0.1) holds 10.0.0.100 (VI_1)"));
        Assert.That(MoveText.Of(Move, new MoveOutcome.Failed(Roles(), Moves, "lost", false, [Two])), Is.EqualTo("lost; NOT PUT BACK on web2 (10.0.0.2): call it again, or undo it with its opposite\nNO MACHINE HOLDS 10.0.0.100 (VI_1)"));
    }

    [Test]
    public void Every_objection_has_its_words()
    {
        MoveObjection[] all =
        [
            new MoveObjection.NotLookedAt("web9"), new MoveObjection.NotOfInstance("web9", "VI_1", ["web1", "web2"]), new MoveObjection.NotReached(Roles(0).Machines[0] with { Roles = null }),
            new MoveObjection.Stopped(One), new MoveObjection.NotReady(One, "VI_1", VrrpState.Fault), new MoveObjection.NotReady(One, "VI_1", null), new MoveObjection.NotFollowing(One),
            new MoveObjection.IsDrained(One), new MoveObjection.NotOneHolder(Roles().HoldersOf(Roles().Addresses[0])), new MoveObjection.NoOther("VI_1", One),
        ];
        Assert.That(all.Select(objection => objection.GetType()), Is.SupersetOf(typeof(MoveObjection).GetNestedTypes()));
        foreach (var objection in all) Assert.That(MoveText.Of(Move, new MoveOutcome.Refused(Roles(0), objection)), Does.Match(@"^nothing was changed: .*(web\d|10\.0\.0\.100)"));
    }

    [Test]
    public void The_table_shows_who_is_drained_and_what_was_moved() =>
        Assert.That(string.Join('\n', RolesText.Lines(Roles(1), quiet: false)), Does.Contain("web1 (10.0.0.1)  running, drained  0      VI_1 backup\nweb2 (10.0.0.2)  running           1      VI_1 master (moved here)\n"));

    /// <summary>One with each of its members.</summary>
    internal static string Document() => JsonText.Document(Documents.Head(DocumentKind.Cluster, RunResult.Ok, 0), writer =>
    {
        RolesJson.Write(writer, Roles(1));
        RolesJson.Write(writer, Move, new MoveOutcome.Done(Roles(1), Moves, TimeSpan.FromSeconds(3.6)));
    });

    // The first machine is drained, and the address was moved to the second one.
    private static ClusterRoles Roles(params int[] holders)
    {
        ImmutableArray<MachineInCluster> machines = [.. new[] { One, Two }.Select((name, index) => new MachineInCluster(name.Node, name.Member, Machine(index, holders.Contains(index)), null, TimeSpan.Zero))];
        return new ClusterRoles(DateTimeOffset.UnixEpoch, TimeSpan.Zero, machines, HeldAddress.Of(null, [.. machines.Select(machine => machine.Roles)]), []);
    }

    private static MachineRoles Machine(int index, bool holds) => new(
        KeepalivedPresence.Running, holds ? [IPAddress.Loopback, Address] : [IPAddress.Loopback],
        [new ConfiguredInstance("VI_1", [Address], holds ? VrrpState.Master : VrrpState.Backup)])
    {
        Placed = ImmutableDictionary<string, int>.Empty.Add("vrrp.VI_1", index == 1 ? 60 : 0).Add("vrrp-drained", index == 0 ? -99 : 0),
    };
}
