using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Tests.Reports;

/// <summary>Documents that together hold one of everything.</summary>
internal static class Documents
{
    public static RunRecord Run { get; } = new("3f2a91c06929c5a0", "0.1.0", "ticket 17", "0123456789abcdef dirty");

    public static DocumentHead Head(DocumentKind kind = DocumentKind.Push, RunResult result = RunResult.Ok, int status = 0) =>
        new(kind, result, status, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1.5))
        {
            Version = "0.1.0",
            Who = "root@primary",
            ConfigPath = "/etc/nginx-sync.conf",
            Message = "the verdict",
            Warnings = [new ConfigurationProblem("/etc/nginx-sync.conf", 3, "words", IsWarning: true)],
        };

    /// <summary>Every outcome, with all that is said of a node.</summary>
    public static RunBody Body { get; } = new(new RunNature(RunKind.Push, IsAllOrNone: true))
    {
        Run = Run,
        Nodes = [EveryRecord.Node],
        Reports = [.. EveryRecord.Of<NodeReport>().Select(Full), .. Failures],
        Generations = ImmutableDictionary<Node, int>.Empty.Add(EveryRecord.Node, 4),
        Unmatched = [new NamedPattern("EXCLUDE", "words")],
        Astray = [EveryRecord.Astray],
        Earlier = new EarlierEnd(
            new UnfinishedPush(DateTimeOffset.UnixEpoch, "root@primary", "/etc/nginx-sync.conf", [EveryRecord.Node]), EarlierState.Unfinished,
            [new NodeReport.LeftAlone(EveryRecord.Node)]),
    };

    /// <summary>Every reason for which a run does not begin.</summary>
    public static IReadOnlyList<RunError> Errors { get; } =
    [
        .. EveryRecord.Of<RunError>(), new RunError.Lock(new LockProblem.NotOpened("/run/lock", null, "words")),
        .. EveryRecord.Of<PrimaryFault>().Select(fault => new RunError.Primary(new PrimaryProblem(PrimaryStep.Scan, fault))),
        .. Enum.GetValues<PrimaryStep>().Select(step => new RunError.Primary(new PrimaryProblem(step, new PrimaryFault.Said("words")))),
        .. EveryRecord.Of<Refusal>().Select(refusal => new RunError.Primary(new PrimaryProblem(PrimaryStep.RollBack, new PrimaryFault.Refused(refusal)))),
    ];

    public static IReadOnlyList<NodeHistory> Histories { get; } =
    [
        new(
            Address("deploy@web1:2222"),
            [
                new Generation(1, null, "", "a", null, null, null, [], []),
                new Generation(2, DateTimeOffset.UnixEpoch, "root@primary", "b", 1, Run, 4, EveryRecord.Changes, []),
            ],
            ["b"], "a push was cut off", null)
        {
            SameAs = EveryRecord.Node,
        },
        new(EveryRecord.Node, [], [], null, new LookFailure.Said("<b> cannot\nbe reached", PeerFailure.Connect, null)),
    ];

    /// <summary>One node of each outcome that is recorded.</summary>
    public static RecordedRun Recorded { get; } = new(
        Run, "root@primary",
        [.. Enum.GetValues<NodeOutcome>().Except([NodeOutcome.WouldUpdate]).Select(outcome => new RecordedNode($"on-{outcome}", outcome))]);

    /// <summary>All documents that a run can print, but comparisons.</summary>
    public static IEnumerable<string> All()
    {
        yield return RunJson.Write(Head(), Body);
        yield return RunJson.Write(Head(DocumentKind.Rollback, RunResult.Incomplete, 2), Body with { Nature = new RunNature(RunKind.Rollback, IsDryRun: true) });
        yield return RunJson.Write(Head(DocumentKind.Settle) with { Message = null, Warnings = [] }, new RunBody(new RunNature(RunKind.Settlement)));
        foreach (var state in Enum.GetValues<EarlierState>()) yield return RunJson.Write(Head(), Body with { Earlier = Body.Earlier! with { State = state, Reports = [] } });
        foreach (var result in Enum.GetValues<RunResult>()) yield return RunJson.Write(Head(result: result), new RunBody(new RunNature(RunKind.Push)));
        foreach (var error in Errors) yield return RunJson.Write(Head() with { Error = error, Message = error.Message }, new RunBody(new RunNature(RunKind.Push)));
        yield return HistoryJson.Write(Head(DocumentKind.History), Histories, [Recorded]);
        yield return ClusterStatusTests.Document();
        yield return DoctorTextTests.Document();
        yield return RolesTextTests.Document();
        yield return MoveTextTests.Document();
        yield return JsonText.Document(Head(DocumentKind.History) with { Error = new RunError.Interrupted() }, _ => { });
        yield return JsonText.Document(Head(DocumentKind.Comparison) with { Error = new RunError.Interrupted() }, _ => { });
    }

    public static Node Address(string text) =>
        Node.TryParse(text, out var node, out var problem) ? node : throw new ArgumentException(problem);

    // One of each value that says how a node failed or was reloaded.
    private static IEnumerable<NodeReport> Failures =>
    [
        .. Enum.GetValues<PeerFailure>().Select(kind => NodeReport.Failed.Of(
            EveryRecord.Node, new NodeFailure(PushStep.Connect, kind, "words", PeerState.Untouched, ""))),
        .. Enum.GetValues<PushStep>().Select(step => NodeReport.Failed.Of(
            EveryRecord.Node, new NodeFailure(step, PeerFailure.Lost, "", PeerState.NotUndone, "words"))),
        .. Enum.GetValues<PeerState>().Select(state => NodeReport.Failed.Of(
            EveryRecord.Node, new NodeFailure(PushStep.Reload, PeerFailure.Reload, "words", state, ""))),
        .. EveryRecord.Of<Refusal>().Select(refusal => NodeReport.Failed.Of(
            EveryRecord.Node, new NodeFailure(PushStep.Stage, refusal.Kind, "", PeerState.Untouched, "") { Refusal = refusal })),
        .. EveryRecord.Of<UndoReason>().Select(why => new NodeReport.Undone(EveryRecord.Node, why)),
        .. Enum.GetValues<ReloadOutcome>().Select(reload => new NodeReport.Updated(EveryRecord.Node, EveryRecord.Changes, NodeTest.None, reload)),
        new NodeReport.Updated(EveryRecord.Node, EveryRecord.Changes, NodeTest.None, ReloadOutcome.Reloaded)
        {
            Services = [new ServiceOutcome("haproxy", ReloadOutcome.Reloaded), new ServiceOutcome("nginx", null) { IsExpected = false }],
        },
        NodeReport.Failed.Of(EveryRecord.Node, new NodeFailure(PushStep.Reload, PeerFailure.Reload, "it ended", PeerState.Undone, "") { Service = "haproxy" }),
        new NodeReport.Unchanged(EveryRecord.Node, null, null), new NodeReport.LeftAlone(EveryRecord.Node) { HeldOther = true },
    ];

    private static NodeReport Full(NodeReport report) => report with
    {
        Nginx = new TestedNginx(7, "/usr/sbin/nginx", "/etc/nginx/nginx.conf"),
        Notes = [.. EveryRecord.Of<NodeNote>()],
        BackTo = new Generation(2, DateTimeOffset.UnixEpoch, "root@primary", "", null, Run, 1, [], []),
        GoneOver = [new Generation(4, DateTimeOffset.UnixEpoch, "root@primary", "", null, Run, 1, [], []), new Generation(3, null, "", "", null, null, 1, [], [])],
    };
}
