namespace ConfSync.Reports;

/// <summary>What a text is to its reader, which says where it goes, how it looks, and whether it is wanted by a reader who
/// wants to hear only of what is wrong.</summary>
internal enum LineKind
{
    Plain,

    /// <summary>One of the original's, behind a star and with a blank line after it.</summary>
    Star,

    /// <summary>The verdict on a run in which all went well.</summary>
    Success,

    /// <summary>Of what was looked at: something is wrong. It stands among the rest of the report.</summary>
    Finding,

    /// <summary>Among what is said of a node: something that is not as it should be, and hindered nothing.</summary>
    Notice,

    /// <summary>Something is not as it should be, and the run goes on.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Error,

    /// <summary>The verdict on a run in which something went wrong.</summary>
    Failure,
}

/// <summary>A text for people, of one or more lines.</summary>
internal readonly record struct ReportLine(LineKind Kind, string Text)
{
    public static ReportLine Plain(string text) => new(LineKind.Plain, text);

    /// <summary>A line of a report on what was looked at.</summary>
    public static ReportLine Of(string text, bool isWell) => new(isWell ? LineKind.Plain : LineKind.Finding, text);

    public static ReportLine Star(string text) => new(LineKind.Star, text);

    public static ReportLine Notice(string text) => new(LineKind.Notice, text);

    public static ReportLine Warning(string text) => new(LineKind.Warning, text);

    public static ReportLine Error(string text) => new(LineKind.Error, text);
}
