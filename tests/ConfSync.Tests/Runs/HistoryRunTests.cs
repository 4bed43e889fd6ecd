using ConfSync.Inventory;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>What nodes keep, asked of all of them.</summary>
public sealed class HistoryRunTests
{
    [Test]
    public async Task A_machine_under_two_names_is_known()
    {
        string?[] machines = ["a", "b", null, "a", null];
        Node[] nodes = [.. machines.Select((_, index) => SampleNodes.Of($"web{index}"))];
        var run = new HistoryRun(
            PushScene.Settings, nodes, int.MaxValue, sudo: false, "root@here",
            node => new ScriptedPeer(Answers.Holding().With("history", "ok history\n")) { Machine = machines[Array.IndexOf(nodes, node)] });

        var histories = await run.RunAsync(default);

        Assert.That(histories.Select(history => history.Failure), Has.All.Null);
        Assert.That(histories.Select(history => history.SameAs), Is.EqualTo(new[] { null, null, null, nodes[0], null }));
    }
}
