using System.Text;

namespace ConfSync.Cli;

/// <summary>
/// Where everything that people read goes: standard output and error, and a file as well with <c>-l</c>. A reader that
/// has gone away never ends a push in the middle.
/// </summary>
internal sealed partial class Output : IDisposable
{
    private readonly Lock sync = new();
    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;
    private readonly StreamWriter? log;
    private readonly bool showsStatus;
    private bool statusShown;

    /// <param name="logFile">Appended to; null for none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Output(string? logFile)
    {
        showsStatus = !Console.IsOutputRedirected && !Console.IsErrorRedirected &&
            Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        if (logFile is null) return;
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            // What nginx says of a configuration is for its administrator.
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        log = new StreamWriter(new FileStream(logFile, options), new UTF8Encoding(false)) { AutoFlush = true };
    }

    /// <summary>One of the original's starred lines, with its blank line.</summary>
    public void Star(string text) => Line($" * {text}\n");

    public void Line(string text) => Write(output, text);

    public void Error(string text) => Write(error, text);

    /// <summary>What is going on, on a terminal only; replaced by whatever comes next.</summary>
    public void Status(string text)
    {
        if (!showsStatus) return;
        lock (sync)
        {
            ClearStatus();
            var width = Math.Max(Console.WindowWidth, 20) - 1;
            Try(() => error.Write(text.Length > width ? text[..width] : text));
            statusShown = true;
        }
    }

    public void Dispose()
    {
        lock (sync) ClearStatus();
        log?.Dispose();
    }

    private void Write(TextWriter writer, string text)
    {
        lock (sync)
        {
            ClearStatus();
            Try(() =>
            {
                writer.WriteLine(text);
                writer.Flush();
            });
            // A log is for reading in any way; the only escape sequences in a text are this program's own colours.
            Try(() => log?.WriteLine(Colors().Replace(text, "")));
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
        Try(() => error.Write("\r\e[K"));
    }

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // The terminal or the pipe's reader is gone; the run goes on.
        }
    }
}
