using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>What the reader's screen can show.</summary>
internal static class Screen
{
    private const int ColumnsWithoutTerminal = 160;

    /// <summary>How differences are written.</summary>
    /// <param name="color">What the user asked for; null for nothing.</param>
    /// <param name="isTerminal">A terminal reads it.</param>
    /// <param name="sideBySide">In two columns.</param>
    public static DiffStyle Diff(bool? color, bool isTerminal, bool sideBySide = false)
    {
        int? columns = sideBySide ? (isTerminal ? Console.WindowWidth : ColumnsWithoutTerminal) : null;
        return new DiffStyle(color ?? (isTerminal && WantsColor), isTerminal || columns is not null, columns);
    }

    /// <summary>Where a terminal reads it. See https://no-color.org: set and not empty.</summary>
    public static bool WantsColor => Environment.GetEnvironmentVariable("NO_COLOR") is null or "" &&
        Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
