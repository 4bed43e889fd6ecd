using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>What people read of a push or a roll-back, in the original's words. Pure but for the zone of this machine's
/// clock; the words of others are made safe to show.</summary>
/// <param name="verbose">Every path that changes is named.</param>
/// <param name="diff">How differences between contents are shown; null where they are not.</param>
internal sealed class PushText(RunNature nature, bool verbose, DiffStyle? diff = null)
{
    private readonly bool isRollback = nature.IsRollback;
    private readonly VerdictText verdict = new(nature);

    private string Name => (nature.IsRollback, nature.IsDryRun) switch
    {
        (false, false) => "Synchronization",
        (false, true) => "Dry run",
        (true, false) => "Rollback",
        (true, true) => "Dry run of a rollback",
    };

    public IEnumerable<ReportLine> Began(DateTimeOffset now)
    {
        yield return ReportLine.Star($"{Name} started at {LocalTime.Format(now)}");
        if (isRollback) yield break;
        yield return ReportLine.Star("Checking prerequisites");
        yield return ReportLine.Star("Testing local nginx configuration file");
    }

    /// <summary>What is said at once, whatever becomes of the nodes; nothing for most events.</summary>
    public IEnumerable<ReportLine> Of(RunEvent said) => said switch
    {
        RunEvent.EarlierPending { Push: var push } => [ReportLine.Warning(PendingText.Of(push))],
        RunEvent.FinishingEarlier finishing => PendingText.Of(finishing),
        RunEvent.EarlierFinished { Reports: var reports } => OfEarlier.Concluded(reports, []),
        RunEvent.GoingOnWithoutEarlier => [ReportLine.Warning(PendingText.GoingOn(isRollback))],
        RunEvent.PrimaryTested { Test: var test } => Of(test),
        RunEvent.PrimaryRescanned { Moved: var moved } => Remark($"the local files were looked at again, since some changed meanwhile: {Lines(moved)}"),
        RunEvent.BeganAgain { Path: var path } => Remark($"beginning again: {RefusalText.Moved(path)}"),
        RunEvent.NodeRescanned { Node: var node, Moved: var moved } => Remark($"{node}: looked at again, since files changed meanwhile: {Lines(moved)}"),
        RunEvent.OrderedByRoles { Nodes: var ordered } => Remark(AddressText.Order(ordered)),
        RunEvent.GoingOnAstray { Addresses: var astray } => astray.Select(address => ReportLine.Warning(AddressText.GoingOn(address))),
        RunEvent.PatternsUnmatched { Patterns: var patterns } => patterns.Select(pattern => ReportLine.Warning(PatternText.Unmatched(pattern))),
        RunEvent.RecordNotUpdated { Words: var words } => [ReportLine.Warning(PendingText.NotUpdated(words))],
        RunEvent.RunNotRecorded { Words: var words } => [ReportLine.Warning(PendingText.NotRecorded(words))],
        _ => [],
    };

    /// <summary>The words for a push that an earlier run left and that is finished first.</summary>
    public PushText OfEarlier => new(new RunNature(RunKind.Settlement), verbose);

    /// <summary>What became of a node.</summary>
    /// <param name="generation">The one that it goes back to; null for a push, and where that is not known.</param>
    public IEnumerable<ReportLine> Of(NodeReport report, int? generation)
    {
        if (verbose && report.Nginx is { } nginx) yield return ReportLine.Plain($"{report.NginxName} on {report.Node}: {nginx}");
        foreach (var note in report.Notes.Where(IsOfBefore)) yield return Of(report.Node, note);
        var goal = $"generation {generation}";
        var lines = report switch
        {
            NodeReport.Updated updated => Updated(updated, goal),
            NodeReport.Unchanged unchanged => Unchanged(unchanged, goal),
            NodeReport.WouldUpdate would => WouldUpdate(would, goal),
            NodeReport.Undone undone =>
                [ReportLine.Star($"Undid the update on {undone.Node}, since {NoteText.Of(undone.Why)}: it has what it had")],
            NodeReport.LeftAlone left => [ReportLine.Star($"Left {left.Node} as it was: the run was stopped before its turn")],
            NodeReport.NotOfRun other => [ReportLine.Star($"Left {other.Node} as it was: run {other.Run} changed nothing there")],
            NodeReport.Failed failed => Failed(failed),
            _ => [],
        };
        foreach (var line in lines) yield return line;
        foreach (var note in report.Notes.Where(note => !IsOfBefore(note))) yield return Of(report.Node, note);
    }

    public IEnumerable<ReportLine> Ended(IReadOnlyList<NodeReport> reports, DateTimeOffset now) =>
        NginxWarnings.Lines(reports).Select(ReportLine.Plain).Append(ReportLine.Star($"{Name} ended at {LocalTime.Format(now)}"));

    /// <summary>The last words; the very last line is a verdict.</summary>
    /// <param name="astray">The addresses that have no holder, or several, now.</param>
    public IEnumerable<ReportLine> Concluded(IReadOnlyList<NodeReport> reports, ImmutableArray<AddressHolders> astray)
    {
        if (SummaryText.Of(reports) is { } summary) yield return ReportLine.Error(summary);
        var back = reports.Where(report => Holdings.Of(report) is Holding.New or Holding.NewUnproven).Select(report => report.Node).ToList();
        if (isRollback && reports.Any(report => report is NodeReport.Updated))
        {
            yield return ReportLine.Plain(
                $"!!! The next push puts what this primary holds on {string.Join(' ', back)} again.\n" +
                "!!! If that is what was undone now, correct it here first.");
        }
        if (reports.Count > 0) yield return verdict.Of(reports, astray);
    }

    private IEnumerable<ReportLine> Of(PrimaryTest test)
    {
        yield return ReportLine.Plain(Lines(test.Words));
        if (verbose && test.Nginx is { } nginx) yield return ReportLine.Plain($"nginx here: {nginx}");
        foreach (var line in OutsideText.Lines(test.Outside, verbose)) yield return ReportLine.Plain(line);
    }

    // A push that is only tried leaves the reload to a real one: that is nothing wrong.
    private ReportLine Of(Node node, NodeNote note) => new(
        nature.IsDryRun && note is NodeNote.NotKnownToServe ? LineKind.Plain : LineKind.Notice, $"{node}: {NoteText.Of(note)}");

    // Known before anything was done to the node.
    private static bool IsOfBefore(NodeNote note) => note is NodeNote.OtherNginx or NodeNote.Recovered;

    private IEnumerable<ReportLine> Remark(string text) => verbose ? [ReportLine.Plain(text)] : [];

    // In the order in which it happened: what allows no private view is tested in its place.
    private IEnumerable<ReportLine> Updated(NodeReport.Updated report, string goal)
    {
        var test = Tested(report, report.Test, "was tested in place, since it allows no private view");
        var update = isRollback
            ? [ReportLine.Star($"Rolling back configuration on {report.Node} to {goal}"), .. WayBack(report)]
            : new[] { ReportLine.Star($"Backing up configuration on {report.Node}"), ReportLine.Star($"Updating configuration on {report.Node}") };
        var change = update.Concat(Changes(report, report.Changes, verbose));
        var served = ServiceText.Of(report, report.Reload).Select(outcome => outcome.Outcome switch
        {
            ReloadOutcome.NotReloaded => $"{outcome.Name} on {report.Node} was not reloaded (--no-reload)",
            ReloadOutcome.Reloaded => $"{outcome.Name} on {report.Node} was reloaded and serves it",
            _ => null,
        }).OfType<string>();
        return [.. report.Test.NoView is null ? test.Concat(change) : change.Concat(test), .. served.Select(ReportLine.Plain), .. Stopped(report)];
    }

    // From the run that made what is there to the one whose state comes back.
    private static IEnumerable<ReportLine> WayBack(NodeReport report)
    {
        if (report.GoneOver.IsEmpty) yield break;
        var from = report.GoneOver.Length == 1 && report.BackTo is null ? "" : $"from {HistoryText.RunOf(report.GoneOver[^1])} ";
        var to = report.BackTo is { } target ? $"what {HistoryText.RunOf(target)} left" : $"what was there before {HistoryText.RunOf(report.GoneOver[0])}";
        yield return ReportLine.Plain($"    {from}to {to}");
    }

    private IEnumerable<ReportLine> Unchanged(NodeReport.Unchanged report, string goal)
    {
        var node = report.Node;
        yield return ReportLine.Star(isRollback ? $"Configuration on {node} is that of {goal} already" : $"Configuration on {node} is up to date");
        foreach (var line in report.TestWords is { } words ? Tested(report, new NodeTest(words, null)) : []) yield return line;
        foreach (var outcome in ServiceText.Of(report, report.Reload).Where(outcome => outcome.Outcome == ReloadOutcome.Reloaded))
        {
            yield return ReportLine.Plain($"{node} was not known to serve it: {outcome.Name} was reloaded and serves it now");
        }
        foreach (var line in Stopped(report)) yield return line;
    }

    private IEnumerable<ReportLine> WouldUpdate(NodeReport.WouldUpdate report, string goal)
    {
        var node = report.Node;
        yield return ReportLine.Star(isRollback ? $"Would roll back configuration on {node} to {goal}" : $"Would update configuration on {node}");
        foreach (var line in isRollback ? WayBack(report) : []) yield return line;
        foreach (var line in Changes(report, report.Changes, all: true)) yield return line;
        foreach (var line in Tested(report, report.Test, "was not tested: that is possible only in place there")) yield return line;
        foreach (var line in Stopped(report)) yield return line;
    }

    private static IEnumerable<ReportLine> Stopped(NodeReport report)
    {
        var down = report.Down.ToHashSet();
        foreach (var service in report.Stopped)
        {
            var isOnPurpose = down.Contains(service) ? "" : $" ({ServiceText.NotExpected(report)})";
            yield return ReportLine.Plain($"{service} is not running on {report.Node}, skipping reload{isOnPurpose}");
            if (down.Contains(service)) yield return ReportLine.Error(ServiceText.Down(report, service));
        }
    }

    private IEnumerable<ReportLine> Failed(NodeReport.Failed report)
    {
        if (report.Failure.Step == PushStep.Test) yield return ReportLine.Star($"Testing {PosixText.Printable(report.Failure.Service ?? report.NginxName)} config on {report.Node}");
        yield return ReportLine.Error(FailureText.Of(report, isRollback));
    }

    private IEnumerable<ReportLine> Changes(NodeReport report, ImmutableArray<Change> changes, bool all)
    {
        var lines = diff is null || report.Differences.IsEmpty
            ? ChangeText.Lines(changes, all)
            : DiffText.OfPush(report.Differences, diff).Prepend($"    {ChangeText.Count(changes)}");
        return lines.Select(ReportLine.Plain);
    }

    private static IEnumerable<ReportLine> Tested(NodeReport report, NodeTest test, string withoutView = "")
    {
        var node = report.Node;
        yield return ReportLine.Star($"Testing {ServiceText.Tested(report)} config on {node}");
        if (test.Words is { } words && NginxWarnings.Without(words) is { Length: > 0 } others) yield return ReportLine.Plain(Lines(others));
        if (test.NoView is { } reason) yield return ReportLine.Plain($"{node} {withoutView} ({PosixText.Printable(reason)})");
    }

    private static string Lines(string words) => PosixText.PrintableLines(words);
}
