using System.Collections.Immutable;
using System.Net;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>The last line of a run says what the nodes hold now, and no more than was seen.</summary>
public sealed class VerdictTextTests
{
    private static readonly RunNature Push = new(RunKind.Push);
    private static readonly RunNature Rollback = new(RunKind.Rollback);
    private static readonly RunNature DryRun = new(RunKind.Push, IsDryRun: true);

    [Test]
    public void All_that_were_pushed_to_serve_it() => Assert.That(
        Of(Push, Updated("web1"), Updated("web2"), Unchanged("web3", null)),
        Is.EqualTo(new ReportLine(LineKind.Success, "Pushed to 3 of 3 nodes: 2 updated, 1 already up to date; all serve it.")));

    [Test]
    public void One_node_is_no_crowd() => Assert.That(
        Of(Push, Unchanged("web1", ReloadOutcome.Reloaded)).Text, Is.EqualTo("Pushed to 1 of 1 node: 1 already up to date; it serves it."));

    [Test]
    public void A_node_whose_nginx_does_not_run_serves_nothing() => Assert.That(
        Of(Push, Updated("web1"), Updated("web2", ReloadOutcome.NotRunning), Unchanged("web3", ReloadOutcome.NotRunning)),
        Is.EqualTo(new ReportLine(LineKind.Failure, "Pushed to 3 of 3 nodes: 2 updated, 1 already up to date; 1 serves it; nginx is not running on web2 and web3.")));

    [Test]
    public void A_node_whose_nginx_is_stopped_on_purpose_is_well() => Assert.That(
        Of(Push, Updated("web1"), Updated("web2", ReloadOutcome.NotRunning) with { ExpectsRunning = false }),
        Is.EqualTo(new ReportLine(LineKind.Success, "Pushed to 2 of 2 nodes: 2 updated; 1 serves it; nginx is not running on web2.")));

    [Test]
    public void What_was_not_reloaded_is_not_said_to_be_served() => Assert.That(
        Of(Push, Updated("web1", ReloadOutcome.NotReloaded), Updated("web2", ReloadOutcome.NotReloaded)).Text,
        Is.EqualTo("Pushed to 2 of 2 nodes: 2 updated; nginx was not reloaded on web1 and web2."));

    [Test]
    public void After_a_failure_it_says_which_nodes_hold_what_and_that_they_differ() => Assert.That(
        Of(Push, Updated("web1"), Failed("web2", PeerState.Undone, heldOther: true), Left("web3", heldOther: true)),
        Is.EqualTo(new ReportLine(LineKind.Failure,
            "Pushed to 1 of 3 nodes: web1 has the new configuration and serves it; web2 and web3 have the old configuration. THEY DIFFER.")));

    [Test]
    public void Of_a_node_that_was_not_looked_at_it_is_not_said_what_it_holds() => Assert.That(
        Of(Push, Unchanged("web1", null), Failed("web2", PeerState.Untouched, heldOther: null)).Text,
        Is.EqualTo("Pushed to 1 of 2 nodes: web1 has the new configuration and serves it; web2 has what it had. They may differ."));

    [Test]
    public void A_node_that_held_the_files_already_has_them_still() => Assert.That(
        Of(Push, Updated("web1"), Failed("web2", PeerState.Untouched, heldOther: false)).Text,
        Is.EqualTo("Pushed to 1 of 2 nodes: web1 has the new configuration and serves it; web2 has the new configuration, not seen to be served."));

    [TestCase(PeerState.NotUndone, "web1 has PARTS OF BOTH")]
    [TestCase(PeerState.Restored, "web1 has the old files, NOT SEEN TO BE SERVED")]
    [TestCase(PeerState.Unknown, "what web1 holds was not seen")]
    [TestCase(PeerState.Confirmed, "web1 has the new configuration, not seen to be served")]
    [TestCase(PeerState.Undone, "web1 has the old configuration")]
    public void What_a_failure_left_is_said(PeerState state, string words) =>
        Assert.That(Of(Push, Failed("web1", state, heldOther: true)).Text, Is.EqualTo($"Pushed to 0 of 1 node: {words}."));

    [Test]
    public void What_was_undone_since_another_failed_is_old() => Assert.That(
        Of(
            Push with { IsAllOrNone = true }, Failed("web1", PeerState.Undone, heldOther: true),
            new NodeReport.Undone(SampleNodes.Of("web2"), new UndoReason.NodeFailed(SampleNodes.Of("web1"))) { HeldOther = true }).Text,
        Is.EqualTo("Pushed to 0 of 2 nodes: web1 and web2 have the old configuration."));

    [Test]
    public void Where_a_node_failed_a_service_that_is_stopped_on_another_one_is_named_all_the_same() => Assert.That(
        Of(Push, Updated("web1"), Updated("web2", ReloadOutcome.NotRunning), Failed("web3", PeerState.Undone, heldOther: true)).Text,
        Is.EqualTo("Pushed to 2 of 3 nodes: web1 has the new configuration and serves it; web2 has the new configuration; web3 has the old configuration; " +
            "nginx is not running on web2. THEY DIFFER."));

    [Test]
    public void Nodes_that_each_went_back_to_something_else_differ_and_that_is_said()
    {
        Assert.That(
            Of(Rollback, Updated("web1") with { Holds = "a" }, new NodeReport.NotOfRun(SampleNodes.Of("web2"), "0123abc") { Holds = "b" }).Text,
            Does.EndWith("1 serves it. THEY DIFFER NOW: a push makes them the same."));
        Assert.That(
            Of(Rollback with { IsDryRun = true }, Would("web1") with { Holds = "a" }, Unchanged("web2", null) with { Holds = "b" }).Text,
            Does.Contain("THEY WOULD DIFFER: a push makes them the same."));
        Assert.That(Of(Rollback, Updated("web1") with { Holds = "a" }, Updated("web2") with { Holds = "a" }).Text, Does.Not.Contain("DIFFER"));
    }

    [Test]
    public void A_node_that_is_not_settled_is_not_known() => Assert.That(
        Of(new RunNature(RunKind.Settlement), Updated("web1"), new NodeReport.InDoubt(SampleNodes.Of("web2"), Failure(PeerState.Untouched))).Text,
        Is.EqualTo("Finished on 1 of 2 nodes: web1 has the new configuration and serves it; what web2 holds was not seen. They may differ."));

    [Test]
    public void A_roll_back_has_words_of_its_own()
    {
        Assert.That(
            Of(Rollback, Updated("web1"), Unchanged("web2", null)).Text,
            Is.EqualTo("Rolled back 2 of 2 nodes: 1 put back, 1 already there; all serve it."));
        Assert.That(
            Of(Rollback, Updated("web1"), Failed("web2", PeerState.Untouched, heldOther: null)).Text,
            Is.EqualTo("Rolled back 1 of 2 nodes: web1 has gone back and serves it; web2 has what it had. They may differ."));
    }

    [Test]
    public void A_roll_back_says_whose_work_it_undid_once_for_all_nodes_and_the_newest_first()
    {
        var monday = Made("00000001", 1, "monday");
        var tuesday = Made("00000002", 2, "tuesday \e[31m");
        var unknown = monday with { Number = 1, Run = null, Time = null };
        const string Sentence = @"run 0000000 by ada@primary, [^;""]*, ""tuesday \\x1b\[31m""; run 0000000 by ada@primary, [^;""]*, ""monday""; " +
            @"generation 1 by ada@primary, at a time that was not recorded\.";

        Assert.That(
            Of(Rollback, Updated("web1") with { GoneOver = [monday, tuesday] }, Updated("web2") with { GoneOver = [unknown, tuesday] }).Text,
            Does.Match(@$"^Rolled back 2 of 2 nodes: 2 put back; all serve it\. Undone: {Sentence}$"));
        Assert.That(
            Of(Rollback with { IsDryRun = true }, Would("web1") with { GoneOver = [unknown, monday, tuesday] }).Text,
            Does.Match($@"^Dry run: a roll-back would put back 1 of 1 node\. It would undo: {Sentence} Nothing was changed\.$"));

        static Generation Made(string random, int number, string message) => new(
            number, DateTimeOffset.UnixEpoch, "ada@primary", "", null, new RunRecord($"{random}6592008{number}", "1.0.0", message, null), 1, [], []);
    }

    [Test]
    public void A_node_that_the_run_did_not_change_is_neither_put_back_nor_said_to_serve() => Assert.That(
        Of(Rollback, Updated("web1"), new NodeReport.NotOfRun(SampleNodes.Of("web2"), "0123abc")).Text,
        Is.EqualTo("Rolled back 1 of 2 nodes: 1 put back, 1 not changed by that run; 1 serves it."));

    [Test]
    public void A_dry_run_says_that_it_is_one_and_that_nothing_was_changed()
    {
        Assert.That(
            Of(DryRun, Would("web1"), Would("web2"), Unchanged("web3", null)),
            Is.EqualTo(new ReportLine(LineKind.Success, "Dry run: a push would update 2 of 3 nodes; 1 is already up to date. Nothing was changed.")));
        Assert.That(
            Of(DryRun, Unchanged("web1", ReloadOutcome.NotReloaded)).Text,
            Is.EqualTo("Dry run: a push would update 0 of 1 node; it would only reload 1. Nothing was changed."));
        Assert.That(
            Of(DryRun, Would("web1"), Failed("web2", PeerState.Untouched, heldOther: null)),
            Is.EqualTo(new ReportLine(LineKind.Failure, "Dry run: a push would update 1 of 2 nodes; web2 failed. Nothing was changed.")));
        Assert.That(
            Of(DryRun, Would("web1") with { Services = [new ServiceOutcome("nginx", ReloadOutcome.NotRunning)] }).Text,
            Is.EqualTo("Dry run: a push would update 1 of 1 node; nginx is not running on web1. Nothing was changed."));
        Assert.That(
            Of(DryRun with { IsAllOrNone = true }, Would("web1"), Failed("web2", PeerState.Untouched, heldOther: null)).Text,
            Is.EqualTo("Dry run: a push to all or none would update no node, since web2 failed. Nothing was changed."));
        Assert.That(
            Of(Rollback with { IsDryRun = true }, Would("web1")).Text,
            Is.EqualTo("Dry run: a roll-back would put back 1 of 1 node. Nothing was changed."));
    }

    [Test]
    public void Of_many_nodes_some_are_named() => Assert.That(
        Of(Push, [.. Enumerable.Range(1, 13).Select(number => Failed($"web{number}", PeerState.Undone, heldOther: true))]).Text,
        Is.EqualTo("Pushed to 0 of 13 nodes: web1, web2, web3, web4, web5, web6, web7, web8, web9, web10 and 3 more have the old configuration."));

    [Test]
    public void An_address_that_has_not_one_holder_is_in_the_verdict()
    {
        var astray = new AddressHolders("VI_1", IPAddress.Parse("192.0.2.100"), []);
        var line = new VerdictText(new RunNature(RunKind.Push)).Of([new NodeReport.Unchanged(EveryRecord.Node, null, null)], [astray, EveryRecord.Astray]);
        Assert.That(line.Kind, Is.EqualTo(LineKind.Failure));
        Assert.That(line.Text, Does.EndWith(
            "it serves it. NO MACHINE HOLDS 192.0.2.100 (VI_1); TWO MACHINES HOLD 192.0.2.100 (VI_1): one (web1), this primary."));
    }

    private static ReportLine Of(RunNature nature, params NodeReport[] reports) => new VerdictText(nature).Of(reports, []);

    private static NodeReport.Updated Updated(string node, ReloadOutcome served = ReloadOutcome.Reloaded) =>
        new NodeReport.Updated(SampleNodes.Of(node), ImmutableArray<Change>.Empty, NodeTest.None, served) { HeldOther = true };

    private static NodeReport.Unchanged Unchanged(string node, ReloadOutcome? served) => new NodeReport.Unchanged(SampleNodes.Of(node), null, served) { HeldOther = false };

    private static NodeReport.WouldUpdate Would(string node) =>
        new NodeReport.WouldUpdate(SampleNodes.Of(node), ImmutableArray<Change>.Empty, NodeTest.None) { HeldOther = true };

    private static NodeReport.LeftAlone Left(string node, bool? heldOther) => new NodeReport.LeftAlone(SampleNodes.Of(node)) { HeldOther = heldOther };

    private static NodeReport Failed(string node, PeerState state, bool? heldOther) =>
        NodeReport.Failed.Of(SampleNodes.Of(node), Failure(state)) with { HeldOther = heldOther };

    private static NodeFailure Failure(PeerState state) => new(PushStep.Activate, PeerFailure.Lost, "words", state, "");
}
