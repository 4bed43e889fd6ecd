using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Tests.Reports;

namespace ConfSync.Tests.Primary;

/// <summary>What the primary remembers of a run, and the line that it is on its disk.</summary>
public sealed class RecordedRunTests
{
    [TestCase("ticket 17: \"more\" workers", "0123 dirty", "root@primary (sudo by alice)")]
    [TestCase(null, null, "")]
    [TestCase("%- ümläut\tx", "-", "a b\u00a0c")]
    public void A_line_is_read_as_it_was_written(string? message, string? revision, string who)
    {
        var run = Documents.Recorded with { Run = Documents.Run with { Message = message, Revision = revision }, Who = who };

        var line = run.Format();

        Assert.That(line, Does.Not.Contain("\n").And.Match("^[!-~]+( [!-~]+)*$"));
        var read = RecordedRun.Parse(line)!;
        Assert.That(read with { Nodes = run.Nodes }, Is.EqualTo(run));
        Assert.That(read.Nodes, Is.EqualTo(run.Nodes));
    }

    [Test]
    public void What_is_no_such_line_is_no_run()
    {
        var line = Documents.Recorded.Format();
        foreach (var cut in Enumerable.Range(0, line.Length).Select(length => line[..length]))
        {
            // Cut between two nodes it is a run of fewer nodes; cut in WHO it has a shorter one.
            if (RecordedRun.Parse(cut) is { Nodes.IsEmpty: false } run) Assert.That(line, Does.StartWith(run.Format() + " ").Or.EqualTo(run.Format()));
        }
        string[] damaged =
        [
            line.Replace("Updated", "Mended", StringComparison.Ordinal), line.Replace("Updated", "0", StringComparison.Ordinal), line.Replace(" Updated", " WouldUpdate", StringComparison.Ordinal), line + " more",
            line.Replace("3f2a91c06929c5a0", "xyz", StringComparison.Ordinal), line.Replace(" on-Failed", " on-%zFailed", StringComparison.Ordinal), "a\0b",
        ];
        foreach (var text in damaged) Assert.That(RecordedRun.Parse(text), Is.Null, text);
    }

    [Test]
    public void A_run_is_recorded_where_it_changed_a_node_or_failed()
    {
        var node = EveryRecord.Node;
        var unchanged = new NodeReport.Unchanged(node, null, null);
        var failed = NodeReport.Failed.Of(node, new NodeFailure(PushStep.Activate, PeerFailure.Reload, "words", PeerState.Undone, ""));

        Assert.That(RecordedRun.Of(Documents.Run, "root@here", [unchanged, new NodeReport.NotOfRun(node, "0123456")]), Is.Null);
        Assert.That(RecordedRun.Of(null, "root@here", [failed]), Is.Null);
        var recorded = RecordedRun.Of(Documents.Run, "root@here", [unchanged, failed]);
        Assert.That(recorded?.Nodes, Is.EqualTo([new RecordedNode("web1", NodeOutcome.Unchanged), new RecordedNode("web1", NodeOutcome.Failed)]));
        Assert.That(recorded?.Who, Is.EqualTo("root@here"));
    }
}
