using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Transport;

namespace ConfSync.Tests.Reports;

/// <summary>The history of runs, as people read it.</summary>
public sealed class RunHistoryTextTests
{
    private static readonly RunRecord Old = Run(1, "old"), Kept = Run(100, "kept"), Failed = Run(200, "failed"), Gone = Run(300, "gone");

    [Test]
    public void Each_node_of_a_remembered_run_is_accounted_for()
    {
        NodeHistory[] histories = [History("web1", Kept), History("web2"), History("web3"), new(SampleNodes.Of("web4"), [], [], null, new LookFailure.Said("no route", PeerFailure.Connect, TransportFailure.NoRoute)), History("web5")];
        RecordedRun[] recorded = [Recorded(Kept, ("web1", NodeOutcome.Updated), ("web2", NodeOutcome.Failed), ("web3", NodeOutcome.Updated), ("web4", NodeOutcome.Updated))];

        Assert.That(Lines(histories, recorded), Is.EqualTo([
            "nginx-sync: web4 could not be asked (NS-2016):\n    no route", "Runs on web1 web2 web3 web5, the last one first:",
            "  run kept", "    web1: generation 1, 1 path", "    failed after its files had changed: web2",
            "    updated, and the generation is kept no more: web3", "    updated: web4", "    not part of it: web5", "",
        ]));
    }

    [Test]
    public void Without_a_record_only_what_the_nodes_keep_is_said()
    {
        Assert.That(Lines([History("web1", Kept), History("web2")], []), Is.EqualTo([
            "Runs on web1 web2, the last one first:", "  run kept", "    web1: generation 1, 1 path", "    changed nothing on web2", "",
        ]));
    }

    [Test]
    public void A_run_that_failed_everywhere_is_shown_and_one_that_the_nodes_have_forgotten_is_not()
    {
        RecordedRun[] recorded =
        [
            Recorded(Old, ("web1", NodeOutcome.Rejected)), Recorded(Failed, ("web1", NodeOutcome.Rejected), ("web2", NodeOutcome.NotReached)),
            Recorded(Gone, ("web1", NodeOutcome.Updated)),
        ];

        Assert.That(Lines([History("web1", Kept), History("web2")], recorded), Is.EqualTo([
            "Runs on web1 web2, the last one first:", "  run failed", "    failed, nothing was changed there: web1", "    not reached: web2",
            "  run kept", "    web1: generation 1, 1 path", "    changed nothing on web2", "",
        ]));
    }

    [Test]
    public void Of_runs_in_one_second_the_one_that_came_later_is_first()
    {
        RunRecord[] runs = [Run(100, "first"), Run(100, "second"), Run(100, "third")];

        Assert.That(
            Lines([History("web1", runs)], []).Where(line => line.StartsWith("  run ", StringComparison.Ordinal)), Is.EqualTo(["  run third", "  run second", "  run first"]));
    }

    private static RunRecord Run(int seconds, string message) => RunRecord.New(DateTimeOffset.FromUnixTimeSeconds(seconds), "1", message);

    private static RecordedRun Recorded(RunRecord run, params (string Node, NodeOutcome Outcome)[] nodes) =>
        new(run, "root@here", [.. nodes.Select(node => new RecordedNode(node.Node, node.Outcome))]);

    private static NodeHistory History(string node, params RunRecord[] runs) => new(
        SampleNodes.Of(node),
        [.. runs.Select((run, index) => new Generation(index + 1, run.Began, "root@here", "d", null, run, 1, [], []))], [], null, null);

    // A run by its message, because its ID and its time differ from call to call and from zone to zone.
    private static string[] Lines(IReadOnlyList<NodeHistory> histories, IReadOnlyList<RecordedRun> recorded) =>
        [.. RunHistoryText.Of(histories, [.. recorded], paths: false).Select(line =>
            line.Text.StartsWith("  run ", StringComparison.Ordinal) ? $"  run {line.Text.Split('"')[1]}" : line.Text)];
}
