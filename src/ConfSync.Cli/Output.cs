using System.Text;
using ConfSync.Platform;
using ConfSync.Reports;
using Microsoft.Win32.SafeHandles;

namespace ConfSync.Cli;

/// <summary>
/// Where everything that people read goes: standard output and error, and a file as well with <c>-l</c>. A reader that
/// has gone away never ends a push in the middle.
/// </summary>
/// <remarks>Not <see cref="Console"/>'s streams: on a terminal they begin with switching the keypad's mode.</remarks>
internal sealed partial class Output : IDisposable
{
    private const int UsualWidth = 80;

    private readonly Lock sync = new();
    private readonly SafeFileHandle output = new(1, ownsHandle: false);
    private readonly SafeFileHandle error = new(2, ownsHandle: false);
    private readonly SafeFileHandle? log;
    private bool statusShown;

    /// <param name="logFile">Appended to; null for none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Output(string? logFile)
    {
        ShowsStatus = !Console.IsOutputRedirected && !Console.IsErrorRedirected &&
            Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        // For its owner only: what nginx says of a configuration is for its administrator.
        if (logFile is not null) log = Posix.OpenToAppend(logFile);
    }

    /// <summary>Somebody watches, on a terminal.</summary>
    public bool ShowsStatus { get; }

    /// <summary>One of the original's starred lines, with its blank line.</summary>
    public void Star(string text) => Line($" * {text}\n");

    public void Line(string text) => Write(output, text);

    public void Error(string text) => Write(error, text);

    public void Print(ReportLine line)
    {
        switch (line.Kind)
        {
            case LineKind.Star:
                Star(line.Text);
                break;
            case LineKind.Error:
                Error(line.Text);
                break;
            default:
                Line(line.Text);
                break;
        }
    }

    /// <summary>What is going on, on a terminal only; replaced by whatever comes next.</summary>
    public void Status(string text)
    {
        if (!ShowsStatus) return;
        lock (sync)
        {
            ClearStatus();
            var width = (Posix.TerminalWidth ?? UsualWidth) - 1;
            Put(error, text.Length > width ? text[..width] : text);
            statusShown = true;
        }
    }

    public void Dispose()
    {
        lock (sync) ClearStatus();
        log?.Dispose();
    }

    private void Write(SafeFileHandle stream, string text)
    {
        lock (sync)
        {
            ClearStatus();
            Put(stream, text + "\n");
            // A log is for reading in any way; the only escape sequences in a text are this program's own colours.
            if (log is not null) Put(log, Colors().Replace(text, "") + "\n");
        }
    }

    // ECMA-48, select graphic rendition.
    [System.Text.RegularExpressions.GeneratedRegex(@"\e\[[0-9]*m")]
    private static partial System.Text.RegularExpressions.Regex Colors();

    private void ClearStatus()
    {
        if (!statusShown) return;
        statusShown = false;
        // ECMA-48: carriage return, then erase to the end of the line.
        Put(error, "\r\e[K");
    }

    private static void Put(SafeFileHandle file, string text)
    {
        try
        {
            Posix.WriteAll(file, Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // The terminal or the pipe's reader is gone, or the log's disk is full; the run goes on.
        }
    }
}
