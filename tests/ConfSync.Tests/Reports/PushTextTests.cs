using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>What is printed of a node, in the order in which it happened there.</summary>
public sealed class PushTextTests
{
    private static readonly Change Deleted = new(SampleTrees.File("/etc/gone"), null);

    [Test]
    public void What_was_tested_in_a_view_was_tested_before_the_update() => Assert.That(
        Of(new NodeReport.Updated(EveryRecord.Node, [Deleted], new NodeTest("it is good", null), ReloadOutcome.Reloaded)),
        Is.EqualTo((string[])
        [
            " * Testing nginx config on web1", "it is good", " * Backing up configuration on web1", " * Updating configuration on web1",
            "    1 deleted", "    delete  /etc/gone", "nginx on web1 was reloaded and serves it",
        ]));

    [Test]
    public void What_was_tested_in_place_was_tested_after_the_update() => Assert.That(
        Of(new NodeReport.Updated(EveryRecord.Node, [Deleted], new NodeTest("it is good", "no namespaces"), ReloadOutcome.NotRunning)),
        Is.EqualTo((string[])
        [
            " * Backing up configuration on web1", " * Updating configuration on web1", "    1 deleted", "    delete  /etc/gone",
            " * Testing nginx config on web1", "it is good", "web1 was tested in place, since it allows no private view (no namespaces)",
            "nginx is not running on web1, skipping reload",
            "nginx-sync: web1: NGINX IS NOT RUNNING, and nothing serves the configuration there:\n"
                + "  start it there, after nginx -t. Where it is stopped on purpose, set EXPECT_RUNNING=no",
        ]));

    [Test]
    public void A_note_of_what_came_before_stands_before_and_one_of_what_came_after_stands_after()
    {
        var lines = Of(new NodeReport.Updated(EveryRecord.Node, [Deleted], NodeTest.None, ReloadOutcome.Reloaded)
        {
            Notes = [new NodeNote.Recovered("undone"), new NodeNote.Warning("not kept")],
        });

        Assert.That(lines[0], Is.EqualTo("web1: an earlier push had been cut off: undone"));
        Assert.That(lines[^1], Is.EqualTo("web1: not kept"));
    }

    [Test]
    public void Every_report_of_a_node_is_said_something_of()
    {
        NodeReport[] reports =
        [
            new NodeReport.Updated(EveryRecord.Node, [Deleted], NodeTest.None, ReloadOutcome.Reloaded), new NodeReport.Unchanged(EveryRecord.Node, null, null),
            new NodeReport.WouldUpdate(EveryRecord.Node, [Deleted], NodeTest.None), new NodeReport.LeftAlone(EveryRecord.Node),
            new NodeReport.Undone(EveryRecord.Node, new UndoReason.NodeFailed(EveryRecord.Node)),
            .. Enum.GetValues<PeerState>().Select(state => NodeReport.Failed.Of(
                EveryRecord.Node, new NodeFailure(PushStep.Reload, PeerFailure.Reload, "words", state, ""))),
            new NodeReport.InDoubt(EveryRecord.Node, new NodeFailure(PushStep.Connect, PeerFailure.Connect, "words", PeerState.Untouched, "")),
        ];

        Assert.That(reports.Select(report => string.Join('\n', Of(report))), Is.Unique.And.All.Contains("web1"));
    }

    private static List<string> Of(NodeReport report) =>
        [.. new PushText(new RunNature(RunKind.Push), verbose: false).Of(report, generation: null)
            .Select(line => line.Kind == LineKind.Star ? $" * {line.Text}" : line.Text)];
}
