using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>A push, a dry run or a roll-back as a page for a browser: what changed where. Pure.</summary>
internal static class RunHtml
{
    private static readonly PageWord Same = new("same", "as it was"), NotChanged = new("error", "failed"), LeftAlone = new("same", "left as it was");

    public static string Write(DocumentHead head, RunBody body)
    {
        List<(string Name, string Value)> facts = [];
        if (body.Run is { } run) facts.Add(("Run", run.Id));
        if (body.Run?.Message is { } message) facts.Add(("Message", message));
        if (body.Run?.Revision is { } revision) facts.Add(("Commit", revision));
        return new HtmlPage(NatureOf(body.Nature)).Write(head, facts, [.. body.Reports.Select(report => Of(report, body))]);
    }

    private static PageNature NatureOf(RunNature nature)
    {
        var name = nature.Kind switch { RunKind.Push => "push", RunKind.Rollback => "roll-back", RunKind.Settlement => "settle", _ => throw new UnreachableException() };
        var (create, change, delete) = nature.IsDryRun ? ("would be created", "would be changed", "would be deleted") : ("created", "changed", "deleted");
        return new PageNature(
            $"nginx-sync {name}{(nature.IsDryRun ? ", dry run" : "")}", "before", nature.IsDryRun ? "would be" : "after",
            [
                (new PageWord("only-local", create), "the node did not have it"),
                (new PageWord("differs", change), "and in what: content, mode, owner, group, kind, target of a link"),
                (new PageWord("only-remote", delete), "the node had it"),
                (Same, "this run did not have to change it there"),
                (NotChanged, "the node failed: its own part says what it has now"),
            ],
            entry => entry.State switch
            {
                EntryState.OnlyLocal => create,
                EntryState.OnlyRemote => delete,
                _ => $"{change}: {string.Join(", ", Names.Of(entry.Differences))}",
            },
            entry => [ChangeText.Of(new Change(entry.Remote, entry.Local))]);
    }

    private static PageNode Of(NodeReport report, RunBody body)
    {
        var changes = report switch
        {
            NodeReport.Updated updated => updated.Changes,
            NodeReport.WouldUpdate would => would.Changes,
            _ => [],
        };
        return new PageNode(
            report.Node.ToString(), report.IsDown || !report.IsGood ? "error" : "same", SummaryOf(report, changes, body.Nature.IsRollback), [.. WordsOf(report, body)],
            changes.IsEmpty ? [] : report.Differences.IsEmpty ? [.. changes.Select(ComparedEntry.Of)] : report.Differences,
            report is NodeReport.Failed or NodeReport.Undone ? NotChanged : report is NodeReport.LeftAlone or NodeReport.NotOfRun ? LeftAlone : Same);
    }

    private static string SummaryOf(NodeReport report, ImmutableArray<Change> changes, bool isRollback) => report switch
    {
        NodeReport.Updated { Reload: var reload } => $"{(isRollback ? "put back" : "updated")}, {ChangeText.Count(changes)}; {Served(report, reload)}",
        NodeReport.Unchanged { Reload: var reload } => $"{(isRollback ? "already there" : "already up to date")}; {Served(report, reload ?? ReloadOutcome.Reloaded)}",
        NodeReport.WouldUpdate => $"would be {(isRollback ? "put back" : "updated")}, {ChangeText.Count(changes)}{string.Concat(report.Stopped.Select(service => $"; {service} is not running"))}",
        NodeReport.LeftAlone => "left as it was: the run was stopped before its turn",
        NodeReport.NotOfRun { Run: var run } => $"left as it was: run {run} changed nothing there",
        NodeReport.Undone { Why: var why } => $"undone, since {NoteText.Of(why)}: it has what it had",
        NodeReport.Failed failed => FailureText.Summary(failed, isRollback),
        _ => throw new UnreachableException(),
    };

    private static string Served(NodeReport report, ReloadOutcome reload) =>
        string.Join("; ", ServiceText.Of(report, reload).Select(service => service.Outcome switch
        {
            null or ReloadOutcome.Reloaded => $"{service.Name} serves it",
            ReloadOutcome.NotRunning => $"{service.Name} is not running",
            _ => $"{service.Name} was not reloaded",
        }));

    private static IEnumerable<string> WordsOf(NodeReport report, RunBody body)
    {
        foreach (var note in report.Notes) yield return NoteText.Of(note);
        if (report is NodeReport.Failed failed) yield return FailureText.Of(failed, body.Nature.IsRollback);
    }
}
