using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>A report for people that is complete before it is printed.</summary>
internal static class TextReport
{
    /// <param name="file">Where it goes instead of standard output; null for there.</param>
    /// <param name="name">What it is: <c>status</c>.</param>
    /// <param name="isWell">Nothing in it is wrong.</param>
    /// <returns>False where it could not be written; then that has been said.</returns>
    public static bool TryPrint(IEnumerable<string> lines, string? file, Output output, string name, bool isWell)
    {
        try
        {
            if (file is not null) AtomicFile.Write(file, string.Concat(lines.Select(line => $"{line}\n")));
            else foreach (var line in lines) output.Print(ReportLine.Of(line, isWell));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: the {name} cannot be written: {Texts.Shown(exception.Message)}");
            return false;
        }
    }
}
