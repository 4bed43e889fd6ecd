using System.Text;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli;

/// <summary>Brings a comparison to where it is wanted, in the form in which it is wanted.</summary>
internal static class CompareReporter
{
    /// <exception cref="IOException">A file could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static void Report(Comparison comparison, ComparePresentation presentation, Output output)
    {
        var text = new StringBuilder();
        var isForPeople = presentation.Format == OutputFormat.Text;
        var file = presentation.OutputFile;
        Action<ReportLine> line = file is null ? output.Print : more => text.Append(more.Text).Append('\n');
        var printer = new ComparePrinter(line, output.Error);
        if (isForPeople && presentation.Quiet && comparison.IsWell)
        {
            // Nothing to say; a file of yesterday would say something else.
        }
        else if (isForPeople)
        {
            if (presentation is { IsWatched: false, Quiet: false }) printer.Begin();
            printer.Print(comparison, StyleOf(presentation, isTerminal: file is null && !Console.IsOutputRedirected), presentation.Quiet, presentation.Verbose);
        }
        else
        {
            printer.PrintProblems(comparison);
            if (presentation.Format == OutputFormat.Prometheus) text.Append(ComparePrometheus.Write(comparison));
        }
        // The document, and the page, are RunReporter's.
        if (presentation.Format == OutputFormat.Json) return;
        if (file is not null) AtomicFile.Write(file, text.ToString(), isPublic: !isForPeople);
        else if (!isForPeople) output.Page(text.ToString());
    }

    private static DiffStyle? StyleOf(ComparePresentation presentation, bool isTerminal) =>
        presentation.ShowDifferences || presentation.SideBySide ? Screen.Diff(presentation.Color, isTerminal, presentation.SideBySide) : null;
}
