using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>What became of nodes, as parts of documents. No content of a file and no digest of one is in them, because a short
/// secret can be found from its digest. Pure.</summary>
internal static class JsonNodes
{
    /// <param name="generation">The one that it was to go back to; null for none.</param>
    /// <param name="isRollback">It was no push.</param>
    public static JsonOutcome Of(NodeReport report, int? generation = null, bool isRollback = false)
    {
        var node = new JsonOutcome(
            report.Node.ToString(), PosixText.Printable(report.Node.Address.Host), JsonText.Shown(report.Node.Address.User), report.Node.Address.Port, RunNames.Of(report),
            RunNames.Of(Holdings.Of(report)), report.IsDown)
        {
            Generation = generation,
            Nginx = report.Nginx is { } nginx ? Of(nginx) : null,
            Services = report.Services.IsEmpty ? null : [.. report.Services.Select(Of)],
            BackTo = report.BackTo?.Run is { } target ? Of(target) : null,
            Undid = report.GoneOver.IsEmpty
                ? null
                : [.. report.GoneOver.Select(one => new JsonUndid(one.Number, PosixText.Printable(one.Who), one.Run is { } run ? Of(run) : null))],
            Notes = report.Notes.IsEmpty ? null : [.. report.Notes.Select(Of)],
        };
        return report switch
        {
            NodeReport.Updated updated => WithChanges(node, updated.Changes) with { Reload = RunNames.Of(updated.Reload), Test = Of(updated.Test, isLive: true) },
            NodeReport.Unchanged unchanged => node with
            {
                Reload = unchanged.Reload is { } reload ? RunNames.Of(reload) : "not-needed",
                Test = Of(new NodeTest(unchanged.TestWords, null), isLive: true),
            },
            NodeReport.WouldUpdate would => WithChanges(node, would.Changes) with { NginxRuns = would.NginxRuns, Test = Of(would.Test, isLive: false) },
            NodeReport.Undone undone => node with { Undo = Of(undone.Why) },
            NodeReport.NotOfRun other => node with { Run = other.Run },
            NodeReport.Failed failed => node with { Failure = Of(failed, isRollback) },
            _ => node,
        };
    }

    public static ImmutableArray<JsonChange> Of(ImmutableArray<Change> changes) => [.. changes.Select(Of)];

    public static JsonRun Of(RunRecord run) => new(run.Id, run.Version, run.Began is { } began ? JsonText.Utc(began) : null, JsonText.Shown(run.Message), JsonText.Shown(run.Revision));

    private static JsonOutcome WithChanges(JsonOutcome node, ImmutableArray<Change> changes) => node with
    {
        Counts = new JsonChangeCounts(
            changes.Count(change => change.Kind is ChangeKind.Replace or ChangeKind.Attributes), changes.Count(change => change.Kind == ChangeKind.Create),
            changes.Count(change => change.Kind == ChangeKind.Delete)),
        Changes = Of(changes),
    };

    private static JsonChange Of(Change change) => new(
        PosixText.Printable(change.Path), RunNames.Of(change.Kind), Names.Of(ComparedEntry.Of(change).Differences), Of(change.Before), Of(change.After));

    private static JsonHeld? Of(Entry? entry) => entry is null ? null : new JsonHeld(
        Names.Of(entry.Kind), entry.Kind == EntryKind.Link ? null : CompareText.Mode(entry), PosixText.Printable(entry.Owner.ToString()),
        PosixText.Printable(entry.Group.ToString()), entry.Kind == EntryKind.File ? entry.Size : null, JsonText.Shown(entry.Target));

    private static JsonNginx Of(TestedNginx nginx) =>
        new(nginx.Master, PosixText.Printable(nginx.Program), PosixText.Printable(nginx.ConfigurationFile));

    // What allows no private view is tested in its place once it is live; a dry run does not test it.
    private static JsonTest? Of(NodeTest test, bool isLive) =>
        test == NodeTest.None ? null : new JsonTest(isLive && test.NoView is not null, JsonText.Lines(test.Words), JsonText.Lines(test.NoView));

    private static JsonFailure Of(NodeReport.Failed report, bool isRollback)
    {
        var failure = report.Failure;
        return new JsonFailure(
            RunNames.Of(failure.Step), RunNames.Of(failure.Kind), RunNames.Of(failure.State), Filled(failure.Words), Filled(failure.UndoWords),
            failure.Refusal is { } refusal ? JsonErrors.Of(refusal) : null, FailureText.Of(report, isRollback),
            $"{MessageCodes.Of(failure)}")
        {
            Service = JsonText.Shown(failure.Service),
        };
    }

    private static JsonServiceOutcome Of(ServiceOutcome service) => new(
        PosixText.Printable(service.Name), service.Outcome is { } outcome ? RunNames.Of(outcome) : "not-needed", service.IsExpected);

    /// <summary>The services other than nginx that a comparison looked at; null for none.</summary>
    public static ImmutableArray<JsonServiceState>? Of(ImmutableArray<ComparedService> services) => services.IsEmpty
        ? null
        : [.. services.Select(service => new JsonServiceState(PosixText.Printable(service.Name), Names.Of(service.State), service.IsExpected))];

    private static JsonUndo Of(UndoReason why) => new(
        RunNames.OfRecord(why), (why as UndoReason.NodeFailed)?.Node.ToString(), why switch
        {
            UndoReason.NotRecorded { Words: var words } => JsonText.Lines(words),
            UndoReason.EarlierNotRemoved { Words: var words } => JsonText.Lines(words),
            _ => null,
        });

    private static JsonNote Of(NodeNote note) => new(
        RunNames.OfRecord(note), note switch
        {
            NodeNote.OtherNginx { Words: var words } => JsonText.Lines(words),
            NodeNote.Recovered { Words: var words } => JsonText.Lines(words),
            NodeNote.LostAtEnd { Words: var words } => JsonText.Lines(words),
            NodeNote.LostAfterDecision { Failure.Words: var words } => Filled(words),
            NodeNote.Warning { Words: var words } => JsonText.Lines(words),
            _ => null,
        }, NoteText.Of(note));

    private static string? Filled(string words) => words.Length == 0 ? null : PosixText.PrintableLines(words);
}
