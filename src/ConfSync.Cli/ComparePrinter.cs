using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli;

/// <summary>A comparison in the original's words: which files differ, and in what if that was asked for.</summary>
/// <param name="line">Takes what is printed.</param>
/// <param name="error">Takes what went wrong.</param>
internal sealed class ComparePrinter(Action<ReportLine> line, Action<string> error)
{
    /// <summary>The first line, which can be printed before anything is known.</summary>
    public void Begin() => Star("Comparing local and remote configs");

    /// <param name="style">How differences are written; null where only the names of what differs are.</param>
    /// <param name="quiet">Only what is wrong.</param>
    /// <param name="verbose">Every file that nginx reads here outside CONFPATHS.</param>
    public void Print(Comparison comparison, DiffStyle? style, bool quiet, bool verbose = false)
    {
        foreach (var node in comparison.Nodes.Where(node => !quiet || !node.IsWell))
        {
            Star($"Comparing configs on master node and {node.Node}:");
            PrintProblems(node);
            foreach (var text in style is null ? CompareText.Lines(node) : DiffText.Lines(node, style)) line(ReportLine.Of(text, isWell: false));
            line(ReportLine.Of(CompareText.Summary(node), node.IsWell));
        }
        line(ReportLine.Plain(""));
        foreach (var text in quiet ? [] : OutsideText.Lines(comparison.Outside, verbose)) line(ReportLine.Plain(text));
        line(ReportLine.Of(CompareText.Total(comparison), comparison.IsWell));
        foreach (var pattern in quiet ? [] : comparison.Unmatched) error(PatternText.Unmatched(pattern));
    }

    /// <summary>What keeps nodes from being compared, and what earlier pushes left there.</summary>
    public void PrintProblems(Comparison comparison)
    {
        foreach (var node in comparison.Nodes) PrintProblems(node);
    }

    private void PrintProblems(NodeComparison node)
    {
        if (node.Unfinished is { } unfinished)
        {
            error($"nginx-sync: {node.Node}: {Texts.Shown(unfinished)}");
        }
        if (node.Failure is { } failure)
        {
            error($"nginx-sync: {node.Node} could not be compared ({MessageCodes.Of(failure)}):\n{Texts.ShownLines(CompareText.Of(failure), "    ")}");
        }
        if (CompareText.Shortfall(node) is { } shortfall)
        {
            error($"nginx-sync: {node.Node} was not wholly compared; run again:\n    {shortfall.Replace("\n", "\n    ", StringComparison.Ordinal)}");
        }
    }

    private void Star(string text) => line(ReportLine.Plain($" * {text}\n"));
}
