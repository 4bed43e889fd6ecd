namespace ConfSync.Cli;

/// <summary>How a comparison is to be shown.</summary>
/// <param name="SideBySide">Differences in two columns.</param>
/// <param name="Quiet">Nothing when all is well.</param>
/// <param name="OutputFile">Where the report goes instead of standard output; null for there.</param>
/// <param name="Color">Null: where a terminal reads it.</param>
/// <param name="HasReport">A page is made of it as well.</param>
internal sealed record ComparePresentation(
    bool ShowDifferences, bool SideBySide, bool Quiet, OutputFormat Format, string? OutputFile, bool? Color, bool HasReport)
{
    /// <summary>Every file is named that nginx reads on the primary outside CONFPATHS.</summary>
    public bool Verbose { get; init; }

    /// <summary>Contents of files that differ are wanted.</summary>
    public bool NeedsContents => ShowDifferences || SideBySide || HasReport;

    /// <summary>A person may be waiting in front of it: it says what it does before it has done it.</summary>
    public bool IsWatched => Format == OutputFormat.Text && !Quiet && OutputFile is null;
}
