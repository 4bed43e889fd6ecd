using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Runs;
using ConfSync.Timing;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

/// <summary>A run as one call: the lock, the push that an earlier run left, then the run.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ExclusiveRunsTests : IDisposable
{
    private readonly string lockFile = Path.Combine(Path.GetTempPath(), $"nginx-sync-test-{RandomName.Of(8)}");
    // A look at what others have pushed there comes first.
    private static readonly Answers WithoutHistory = Answers.Holding().With("history", "ok history\n");

    private readonly MemoryStore store = new();
    private readonly MemoryLog log = new();
    private readonly ConcurrentQueue<string> told = new();

    [Test]
    public async Task Two_runs_of_one_machine_exclude_each_other()
    {
        Assert.That(RunLock.TryTake(lockFile, out var other, out _), Is.True);
        await using (other)
        {
            var outcome = await SettleAsync(Runs());

            Assert.That(outcome, Is.InstanceOf<RunOutcome.NotLocked>());
            Assert.That(((RunOutcome.NotLocked)outcome).Problem, Is.InstanceOf<LockProblem.Held>().With.Property("Path").EqualTo(lockFile));
        }
        Assert.That(await SettleAsync(Runs()), Is.EqualTo(new RunOutcome.NothingToSettle()));
    }

    [Test]
    public async Task A_lock_file_in_no_directory_is_a_problem_with_the_words_of_the_system()
    {
        var outcome = await Runs().SettleAsync(Request() with { Config = Config with { LockFile = "/nowhere/lock" } }, Take, default);

        var problem = (outcome as RunOutcome.NotLocked)?.Problem as LockProblem.NotOpened;
        Assert.That(problem, Is.EqualTo(new LockProblem.NotOpened("/nowhere/lock", null, "No such file or directory")));
    }

    [Test]
    public async Task What_is_left_is_finished_and_then_forgotten()
    {
        await store.HoldAsync(Earlier.Decided(PushScene.Settings.Path, "peer", "gone"));
        var peer = new ScriptedPeer(WithoutHistory, Answers.Holding(PushScene.Before));

        var outcome = await SettleAsync(Runs(peer));

        Assert.That(outcome, Is.InstanceOf<RunOutcome.Ended>());
        Assert.That(((RunOutcome.Ended)outcome).Reports.Single(), Is.InstanceOf<NodeReport.Updated>());
        Assert.That(peer.Requests.Last(), Is.EqualTo("confirm"));
        Assert.That(told, Is.EqualTo(["finishing peer without gone", "finished 1"]));
        Assert.That(store.Bytes, Is.Null);
    }

    [Test]
    public async Task What_is_left_is_given_up_where_another_primary_has_pushed_since()
    {
        await store.HoldAsync(Earlier.Decided(PushScene.Settings.Path, "peer"));
        var run = RunRecord.New(DateTimeOffset.Now, "1.0", null);
        var digest = SnapshotDigest.Of(Snapshot.Empty, PushScene.Settings.Scope);
        var peer = new ScriptedPeer(Answers.Holding().With("history", $"generation 1 0\ninfo time 1\ninfo primary root@elsewhere\ninfo digest {digest}\ninfo run {Wire.Encode(run.Format())}\nok history\n"));

        var outcome = await SettleAsync(Runs(peer));

        var failure = (((outcome as RunOutcome.Ended)?.Reports.Single()) as NodeReport.Failed)?.Failure;
        Assert.That(failure?.Refusal, Is.InstanceOf<Refusal.NeverHad>().With.Property("Who").EqualTo("root@elsewhere"));
        Assert.That(peer.Requests, Has.None.EqualTo("stage"));
        Assert.That(store.Bytes, Is.Null);
    }

    [Test]
    public async Task What_is_left_is_not_finished_on_one_machine_under_two_names()
    {
        await store.HoldAsync(Earlier.Decided(PushScene.Settings.Path, "one", "two"));
        var config = Config with { Nodes = [SampleNodes.Of("one"), SampleNodes.Of("two")] };
        var peers = config.Nodes.ToDictionary(
            node => node.Name, _ => new ScriptedPeer(WithoutHistory, Answers.Holding(PushScene.Before)) { Machine = "boot 1:2 pids host" });
        var runs = new ExclusiveRuns(node => peers[node.Name], new Timeline()) { StoreFor = _ => store };

        var outcome = await runs.SettleAsync(Request() with { Config = config }, Take, default);

        var problem = (outcome as RunOutcome.PrimaryFailed)?.Problem;
        Assert.That(problem?.Step, Is.EqualTo(PrimaryStep.TellApart));
        Assert.That(
            (problem?.Fault as PrimaryFault.Refused)?.Refusal, Is.EqualTo(new Refusal.SameMachine(SampleNodes.Of("one"), SampleNodes.Of("two"))));
        Assert.That(peers.Values.SelectMany(peer => peer.Requests), Has.None.EqualTo("stage"));
        Assert.That(store.Bytes, Is.Not.Null);
    }

    [Test]
    public async Task A_dry_run_only_says_what_is_left()
    {
        await store.HoldAsync(Earlier.Decided(PushScene.Settings.Path, "peer"));

        var outcome = await Runs().SettleAsync(Request() with { DryRun = true }, Take, default);

        Assert.That((outcome as RunOutcome.WouldSettle)?.Earlier.Id, Is.EqualTo("0123456789abcdef"));
        Assert.That(store.Bytes, Is.Not.Null);
    }

    [Test]
    public async Task What_another_configuration_left_is_not_touched()
    {
        await store.HoldAsync(Earlier.Decided("/etc/other.conf", "peer"));

        Assert.That(
            await SettleAsync(Runs()), Is.InstanceOf<RunOutcome.OtherUnfinished>().With.Property("Other").Property("ConfigPath").EqualTo("/etc/other.conf"));
        Assert.That(
            await Runs().PushAsync(Request(allOrNone: true), Take, default), Is.InstanceOf<RunOutcome.OtherUnfinished>());
        Assert.That(told, Is.Empty);
    }

    [Test]
    public async Task A_push_to_all_or_none_does_nothing_where_the_earlier_one_cannot_be_finished()
    {
        await store.HoldAsync(Earlier.Decided(PushScene.Settings.Path, "peer"));

        var outcome = await Runs(new ScriptedPeer()).PushAsync(Request(allOrNone: true), Take, default);

        Assert.That(outcome, Is.InstanceOf<RunOutcome.EarlierUnfinished>());
        Assert.That(((RunOutcome.EarlierUnfinished)outcome).IsInterrupted, Is.False);
        Assert.That(((RunOutcome.EarlierUnfinished)outcome).Reports.Single(), Is.InstanceOf<NodeReport.InDoubt>());
        Assert.That(store.Bytes, Is.Not.Null);
    }

    [Test]
    public async Task A_roll_back_goes_on_where_the_earlier_push_cannot_be_finished()
    {
        await store.HoldAsync(Earlier.Decided(PushScene.Settings.Path, "peer"));
        var rollback = new RollbackRequest(
            Config, [PushScene.Node], new RollbackTarget.BeforeLastRun(), Force: false, DryRun: false, Reload: true, RolloutPolicy.FirstAlone, Sudo: false, "root@here");

        var outcome = await Runs(new ScriptedPeer()).RollBackAsync(rollback, Take, default);

        Assert.That((outcome as RunOutcome.Ended)?.Reports.Single(), Is.InstanceOf<NodeReport.Rejected>());
        Assert.That(told, Is.EqualTo(["finishing peer without ", "finished 1", "going on without peer", "began"]));
        Assert.That(store.Bytes, Is.Not.Null);
    }

    [Test]
    public async Task A_record_that_is_damaged_is_the_primarys_fault()
    {
        store.Bytes = "nginx-sync-decision 1\n"u8.ToArray();

        var outcome = await SettleAsync(Runs());

        Assert.That((outcome as RunOutcome.PrimaryFailed)?.Problem.Fault, Is.InstanceOf<PrimaryFault.CommitRecordDamaged>());
    }

    public void Dispose() => File.Delete(lockFile);

    private void Take(RunEvent said)
    {
        var words = said switch
        {
            RunEvent.EarlierPending pending => $"pending of {pending.Push.ConfigPath}",
            RunEvent.FinishingEarlier finishing => $"finishing {string.Join(' ', finishing.Nodes)} without {string.Join(' ', finishing.Dropped)}",
            RunEvent.EarlierFinished finished => $"finished {finished.Reports.Count}",
            RunEvent.GoingOnWithoutEarlier going => $"going on without {string.Join(' ', going.Push.Nodes)}",
            RunEvent.Began => "began",
            _ => null,
        };
        if (words is not null) told.Enqueue(words);
    }

    private SyncConfig Config => PushScene.Settings with { LockFile = lockFile, Nodes = [PushScene.Node] };

    private PushRequest Request(bool allOrNone = false) => new(
        Config, [PushScene.Node], DryRun: false, Reload: true, RolloutPolicy.FirstAlone with { AllOrNone = allOrNone }, Sudo: false, "root@here");

    private Task<RunOutcome> SettleAsync(ExclusiveRuns runs) => runs.SettleAsync(Request(), Take, default);

    // Where no peer is given, none may be asked for.
    private ExclusiveRuns Runs(ScriptedPeer? peer = null) => new(
        node => node == PushScene.Node && peer is not null ? peer : throw new InvalidOperationException($"{node} is not to be asked"), new Timeline())
    {
        StoreFor = _ => store,
        LogFor = (_, _) => log,
    };
}

/// <summary>A record that is not on a disk.</summary>
internal sealed class MemoryStore : ICommitRecordStore
{
    public byte[]? Bytes { get; set; }

    public Task HoldAsync(CommitRecord decision) => WriteAsync(CommitRecordText.Format(decision), replaces: false);

    public Task WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool replaces)
    {
        Assert.That(Bytes is null || replaces, Is.True, "only one decision at a time");
        Bytes = [.. parts.SelectMany(part => part.ToArray())];
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult(Bytes is { } bytes ? bytes : default(ReadOnlyMemory<byte>?));

    public Task RemoveAsync(string id)
    {
        if (Bytes is not null && CommitRecordText.Parse(Bytes).Id == id) Bytes = null;
        return Task.CompletedTask;
    }
}

/// <summary>Runs that are not on a disk.</summary>
internal sealed class MemoryLog : IRunLog
{
    public ImmutableArray<RecordedRun> Runs { get; private set; } = [];

    /// <summary>The run that has begun and not ended.</summary>
    public RecordedRun? AtWork { get; private set; }

    public Task BeginAsync(RecordedRun run)
    {
        AtWork = run;
        return Task.CompletedTask;
    }

    public Task AddAsync(RecordedRun run)
    {
        Runs = Runs.Add(run);
        return EndAsync(run.Run.Id);
    }

    public Task EndAsync(string id)
    {
        if (AtWork?.Run.Id == id) AtWork = null;
        return Task.CompletedTask;
    }

    public ImmutableArray<AdoptionRecord> Adoptions { get; private set; } = [];

    public Task AddAsync(AdoptionRecord adoption)
    {
        Adoptions = Adoptions.Add(adoption);
        return Task.CompletedTask;
    }

    public Task<RunLogContent> ReadAsync(CancellationToken cancellation) => Task.FromResult(new RunLogContent(Runs, Adoptions));
}
