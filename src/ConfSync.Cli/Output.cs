using System.Text;
using ConfSync.Platform;
using ConfSync.Reports;

namespace ConfSync.Cli;

/// <summary>
/// Where everything that people read goes: standard output and error, and a file as well with <c>-l</c>. A reader that
/// has gone away never ends a push in the middle, nor does a full disk: that is said, and known at the end.
/// </summary>
/// <remarks>Not <see cref="Console"/>'s streams: on a terminal they begin with switching the keypad's mode.</remarks>
internal sealed class Output : IDisposable
{
    private static readonly (int Columns, int Rows) UsualSize = (80, 24);

    private readonly Lock sync = new();
    private readonly bool isTerminal = !Console.IsOutputRedirected;
    private readonly bool hasTerminalErrors = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
    private readonly Sink output;
    private readonly Sink error;
    private readonly Sink? log;
    private int statusLines;

    /// <param name="logFile">Appended to; null for none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Output(string? logFile)
    {
        // For its owner only: what nginx says of a configuration is for its administrator.
        if (logFile is not null) log = new Sink(Posix.OpenToAppend(logFile), $"the log {Texts.Shown(logFile)}", SinkStyle.Stamped);
        output = Sink.Standard(1, "standard output", Streams.Output ? null : "it is closed");
        error = Sink.Standard(2, "standard error");
    }

    /// <summary>Which of the standard streams this program was started with.</summary>
    public static (bool Output, bool Error) Streams { get; set; } = (true, true);

    /// <summary>Something could not be written, for another reason than that nobody reads it any more.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Only what is wrong is said. A log gets the rest as well.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Standard output is a program's: of what people read, only what is not as it should be is said, on standard error.
    /// A log gets the rest as well.</summary>
    public bool IsForProgram { get; set; }

    /// <summary>A person watches, on a terminal.</summary>
    public bool ShowsStatus => hasTerminalErrors && (isTerminal || IsForProgram);

    /// <summary>How many lines of status there is room for.</summary>
    public static int StatusHeight => (Posix.TerminalSize ?? UsualSize).Rows - 1;

    /// <summary>Verdicts are coloured where a terminal shows them.</summary>
    public bool UsesColor { get; set; } = Screen.WantsColor;

    public void Line(string text) => Print(ReportLine.Plain(text));

    public void Warning(string text) => Print(ReportLine.Warning(text));

    public void Error(string text) => Print(ReportLine.Error(text));

    public void Print(ReportLine line)
    {
        var stream = IsForProgram || line.Kind is LineKind.Warning or LineKind.Error or LineKind.Failure ? error : output;
        var text = line.Kind == LineKind.Star ? $" * {line.Text}\n" : line.Text;
        var isWanted = !(IsQuiet || IsForProgram) || line.Kind is not (LineKind.Plain or LineKind.Star or LineKind.Success);
        lock (sync)
        {
            ClearStatus();
            if (isWanted) Put(stream, stream.Formatted(Colored(text, line.Kind, stream), line.Kind));
            // A log that is the stream itself has it already.
            if (log is not null && !(isWanted && log.IsSameAs(stream))) Put(log, log.Formatted(text, line.Kind));
        }
    }

    /// <summary>A text of several lines, each with its newline, as it stands; not for the log.</summary>
    public void Page(string text)
    {
        lock (sync)
        {
            ClearStatus();
            Put(output, text);
        }
    }

    /// <summary>What is going on, on a terminal only; replaced by whatever comes next.</summary>
    public void Status(params IReadOnlyList<string> lines)
    {
        if (!ShowsStatus || IsQuiet) return;
        lock (sync)
        {
            ClearStatus();
            var width = (Posix.TerminalSize ?? UsualSize).Columns - 1;
            Put(error, string.Join('\n', lines.Select(line => line.Length > width ? line[..width] : line)));
            statusLines = lines.Count;
        }
    }

    public void Dispose()
    {
        lock (sync) ClearStatus();
        log?.File.Dispose();
    }

    // ECMA-48, select graphic rendition: bold, and green or red.
    private string Colored(string text, LineKind kind, Sink stream)
    {
        var isTerminal = stream == error ? !Console.IsErrorRedirected : !Console.IsOutputRedirected;
        var color = kind switch { LineKind.Success => "32", LineKind.Failure => "31", _ => null };
        return UsesColor && isTerminal && color is not null ? $"\e[1;{color}m{text}\e[m" : text;
    }

    private void ClearStatus()
    {
        if (statusLines == 0) return;
        // ECMA-48: carriage return, cursor up, erase to the end of the screen.
        Put(error, $"\r{(statusLines > 1 ? $"\e[{statusLines - 1}A" : "")}\e[J");
        statusLines = 0;
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
            if (sink == error) return;
            var words = $"nginx-sync: {sink.Name} cannot be written: {exception.Message}; the exit status will be {ExitStatus.NotWritten}";
            Put(error, error.Formatted(words, LineKind.Error));
        }
    }
}
