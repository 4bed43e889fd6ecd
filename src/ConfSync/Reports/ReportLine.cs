namespace ConfSync.Reports;

/// <summary>How a line is printed.</summary>
internal enum LineKind
{
    Plain,

    /// <summary>One of the original's, behind a star and with a blank line after it.</summary>
    Star,

    /// <summary>Something is wrong.</summary>
    Error,
}

/// <summary>A text for people, of one or more lines, and how it is printed.</summary>
internal readonly record struct ReportLine(LineKind Kind, string Text)
{
    public static ReportLine Plain(string text) => new(LineKind.Plain, text);

    public static ReportLine Star(string text) => new(LineKind.Star, text);

    public static ReportLine Error(string text) => new(LineKind.Error, text);
}
