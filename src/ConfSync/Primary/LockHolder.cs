using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Platform;

namespace ConfSync.Primary;

/// <summary>The process that has locked a file with flock(2), as far as the system shows it.</summary>
/// <param name="Program">The name of its program, as ps shows it.</param>
public sealed record LockHolder(int ProcessId, uint UserId, string Program)
{
    /// <summary>This program's name as ps shows it.</summary>
    public const string Self = "nginx-sync";

    private const int LongestCommand = 200;

    // What stands between a run of a user who is not root and the lock that it holds as root (SudoLock).
    private static readonly string[] Between = ["flock", "sudo"];

    /// <summary>Its user, with the name where this machine has one.</summary>
    public string User { get; init; } = UserNames.Of(UserId);

    /// <summary>Its command line, where it is this program, as a shell takes it and safe to show; null of other programs, which
    /// may have secrets in theirs.</summary>
    public string? Command { get; init; }

    /// <summary>When it was started; null where that is not known.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Null where the system does not say, as of a process in another container.</summary>
    internal static LockHolder? Of(FileIdentity file)
    {
        try
        {
            var id = File.ReadLines("/proc/locks").Select(line => ProcessIn(line, file)).FirstOrDefault(id => id > 0);
            if (id == 0) id = OnlyOneThatHasOpen(file);
            return id > 0 ? Named(id) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The ID of the process in a line of /proc/locks, if the line is a lock on this file; else 0. See proc_locks(5). The
    /// line is <c>1: FLOCK ADVISORY WRITE PROCESS MAJOR:MINOR:INODE START END</c>, with the device in hexadecimal.
    /// </summary>
    internal static int ProcessIn(string line, FileIdentity file)
    {
        var device = FormattableString.Invariant($"{file.DeviceMajor:x2}:{file.DeviceMinor:x2}:{file.Inode}");
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "FLOCK", _, _, var process, var place, ..] &&
            place == device ? IdOf(process) : 0;
    }

    // The process that took the lock may have ended and left the open file to another, as `exec 9>FILE; flock 9` does.
    // /proc/locks then does not name the process that has the file open.
    private static int OnlyOneThatHasOpen(FileIdentity file)
    {
        List<int> found = [.. Directory.EnumerateDirectories("/proc").Select(path => IdOf(Path.GetFileName(path)))
            .Where(id => id > 0 && id != Environment.ProcessId && HasOpen(id, file)).Take(2)];
        return found is [var only] ? only : 0;
    }

    private static bool HasOpen(int id, FileIdentity file)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(FormattableString.Invariant($"/proc/{id}/fd")).Any(path => Posix.IdentityAt(path) == file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to another user.
            return false;
        }
    }

    private static int IdOf(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static LockHolder Named(int holder)
    {
        var id = RunAbove(holder) ?? holder;
        var program = NameOf(id);
        return new LockHolder(id, Posix.LookAt(FormattableString.Invariant($"/proc/{id}")).Owner, PosixText.Printable(program))
        {
            Command = program == Self ? CommandOf(id) : null,
            Started = StartOf(id),
        };
    }

    private static int? RunAbove(int id)
    {
        while (id > 1 && Between.Contains(NameOf(id), StringComparer.Ordinal)) id = ParentOf(id);
        return id > 1 && NameOf(id) == Self ? id : null;
    }

    private static string NameOf(int id) => File.ReadAllText(FormattableString.Invariant($"/proc/{id}/comm")).TrimEnd('\n');

    // proc(5), /proc/PID/stat: the second field is the name, in parentheses, and may hold anything; the fourth is the parent.
    private static int ParentOf(int id) =>
        File.ReadAllText(FormattableString.Invariant($"/proc/{id}/stat")).Split(')')[^1].Split(' ') is [_, _, var parent, ..] ? IdOf(parent) : 0;

    private static string CommandOf(int id)
    {
        var bytes = File.ReadAllBytes(FormattableString.Invariant($"/proc/{id}/cmdline"));
        var words = PosixText.Decode(bytes).TrimEnd('\0').Split('\0');
        var command = PosixText.Printable(string.Join(' ', words.Skip(1).Select(ShellWord.Of).Prepend(Path.GetFileName(words[0]))));
        return command.Length > LongestCommand ? $"{command[..LongestCommand]} …" : command;
    }

    private static DateTimeOffset? StartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
            return null;
        }
    }
}
