using ConfSync.Inventory;
using static ConfSync.Inventory.NodeStage;

namespace ConfSync.Tests.Inventory;

/// <summary>Who may be activated, and when.</summary>
public sealed class RolloutPlanTests
{
    private static readonly RolloutPolicy Two = new(2);

    [Test]
    public void The_first_in_order_goes_alone_and_only_those_before_it_are_waited_for()
    {
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Preparing, Ready, Ready), Is.Empty, "the first is still being tested");
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Ready, Preparing, Connecting), Is.EqualTo([0]));
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Done, Ready, Preparing), Is.EqualTo([1]), "the first failed its test");
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Active, Ready, Ready), Is.Empty);
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Done, Ready, Ready), Is.EqualTo([1]), "the first proved nothing");
        Assert.That(Next(RolloutPolicy.FirstAlone, true, Done, Ready, Ready), Is.EqualTo([1, 2]));
        Assert.That(Next(RolloutPolicy.FirstAlone, true, Connecting, Ready, Preparing), Is.EqualTo([1]), "proven: nobody waits");
    }

    [Test]
    public void Who_is_not_reached_is_waited_for_as_long_as_there_is_patience()
    {
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Connecting, Ready, Connecting), Is.Empty);
        Assert.That(Impatient(RolloutPolicy.FirstAlone, Connecting, Ready, Connecting), Is.EqualTo([1]));
        Assert.That(Next(Two, false, Ready, Connecting, Ready, Ready), Is.Empty);
        Assert.That(Next(Two, false, Ready, Ready, Connecting), Is.EqualTo([0, 1]));
        Assert.That(Impatient(Two, Connecting, Ready, Connecting, Ready, Ready), Is.EqualTo([1, 3]));
        Assert.That(Impatient(Two, Preparing, Ready, Connecting, Ready), Is.Empty, "reached, it is sure to come");
        Assert.That(Next(RolloutPolicy.AllAtOnce, false, Connecting, Ready, Connecting), Is.EqualTo([1]));
    }

    [Test]
    public void A_batch_is_of_that_size_and_begins_when_the_one_before_has_ended()
    {
        Assert.That(Next(Two, true, Ready, Ready, Ready), Is.EqualTo([0, 1]));
        Assert.That(Next(Two, true, Done, Active, Ready), Is.Empty);
        Assert.That(Next(Two, true, Ready, Preparing, Ready), Is.Empty, "the batch is not full");
        Assert.That(Next(Two, true, Done, Done, Ready), Is.EqualTo([2]));
        Assert.That(Next(RolloutPolicy.AllAtOnce, false, Active, Preparing, Ready, Ready), Is.EqualTo([2, 3]));
    }

    [Test]
    public void With_all_or_none_nobody_begins_before_every_node_is_reached_and_tested()
    {
        var all = RolloutPolicy.AllAtOnce with { AllOrNone = true };
        Assert.That(Next(all, false, Ready, Connecting, Ready), Is.Empty);
        Assert.That(Next(all, false, Ready, Preparing, Done), Is.Empty);
        Assert.That(Next(all, false, Ready, Ready, Done), Is.EqualTo([0, 1]));
    }

    [Test]
    public void What_cannot_be_undone_comes_after_all_else_and_in_batches_too()
    {
        Assert.That(Next(RolloutPolicy.FirstAlone, false, ReadyLast, Ready, ReadyLast), Is.EqualTo([1]));
        Assert.That(Next(RolloutPolicy.FirstAlone, true, ReadyLast, Active, ReadyLast), Is.Empty);
        Assert.That(Next(RolloutPolicy.FirstAlone, false, ReadyLast, Done, ReadyLast), Is.EqualTo([0]));
        Assert.That(Next(RolloutPolicy.FirstAlone, false, Active, Done, ReadyLast), Is.Empty);
        Assert.That(Next(RolloutPolicy.FirstAlone, true, ReadyLast, Done, ReadyLast), Is.EqualTo([0, 2]));
    }

    [Test]
    public void By_roles_one_without_addresses_goes_alone_then_the_others_and_each_holder_alone_the_fewest_first()
    {
        int?[] held = [2, 0, 1, 0, 0];
        Assert.That(RolloutPlan.OrderOf(held), Is.EqualTo([1, 3, 4, 2, 0]));
        Assert.That(ByRoles(held, false, Ready, Ready, Ready, Ready, Ready), Is.EqualTo([1]));
        Assert.That(ByRoles(held, false, Ready, Active, Ready, Ready, Ready), Is.Empty);
        Assert.That(ByRoles(held, true, Ready, Done, Ready, Ready, Preparing), Is.EqualTo([3]), "backups need not wait for one another");
        Assert.That(ByRoles(held, true, Ready, Done, Ready, Done, Preparing), Is.Empty, "a holder waits for every backup");
        Assert.That(ByRoles(held, true, Ready, Done, Ready, Done, Active), Is.Empty);
        Assert.That(ByRoles(held, true, Ready, Done, Ready, Done, Done), Is.EqualTo([2]));
        Assert.That(ByRoles(held, true, Ready, Done, Active, Done, Done), Is.Empty);
        Assert.That(ByRoles(held, true, Ready, Done, Done, Done, Done), Is.EqualTo([0]));
    }

    [Test]
    public void Where_every_node_holds_something_one_goes_after_the_other()
    {
        int?[] held = [1, 1, 1];
        Assert.That(ByRoles(held, false, Ready, Ready, Ready), Is.EqualTo([0]));
        Assert.That(ByRoles(held, true, Done, Ready, Ready), Is.EqualTo([1]));
        Assert.That(ByRoles(held, true, Done, Active, Ready), Is.Empty);
        Assert.That(ByRoles(held, true, ReadyLast, Done, Ready), Is.EqualTo([2]), "what comes last of all keeps no other waiting");
        Assert.That(ByRoles(held, true, ReadyLast, Done, Done), Is.EqualTo([0]));
    }

    [Test]
    public void By_roles_no_node_begins_before_each_has_told_or_is_waited_for_no_more()
    {
        Assert.That(ByRoles([0, null, 0], false, Ready, Preparing, Ready), Is.Empty);
        Assert.That(ByRoles([0, null, 0], false, Ready, Connecting, Ready), Is.Empty);
        Assert.That(ByRoles([0, null, 0], false, Ready, Done, Ready), Is.EqualTo([0]), "it was not reached");
        var policy = RolloutPolicy.FirstAlone with { ByRoles = true };
        Assert.That(RolloutPlan.NextOf([Connecting, Ready, Ready], policy, proven: false, patient: false, [null, 0, 1]), Is.EqualTo([1]));
        Assert.That(RolloutPlan.NextOf([Connecting, Done, Ready], policy, proven: true, patient: false, [null, 0, 1]), Is.EqualTo([2]));
        Assert.That(RolloutPlan.NextOf([Ready, Done, Ready], policy, proven: true, patient: false, [int.MaxValue, 0, 1]), Is.EqualTo([2]), "what it has is not known: it is last");
    }

    [Test]
    public void A_batch_is_of_backups_only()
    {
        var two = Two with { ByRoles = true };
        Assert.That(RolloutPlan.NextOf([Ready, Ready, Ready, Ready], two, proven: false, patient: true, [1, 0, 0, 0]), Is.EqualTo([1, 2]));
        Assert.That(RolloutPlan.NextOf([Ready, Done, Done, Ready], two, proven: true, patient: true, [1, 0, 0, 0]), Is.EqualTo([3]));
        Assert.That(RolloutPlan.NextOf([Ready, Done, Done, Done], two, proven: true, patient: true, [1, 0, 0, 0]), Is.EqualTo([0]));
        Assert.That(RolloutPlan.NextOf([Ready, Ready], RolloutPolicy.AllAtOnce with { ByRoles = true }, proven: false, patient: true, [1, 0]), Is.EqualTo([0, 1]), "--serial all");
    }

    private static IReadOnlyList<int> ByRoles(int?[] held, bool proven, params NodeStage[] stages) =>
        RolloutPlan.NextOf(stages, RolloutPolicy.FirstAlone with { ByRoles = true }, proven, patient: true, held);

    private static IReadOnlyList<int> Next(RolloutPolicy policy, bool proven, params NodeStage[] stages) =>
        RolloutPlan.NextOf(stages, policy, proven, patient: true);

    private static IReadOnlyList<int> Impatient(RolloutPolicy policy, params NodeStage[] stages) =>
        RolloutPlan.NextOf(stages, policy, proven: false, patient: false);
}
