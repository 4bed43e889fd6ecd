using System.Text;
using ConfSync.Platform;
using ConfSync.Reports;
using Microsoft.Win32.SafeHandles;

namespace ConfSync.Cli;

/// <summary>
/// Where everything that people read goes: standard output and error, and a file as well with <c>-l</c>. A reader that
/// has gone away never ends a push in the middle, nor does a full disk: that is said, and known at the end.
/// </summary>
/// <remarks>Not <see cref="Console"/>'s streams: on a terminal they begin with switching the keypad's mode.</remarks>
internal sealed partial class Output : IDisposable
{
    private const int UsualWidth = 80;

    private readonly Lock sync = new();
    private readonly Sink output;
    private readonly Sink error;
    private readonly Sink? log;
    private bool statusShown;

    /// <param name="logFile">Appended to; null for none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Output(string? logFile)
    {
        ShowsStatus = !Console.IsOutputRedirected && !Console.IsErrorRedirected &&
            Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        // For its owner only: what nginx says of a configuration is for its administrator.
        if (logFile is not null) log = new Sink(Posix.OpenToAppend(logFile), $"the log {Texts.Shown(logFile)}");
        output = new Sink(new SafeFileHandle(1, ownsHandle: false), "standard output") { Problem = Streams.Output ? null : "it is closed" };
        error = new Sink(new SafeFileHandle(2, ownsHandle: false), "standard error");
    }

    /// <summary>Which of the standard streams this program was started with.</summary>
    public static (bool Output, bool Error) Streams { get; set; } = (true, true);

    /// <summary>Something could not be written, for another reason than that nobody reads it any more.</summary>
    public bool IsIncomplete { get; private set; }

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

    /// <summary>A text of several lines, each with its newline, as it stands; not for the log.</summary>
    public void Page(string text)
    {
        lock (sync) Put(output, text);
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
        log?.File.Dispose();
    }

    private void Write(Sink stream, string text)
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

    private void Put(Sink sink, string text)
    {
        if (sink.IsLost) return;
        try
        {
            if (sink.Problem is { } problem) throw new IOException(problem);
            Posix.WriteAll(sink.File, Encoding.UTF8.GetBytes(text));
        }
        catch (NoReaderException)
        {
            sink.IsLost = true;
        }
        catch (IOException exception)
        {
            sink.IsLost = true;
            IsIncomplete = true;
            // The rest of the run is worth more than its words.
            if (sink != error) Put(error, $"nginx-sync: {sink.Name} cannot be written: {exception.Message}; the exit status will be {ExitStatus.NotWritten}\n");
        }
    }

    // A stream, and what has become of it.
    private sealed class Sink(SafeFileHandle file, string name)
    {
        public SafeFileHandle File => file;

        public string Name => name;

        // Why it cannot be written, where that is known before.
        public string? Problem { get; init; }

        public bool IsLost { get; set; }
    }
}
