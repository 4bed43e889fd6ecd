using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>Whether a primary has ever had what a node holds.</summary>
public sealed class RunMemoryTests
{
    private static readonly RunRecord First = At(1000), Second = At(2000), Third = At(3000);

    // It has forgotten six generations.
    private static readonly RunMemory Memory = RunMemory.Of([], [Of(Second, "root@a") with { Digest = "known" }], []);

    [Test]
    public void What_another_machine_pushed_and_this_one_does_not_remember_is_objected_to()
    {
        var objection = Memory.ObjectionTo(Of(Third, "root@a"), "root@b");

        Assert.That(objection, Is.EqualTo(new Refusal.NeverHad("root@a", DateTimeOffset.UnixEpoch, Third.ShortId, "why")));
        Assert.That(RunMemory.None.ObjectionTo(Of(Third, "root@a"), "root@b"), Is.Not.Null);
    }

    [Test]
    public void What_it_remembers_or_pushed_itself_and_what_is_older_is_not()
    {
        Assert.That(Memory.ObjectionTo(Of(Second, "root@a"), "root@b"), Is.Null);
        Assert.That(Memory.ObjectionTo(Of(Third, "deploy@b"), "root@b"), Is.Null);
        Assert.That(Memory.ObjectionTo(Of(Third, "root@b (sudo by ada)"), "root@b"), Is.Null);
        Assert.That(Memory.ObjectionTo(Of(First, "root@a"), "root@b"), Is.Null);
        Assert.That(Memory.ObjectionTo(Of(null, "root@a"), "root@b"), Is.Null);
        Assert.That(Memory.ObjectionTo(null, "root@b"), Is.Null);
    }

    /// <summary>A push that is refused is a run as well, and would otherwise make the next one pass.</summary>
    [Test]
    public void Runs_of_its_own_forgive_nothing()
    {
        var memory = RunMemory.Of([Third], [], []);

        Assert.That(memory.ObjectionTo(Of(Second, "root@a"), "root@b"), Is.Not.Null);
        Assert.That(memory.ObjectionTo(Of(Third, "root@b-by-its-old-name"), "root@b"), Is.Null);
    }

    [Test]
    public void Where_nothing_is_forgotten_older_runs_are_objected_to_and_a_state_that_it_was_given_by_another_run_is_not()
    {
        var memory = RunMemory.Of([], [Of(Second, "root@a") with { Number = 1, Digest = "known" }], []);

        Assert.That(memory.ObjectionTo(Of(First, "root@a") with { Digest = "other" }, "root@b"), Is.Not.Null);
        Assert.That(memory.ObjectionTo(Of(Third, "root@a") with { Digest = "known" }, "root@b"), Is.Null);
    }

    [Test]
    public void What_was_taken_over_counts_as_had_until_that_is_undone()
    {
        var (taken, gone) = (new AdoptionRecord(Third.Id, [Second.Id]), new AdoptionRecord(Third.Id, []));
        // This machine's own generation of the adoption, which made the state that the node holds.
        var own = Of(Third, "root@b") with { Number = 1, Digest = "taken" };
        var node = Of(Second, "root@a") with { Digest = "taken" };

        Assert.That(RunMemory.Of([], [own], [taken]).ObjectionTo(node with { Digest = "edited by hand" }, "root@b"), Is.Null);
        Assert.That(RunMemory.Of([], [own], []).ObjectionTo(node, "root@b"), Is.Null, "killed before it could be remembered");
        Assert.That(RunMemory.Of([], [own], [taken, gone]).ObjectionTo(node, "root@b"), Is.Not.Null);
    }

    [Test]
    public void Adoptions_say_nothing_of_when_this_machine_became_a_peer()
    {
        var memory = RunMemory.Of([], [Of(Third, "root@b")], [new AdoptionRecord(Third.Id, [Second.Id])]);

        Assert.That(memory.ObjectionTo(Of(First, "root@a") with { Digest = "older" }, "root@b"), Is.Not.Null);
    }

    private static RunRecord At(long seconds) => RunRecord.New(DateTimeOffset.FromUnixTimeSeconds(seconds), "1.0", "why");

    private static Generation Of(RunRecord? run, string who) => new(7, DateTimeOffset.UnixEpoch, who, "", null, run, 1, [], []);
}
