using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>The last line of a run: what the nodes hold now, as far as that was seen. Pure.</summary>
internal sealed class VerdictText(RunNature nature)
{
    /// <param name="reports">One for each node of the run, at least one.</param>
    /// <param name="astray">The addresses that have no holder, or several, now.</param>
    public ReportLine Of(IReadOnlyList<NodeReport> reports, ImmutableArray<AddressHolders> astray)
    {
        var line = Of(reports);
        return astray.IsEmpty ? line : new ReportLine(LineKind.Failure, $"{line.Text} {string.Join("; ", astray.Select(AddressText.Astray))}.");
    }

    private ReportLine Of(IReadOnlyList<NodeReport> reports)
    {
        var isGood = reports.All(report => report.IsGood);
        var text = nature.IsDryRun ? DryRun(reports) : isGood ? Good(reports) : Bad(reports);
        // What was asked for was done, and yet the nodes are not the same.
        var kind = !isGood || reports.Any(report => report.IsDown) ? LineKind.Failure : AreApart(reports) ? LineKind.Notice : LineKind.Success;
        return new ReportLine(kind, text);
    }

    private string Done => nature.Kind switch
    {
        RunKind.Push => "Pushed to",
        RunKind.Rollback => "Rolled back",
        RunKind.Settlement => "Finished on",
        _ => throw new UnreachableException(),
    };

    private string Good(IReadOnlyList<NodeReport> reports)
    {
        List<string> parts = [];
        Add<NodeReport.Updated>(nature.IsRollback ? "put back" : "updated");
        Add<NodeReport.Unchanged>(nature.IsRollback ? "already there" : "already up to date");
        Add<NodeReport.NotOfRun>("not changed by that run");
        return $"{Done} {Share(Reached(reports), reports)}: {string.Join(", ", parts)}; {string.Join("; ", Serving(reports))}.{Apart(reports, "THEY DIFFER NOW")}{Undone(reports, "Undone")}{Overwritten(reports, "Edited there and overwritten")}";

        void Add<T>(string words)
        {
            if (reports.OfType<T>().Count() is > 0 and var count) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {words}"));
        }
    }

    private string Bad(IReadOnlyList<NodeReport> reports)
    {
        var nodes = reports.ToLookup(Holdings.Of);
        var clauses = Enum.GetValues<Holding>().Where(nodes.Contains).SelectMany(holding => Clauses(holding, [.. nodes[holding]])).Concat(NotServing(reports));
        // What each node goes back to is its own.
        var differ = !nature.IsRollback && HasAny(Holding.New, Holding.NewUnproven) && HasAny(Holding.Old, Holding.OldUnproven, Holding.Mixture);
        // Of a node that was not reached it is only known that it did not take the change from this run.
        // A node of a roll-back that failed holds what it had, which is what the others had, too, or its own.
        var mayDiffer = HasAny(Holding.New, Holding.NewUnproven) && reports.Any(report => !report.IsGood) && (nature.IsRollback || HasAny(Holding.Unseen, Holding.Unknown));
        var alarm = differ ? " THEY DIFFER." : mayDiffer ? " They may differ." : "";
        return $"{Done} {Share(Reached(reports), reports)}: {string.Join("; ", clauses)}.{alarm}{Undone(reports, "Undone where it has gone back")}";

        bool HasAny(params Holding[] which) => which.Any(nodes.Contains);
    }

    // Those that serve what they have, apart from those that do not.
    private IEnumerable<string> Clauses(Holding holding, IReadOnlyList<NodeReport> those) => holding == Holding.New
        ? those.GroupBy(IsServed).OrderByDescending(group => group.Key).Select(group => Clause(holding, [.. group]))
        : [Clause(holding, those)];

    private string Clause(Holding holding, IReadOnlyList<NodeReport> those)
    {
        var (has, serves) = those.Count == 1 ? ("has", "serves") : ("have", "serve");
        var isNew = nature.IsRollback ? $"{has} gone back" : $"{has} the new configuration";
        var names = Named(those);
        return holding switch
        {
            Holding.New => $"{names} {isNew}{(those.All(IsServed) ? $" and {serves} it" : "")}",
            Holding.NewUnproven => $"{names} {isNew}, not seen to be served",
            Holding.Old when !nature.IsRollback => $"{names} {has} the old configuration",
            Holding.Old or Holding.Unseen => $"{names} {has} what {(those.Count == 1 ? "it" : "they")} had",
            Holding.OldUnproven => $"{names} {has} the {(nature.IsRollback ? "files that were there" : "old files")}, NOT SEEN TO BE SERVED",
            Holding.Mixture => $"{names} {has} PARTS OF BOTH",
            _ => $"what {names} {(those.Count == 1 ? "holds" : "hold")} was not seen",
        };
    }

    private string DryRun(IReadOnlyList<NodeReport> reports)
    {
        var failed = reports.Where(report => !report.IsGood).ToList();
        var what = nature.Kind == RunKind.Rollback ? "a roll-back would put back" : "a push would update";
        if (nature.IsAllOrNone && failed.Count > 0)
        {
            return $"Dry run: a push to all or none would update no node, since {Named(failed)} failed. Nothing was changed.";
        }
        var (there, reload) = (reports.OfType<NodeReport.Unchanged>().Count(), reports.OfType<NodeReport.Unchanged>().Count(IsToBeReloaded));
        List<string> parts = [$"{what} {Share(reports.OfType<NodeReport.WouldUpdate>().Count(), reports)}"];
        if (there > reload) parts.Add($"{Are(there - reload)} already {(nature.IsRollback ? "there" : "up to date")}");
        if (reload > 0) parts.Add($"it would only reload {reload}");
        if (reports.OfType<NodeReport.NotOfRun>().Count() is > 0 and var others) parts.Add($"{Are(others)} not changed by that run");
        if (failed.Count > 0) parts.Add($"{Named(failed)} failed");
        parts.AddRange(
            from report in reports
            from service in report.Stopped
            group report.Node by service into stopped
            select $"{stopped.Key} is not running on {NodeNames.Of([.. stopped])}");
        return $"Dry run: {string.Join("; ", parts)}.{Apart(reports, "THEY WOULD DIFFER")}{Undone(reports, "It would undo")}{Overwritten(reports, "It would overwrite what was edited there")} Nothing was changed.";
    }

    // Each node goes back on its own way, so that all may go well and the nodes differ. No run need have left all of them the same.
    private static string Apart(IEnumerable<NodeReport> reports, string words) => AreApart(reports) ? $" {words}: a push makes them the same." : "";

    private static bool AreApart(IEnumerable<NodeReport> reports) => reports.Select(report => report.Holds).OfType<string>().Distinct().Count() > 1;

    // Whose work a roll-back takes away, the newest first; a run once, however many nodes had it.
    private static string Undone(IEnumerable<NodeReport> reports, string done)
    {
        var undone = reports.SelectMany(report => report.GoneOver).DistinctBy(generation => generation.Run?.Id ?? HistoryText.Named(generation))
            .OrderByDescending(generation => generation.Run?.Began ?? generation.Time).Select(HistoryText.Named).ToList();
        return undone.Count == 0 ? "" : $" {done}: {string.Join("; ", undone)}.";
    }

    private static string Overwritten(IEnumerable<NodeReport> reports, string done)
    {
        var nodes = reports.Where(report => report is NodeReport.Updated or NodeReport.WouldUpdate && report.Notes.OfType<NodeNote.EditedByHand>().Any()).ToList();
        return nodes.Count == 0 ? "" : $" {done}: see {Named(nodes)}.";
    }

    private static IEnumerable<string> Serving(IReadOnlyList<NodeReport> reports)
    {
        var serve = reports.Count(IsServed);
        if (serve == reports.Count)
        {
            yield return serve == 1 ? "it serves it" : "all serve it";
            yield break;
        }
        if (serve > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{serve} {(serve == 1 ? "serves" : "serve")} it");
        foreach (var words in NotServing(reports)) yield return words;
    }

    private static IEnumerable<string> NotServing(IReadOnlyList<NodeReport> reports)
    {
        foreach (var stopped in By(ReloadOutcome.NotRunning)) yield return $"{stopped.Key} is not running on {NodeNames.Of([.. stopped])}";
        foreach (var waiting in By(ReloadOutcome.NotReloaded)) yield return $"{waiting.Key} was not reloaded on {NodeNames.Of([.. waiting])}";

        IEnumerable<IGrouping<string, Node>> By(ReloadOutcome outcome) =>
            from report in reports
            from service in ServiceText.Of(report, ReloadOf(report))
            where service.Outcome == outcome
            group report.Node by service.Name;
    }

    private static bool IsServed(NodeReport report) =>
        report is NodeReport.Updated or NodeReport.Unchanged && ReloadOf(report) is ReloadOutcome.Reloaded or null && !report.IsStopped;

    private static bool IsToBeReloaded(NodeReport report) => ReloadOf(report) == ReloadOutcome.NotReloaded;

    private static ReloadOutcome? ReloadOf(NodeReport report) => report switch
    {
        NodeReport.Updated updated => updated.Reload,
        NodeReport.Unchanged unchanged => unchanged.Reload,
        _ => null,
    };

    private static int Reached(IEnumerable<NodeReport> reports) => reports.Count(report => report is { IsGood: true } and not NodeReport.NotOfRun);

    private static string Share(int count, IReadOnlyList<NodeReport> reports) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} of {reports.Count} {(reports.Count == 1 ? "node" : "nodes")}");

    private static string Are(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "is" : "are")}");

    private static string Named(IEnumerable<NodeReport> reports) => NodeNames.Of([.. reports.Select(report => report.Node)]);
}
