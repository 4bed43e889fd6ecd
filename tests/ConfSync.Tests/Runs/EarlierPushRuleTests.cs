using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs;

/// <summary>What a run does about a push to all nodes or none that an earlier run decided and did not finish.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EarlierPushRuleTests
{
    private const string Ours = "/etc/nginx-sync.conf";
    private const string Other = "/etc/other.conf";

    [TestCase(Ours, false, false, EarlierPushAction.Finish)]
    [TestCase(Ours, false, true, EarlierPushAction.Finish)]
    [TestCase(Ours, true, false, EarlierPushAction.Mention)]
    [TestCase(Ours, true, true, EarlierPushAction.Mention)]
    [TestCase(Other, false, false, EarlierPushAction.Mention)]
    [TestCase(Other, false, true, EarlierPushAction.Refuse, Description = "there is room for one decision only")]
    [TestCase(Other, true, true, EarlierPushAction.Mention)]
    public void Before_something_else(string of, bool dryRun, bool mustFinish, object action) =>
        Assert.That(EarlierPushRule.Before(Earlier.Decided(of), Ours, dryRun, mustFinish), Is.EqualTo(action));

    [TestCase(Ours, false, EarlierPushAction.Finish)]
    [TestCase(Ours, true, EarlierPushAction.Mention)]
    [TestCase(Other, false, EarlierPushAction.Refuse)]
    [TestCase(Other, true, EarlierPushAction.Refuse)]
    public void As_all_that_is_done(string of, bool dryRun, object action) =>
        Assert.That(EarlierPushRule.OfSettling(Earlier.Decided(of), Ours, dryRun), Is.EqualTo(action));

    [TestCase(true, true, false, AfterEarlierPush.GoOn)]
    [TestCase(true, false, true, AfterEarlierPush.GoOn)]
    [TestCase(false, false, false, AfterEarlierPush.GoOnWithout)]
    [TestCase(false, true, false, AfterEarlierPush.Stop)]
    [TestCase(false, false, true, AfterEarlierPush.Stop)]
    public void After_it_was_tried(bool isFinished, bool mustFinish, bool isInterrupted, object next)
    {
        NodeReport last = isFinished
            ? new NodeReport.Unchanged(SampleNodes.Of("b"), null, null)
            : new NodeReport.InDoubt(SampleNodes.Of("b"), new NodeFailure(PushStep.Connect, PeerFailure.Connect, "away", PeerState.Untouched, ""));
        NodeReport[] reports = [new NodeReport.Unchanged(SampleNodes.Of("a"), null, null), last];

        Assert.That(EarlierPushRule.After(reports, mustFinish, isInterrupted), Is.EqualTo(next));
    }

    [Test]
    public void Nodes_that_the_configuration_names_no_more_are_dropped()
    {
        var (nodes, dropped) = EarlierPushRule.Divide(Earlier.Decided(Ours, "a", "b", "c"), [SampleNodes.Of("c"), SampleNodes.Of("a")]);

        Assert.That(nodes.Select(node => node.Node.Name), Is.EqualTo(["a", "c"]));
        Assert.That(dropped.Select(node => node.Node.Name), Is.EqualTo(["b"]));
    }
}

/// <summary>A push that an earlier run decided: a file goes, as in <see cref="PushScene"/>.</summary>
internal static class Earlier
{

    public static CommitRecord Decided(string configPath, params string[] nodes)
    {
        var settings = PushScene.Settings;
        return new CommitRecord(
            "0123456789abcdef", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "root@primary", configPath,
            Reload: true, settings.ConfPaths, settings.Exclude,
            [.. nodes.Select(name => new DecidedNode(SampleNodes.Of(name), [], [PushScene.Deletion]))],
            System.Collections.Immutable.ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty);
    }
}
