using System.Collections.Immutable;
using System.Net;
using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>Whether a machine holds the addresses of an instance.</summary>
public sealed class HolderTests
{
    [TestCase("10.0.0.100 10.0.0.101", KeepalivedPresence.Running, VrrpState.Master, true)]
    [TestCase("10.0.0.100 10.0.0.101", KeepalivedPresence.Running, null, true)]
    [TestCase("10.0.0.100 10.0.0.101", KeepalivedPresence.Unknown, null, true)]
    [TestCase("10.0.0.100 10.0.0.101", KeepalivedPresence.Stopped, null, false)]
    [TestCase("10.0.0.100 10.0.0.101", KeepalivedPresence.Running, VrrpState.Backup, false)]
    [TestCase("10.0.0.100", KeepalivedPresence.Running, VrrpState.Master, false)]
    [TestCase("10.0.0.1", KeepalivedPresence.Running, VrrpState.Backup, false)]
    public void It_holds_them_if_it_has_all_and_its_keepalived_is_their_master(string addresses, KeepalivedPresence keepalived, VrrpState? state, bool holds)
    {
        var answer = HolderRun.AnswerOf(null, Roles(addresses, keepalived, state), "VI_1");
        Assert.That(answer, holds ? Is.TypeOf<HolderAnswer.Holds>() : Is.TypeOf<HolderAnswer.HoldsNot>());
        if (answer is HolderAnswer.HoldsNot not) Assert.That(not.IsStale, Is.EqualTo(addresses.Contains("101", StringComparison.Ordinal)));
    }

    [Test]
    public void What_cannot_be_told_is_no_answer()
    {
        Assert.That(((HolderAnswer.NoInstance)HolderRun.AnswerOf(null, Roles("10.0.0.100", KeepalivedPresence.Running, null), "VI_2")).Known, Is.EqualTo(["VI_1"]));
        Assert.That(HolderRun.AnswerOf(null, new MachineRoles(KeepalivedPresence.Running, [], [Instance(null)]), null), Is.EqualTo(new HolderAnswer.Untold(null)));
        Assert.That(HolderRun.AnswerOf(null, new MachineRoles(KeepalivedPresence.Stopped, [IPAddress.Loopback], []), null), Is.TypeOf<HolderAnswer.NoInstance>());
    }

    private static MachineRoles Roles(string addresses, KeepalivedPresence keepalived, VrrpState? state) => new(keepalived, [.. Parsed(addresses)], [Instance(state)]);

    private static ConfiguredInstance Instance(VrrpState? state) => new("VI_1", Parsed("10.0.0.100 10.0.0.101"), state);

    private static ImmutableArray<IPAddress> Parsed(string addresses) => [.. addresses.Split(' ').Select(IPAddress.Parse)];
}
