using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Platform;

namespace ConfSync.Primary;

/// <summary>The process that has locked a file with flock(2), as far as the system tells it.</summary>
/// <param name="Program">Its name as ps shows it.</param>
public sealed record LockHolder(int ProcessId, uint UserId, string Program)
{
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

    /// <summary>The process that a line of /proc/locks names, see proc_locks(5), if it holds a lock on the file; else 0. The
    /// line is <c>1: FLOCK ADVISORY WRITE PROCESS MAJOR:MINOR:INODE START END</c>, with the device in hexadecimal.</summary>
    internal static int ProcessIn(string line, FileIdentity file)
    {
        var device = FormattableString.Invariant($"{file.DeviceMajor:x2}:{file.DeviceMinor:x2}:{file.Inode}");
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "FLOCK", _, _, var process, var place, ..] &&
            place == device ? IdOf(process) : 0;
    }

    // The process that took the lock may have ended and left the open file to another, as `exec 9>FILE; flock 9` does. Such a
    // lock stands in no list.
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
            // It has ended, or is another user's.
            return false;
        }
    }

    private static int IdOf(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static LockHolder Named(int id)
    {
        var directory = FormattableString.Invariant($"/proc/{id}");
        var program = File.ReadAllText($"{directory}/comm").TrimEnd('\n');
        return new LockHolder(id, Posix.LookAt(directory).Owner, PosixText.Printable(program));
    }
}
