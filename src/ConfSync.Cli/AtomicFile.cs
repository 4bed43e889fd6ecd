using System.Text;
using ConfSync.Platform;

namespace ConfSync.Cli;

/// <summary>A file that is old or new for each reader, never part of either.</summary>
internal static class AtomicFile
{
    /// <summary>Sees that the file can most likely be written.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="WrongCallException">It cannot.</exception>
    public static void Check(string path)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal)) return;
        var problem = NoPlaceFor(path) ??
            (Posix.MayWrite(Path.GetDirectoryName(path)!) ? null : $"{path}: this user may not write to the directory {Path.GetDirectoryName(path)}");
        if (problem is not null) throw new WrongCallException($"the report cannot be written: {Texts.Shown(problem)}");
    }

    /// <summary>Writes beside the file, then renames. A device such as /dev/stdout is written to.</summary>
    /// <param name="isPublic">Readable by everybody, as the node exporter needs it; otherwise by its owner only, since a
    /// configuration may be confidential.</param>
    /// <exception cref="IOException">It could not be written; what was there is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static void Write(string path, string text, bool isPublic = false)
    {
        var bytes = new UTF8Encoding(false).GetBytes(text);
        if (path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            using var device = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            try
            {
                Posix.WriteAll(device, bytes);
            }
            catch (NoReaderException)
            {
                // As with standard output, which it most likely is.
            }
            return;
        }
        var full = Path.GetFullPath(path);
        // Said here, since the system would speak of the temporary name.
        if (NoPlaceFor(full) is { } problem) throw new IOException(problem);
        var directory = Path.GetDirectoryName(full)!;
        // A leading dot and another ending: the textfile collector reads *.prom only.
        var temporary = Path.Combine(directory, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.new");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (isPublic) mode |= UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
            using (var file = new FileStream(temporary, options))
            {
                // The umask may have taken a right away.
                File.SetUnixFileMode(file.SafeFileHandle, mode);
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string? NoPlaceFor(string path) =>
        Directory.Exists(path) ? $"{path} is a directory"
        // The rename would take its place, and its reader wait for ever.
        : Posix.IdentityAt(path) is { IsRegular: false } ? $"{path} is no regular file"
        : Path.GetDirectoryName(path) is var directory && !Directory.Exists(directory) ? $"{path}: there is no directory {directory}" : null;
}
