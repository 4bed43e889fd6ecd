using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

/// <summary>Whether nodes may keep what was activated.</summary>
public sealed class CommitCoordinatorTests
{
    private static readonly DesiredState Pushed = new(Snapshot.Empty, [], "", null!);

    [Test]
    public void One_against_it_and_all_undo_while_all_for_it_keep_it()
    {
        Assert.That(CommitDecision.Of([Vote.For, Vote.Open, Vote.For]), Is.Null);
        Assert.That(CommitDecision.Of([Vote.For, Vote.For]), Is.True);
        Assert.That(CommitDecision.Of([Vote.For, Vote.Open, Vote.Against]), Is.False, "nobody waits for the slow ones");
        Assert.That(CommitDecision.Of([Vote.Against, Vote.Against]), Is.False);
    }

    [Test]
    public async Task The_decision_is_recorded_before_anybody_hears_of_it()
    {
        var recorded = new TaskCompletionSource<CommitRecord>();
        var coordinator = CommitCoordinator(3, _ => recorded.Task);
        var first = coordinator.VerifiedAsync(0, [Created("/etc/a/b")], Pushed);
        coordinator.NothingToKeep(1);
        var third = coordinator.VerifiedAsync(2, [Created("/etc/a/b")], Pushed);
        Assert.That(first.IsCompleted || third.IsCompleted, Is.False);

        recorded.SetResult(null!);

        Assert.That((await first).Keep && (await third).Keep, Is.True);
        Assert.That((await coordinator.FailedAsync(0)).Keep, Is.True, "what is decided stays decided");
    }

    [Test]
    public async Task What_cannot_be_recorded_is_undone()
    {
        var coordinator = CommitCoordinator(1, _ => Task.FromException<CommitRecord>(new IOException("no space")));

        var verdict = await coordinator.VerifiedAsync(0, [Created("/etc/a/b")], Pushed);

        Assert.That(verdict.Keep, Is.False);
        Assert.That(verdict.Reason, Is.EqualTo(new UndoReason.NotRecorded("no space")));
    }

    [Test]
    public async Task The_first_who_fails_is_named_and_a_vote_for_it_is_taken_back_by_a_failure()
    {
        var coordinator = CommitCoordinator(3, _ => throw new InvalidOperationException("nothing is to be recorded"));
        var first = coordinator.VerifiedAsync(0, [Created("/etc/a/b")], Pushed);
        var second = coordinator.VerifiedAsync(1, [Created("/etc/a/b")], Pushed);

        await coordinator.FailedAsync(1);
        await coordinator.FailedAsync(2);

        Assert.That(await first, Is.EqualTo(new CommitDecision(false, new UndoReason.NodeFailed(Node(1)))));
        Assert.That(await second, Is.EqualTo(await first));
    }

    [Test]
    public async Task An_interruption_undoes_all_and_is_nobodys_fault()
    {
        using var interruption = new CancellationTokenSource();
        var coordinator = CommitCoordinator(2, _ => throw new InvalidOperationException("nothing is to be recorded"), interruption.Token);
        var first = coordinator.VerifiedAsync(0, [Created("/etc/a/b")], Pushed);

        await interruption.CancelAsync();
        await coordinator.FailedAsync(1);

        Assert.That(await first, Is.EqualTo(new CommitDecision(false)));
    }

    [Test]
    public async Task With_nothing_changed_anywhere_there_is_nothing_to_record()
    {
        var coordinator = CommitCoordinator(1, _ => throw new InvalidOperationException("nothing is to be recorded"));

        coordinator.NothingToKeep(0);

        Assert.That((await coordinator.FailedAsync(0)).Keep, Is.True);
        Assert.That(coordinator.Record, Is.Null);
    }

    private static CommitCoordinator CommitCoordinator(
        int nodes, Func<IReadOnlyList<VerifiedNode>, Task<CommitRecord>> record, CancellationToken interruption = default) => new(
        [.. Enumerable.Range(0, nodes).Select(Node)], record, (_, _, failed, _) => Task.FromResult<NodeReport>(failed),
        interruption);

    private static Node Node(int number) => SampleNodes.Of($"node{number}");

    private static Change Created(string path) => new(null, SampleTrees.File(path));
}
