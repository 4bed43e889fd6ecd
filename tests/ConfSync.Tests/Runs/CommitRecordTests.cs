using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Runs;
using ConfSync.Timing;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

/// <summary>What is recorded of a push to all nodes or none in which nodes get different contents under one path.</summary>
public sealed class CommitRecordTests
{
    private static readonly Entry Directory = SampleTrees.Directory("/etc/nginx");
    private static readonly Entry Old = File("old");

    [Test]
    public async Task A_primary_that_dies_after_the_record_gives_each_node_its_own()
    {
        var contents = new[] { "content of one", "content of two" };
        var record = await RecordOfRunThatDiesAsync(contents);
        // A look at what others have pushed there comes first.
        var peers = contents.Select(content => Peer(content, Answers.Holding().With("history", "ok history\n"))).ToArray();
        var lockFile = Path.Combine(Path.GetTempPath(), $"nginx-sync-test-{RandomName.Of(8)}");
        try
        {
            var store = new MemoryStore { Bytes = record };
            var config = PushScene.Settings with { Nodes = [.. Nodes], LockFile = lockFile };
            var runs = new ExclusiveRuns(node => peers[Array.IndexOf(Nodes, node)], new Timeline()) { StoreFor = _ => store };

            var said = new ConcurrentQueue<RunEvent>();
            var outcome = await runs.SettleAsync(Request with { Config = config }, said.Enqueue, default);

            Assert.That(said, Has.Some.InstanceOf<RunEvent.EarlierFinished>().And.None.InstanceOf<RunEvent.GoingOnWithoutEarlier>());
            var reports = ((RunOutcome.Ended)outcome).Reports;
            Assert.That(reports, Has.Count.EqualTo(2).And.All.InstanceOf<NodeReport.Updated>());
            for (var i = 0; i < peers.Length; i++)
            {
                Assert.That(peers[i].Archives.Single(), Does.Contain(contents[i]).And.Not.Contain(contents[1 - i]));
            }
            Assert.That(store.Bytes, Is.Null);
        }
        finally
        {
            System.IO.File.Delete(lockFile);
        }
    }

    private static Node[] Nodes { get; } = [SampleNodes.Of("one"), SampleNodes.Of("two")];

    private static PushRequest Request => new(
        PushScene.Settings, Nodes, DryRun: false, Reload: true, RolloutPolicy.AllAtOnce with { AllOrNone = true }, Sudo: false, "root@here");

    /// <summary>A run in which all agree, and that is seen no more from the moment on at which its record is written.</summary>
    private static async Task<byte[]> RecordOfRunThatDiesAsync(string[] contents)
    {
        using var logins = new Logins(32);
        var (store, rollout, exclude) = (new StoreOfOneThatDies(), new Rollout(2, Request.Rollout), PushRun.ExcludeRulesOf(Request.Config));
        var agreement = new RunCommit(
            Request, new CommitRecordFile(store), _ => throw new InvalidOperationException(), logins, _ => { }, new Timeline(), default);
        var running = contents.Select((content, i) => Task.Run(async () =>
        {
            var push = new NodePush(Request, Nodes[i], Peer(content), logins, exclude, _ => { }, new Timeline()) { Coordinator = agreement.Coordinator };
            return await push.RunAsync(i, rollout, (_, _) => DesiredAsync(content), default);
        })).ToList();

        var record = await store.Written.WaitAsync(TimeSpan.FromSeconds(30));

        // Its sessions end with it. Here that is left to the run itself, which is told that nothing could be written.
        store.End();
        Assert.That(await Task.WhenAll(running), Has.All.InstanceOf<NodeReport.Undone>());
        return record;
    }

    private static async Task<DesiredState> DesiredAsync(string content)
    {
        var file = File(content);
        var store = new ContentStore((_, _) => Task.FromResult<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(
            ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty.Add(file.Digest!, Encoding.ASCII.GetBytes(content))));
        await store.LoadAsync([file], default);
        return new DesiredState(new Snapshot([Directory, file]), [], new string('0', 64), store);
    }

    // It holds the old file, and takes the new one.
    private static ScriptedPeer Peer(string content, params Answers[] before) => new(
        [.. before, Answers.Holding(Directory, Old).With("stage", Answers.Staged("/etc/nginx", File(content)))]);

    private static Entry File(string content) => SampleTrees.File("/etc/nginx/a", content) with
    {
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content))),
    };

    // Nothing is heard of it after it has written.
    private sealed class StoreOfOneThatDies : ICommitRecordStore
    {
        private readonly TaskCompletionSource<byte[]> written = new();
        private readonly TaskCompletionSource death = new();

        public Task<byte[]> Written => written.Task;

        public void End() => death.SetException(new IOException("dead"));

        public Task WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool replaces)
        {
            written.SetResult([.. parts.SelectMany(part => part.ToArray())]);
            return death.Task;
        }

        public Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation) => throw new InvalidOperationException();

        public Task RemoveAsync(string id) => Task.CompletedTask;
    }
}
