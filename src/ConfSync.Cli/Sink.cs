using System.Globalization;
using System.Text;
using ConfSync.Platform;
using ConfSync.Reports;
using Microsoft.Win32.SafeHandles;

namespace ConfSync.Cli;

/// <summary>How lines are written to a stream.</summary>
internal enum SinkStyle
{
    AsIs,

    /// <summary>systemd's journal reads them: each begins with its priority, as sd-daemon(3) has it, and the journal knows the
    /// time itself.</summary>
    Journal,

    /// <summary>A log: each begins with the time (RFC 3339).</summary>
    Stamped,
}

/// <summary>A stream that lines are written to, and what has become of it.</summary>
/// <param name="name">For messages.</param>
internal sealed partial class Sink(SafeFileHandle file, string name, SinkStyle style)
{
    public SafeFileHandle File => file;

    public string Name => name;

    /// <summary>Why it cannot be written, where that is known before; null where it is not.</summary>
    public string? Problem { get; init; }

    /// <summary>It cannot be written any more.</summary>
    public bool IsLost { get; set; }

    /// <summary>A standard stream, in the style that its reader wants.</summary>
    public static Sink Standard(int descriptor, string name, string? problem = null)
    {
        var file = new SafeFileHandle(descriptor, ownsHandle: false);
        return new Sink(file, name, problem is null && IsJournal(file) ? SinkStyle.Journal : SinkStyle.AsIs) { Problem = problem };
    }

    /// <summary>Whether both lead to the same file.</summary>
    public bool IsSameAs(Sink other)
    {
        try
        {
            return Place(Posix.IdentityOf(file)) == Place(Posix.IdentityOf(other.File));
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The text as it is written: complete lines.</summary>
    public string Formatted(string text, LineKind kind) => style switch
    {
        // Neither is read on a terminal; the only escape sequences in a text are this program's own colours.
        SinkStyle.Journal => Prefixed(text, Priority(kind)),
        SinkStyle.Stamped => Prefixed(text, $"{LocalTime.Iso(DateTimeOffset.Now)} "),
        _ => text + "\n",
    };

    private static string Prefixed(string text, string prefix)
    {
        var lines = new StringBuilder();
        foreach (var line in Colors().Replace(text, "").Split('\n').Where(line => line.Length > 0)) lines.Append(prefix).Append(line).Append('\n');
        return lines.ToString();
    }

    // syslog(3): LOG_ERR, LOG_WARNING, LOG_INFO.
    private static string Priority(LineKind kind) => kind switch
    {
        LineKind.Error or LineKind.Failure or LineKind.Finding => "<3>",
        LineKind.Warning or LineKind.Notice => "<4>",
        _ => "<6>",
    };

    // systemd.exec(5), JOURNAL_STREAM: device and inode of the stream that was connected to the journal. A program that got
    // the variable from its parent, and another stream, is not meant.
    private static bool IsJournal(SafeFileHandle stream)
    {
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not { Length: > 0 } journal) return false;
        try
        {
            var identity = Posix.IdentityOf(stream);
            return journal == string.Create(CultureInfo.InvariantCulture, $"{identity.Device}:{identity.Inode}");
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static (ulong Device, ulong Inode) Place(FileIdentity identity) => (identity.Device, identity.Inode);

    // ECMA-48, select graphic rendition.
    [System.Text.RegularExpressions.GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial System.Text.RegularExpressions.Regex Colors();
}
