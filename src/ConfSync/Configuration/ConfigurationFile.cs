using ConfSync.Bytes;
using ConfSync.Platform;

namespace ConfSync.Configuration;

/// <summary>Reads a configuration file. It never throws because of the file: a bad or missing file is a problem in the
/// result.</summary>
public static class ConfigurationFile
{
    // A thousand times as much as any such file has needed. It keeps /dev/zero from being read without end.
    private const int MostBytes = 1024 * 1024;

    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Reads the file as the current user, in the current environment.</summary>
    public static ConfigurationResult Load(string path) =>
        Load(path, Posix.EffectiveUserId, Environment.GetEnvironmentVariable);

    /// <summary>Reads the file.</summary>
    /// <param name="effectiveUserId">The user of this process. Root (0) refuses a file that other users can write to,
    /// because the file decides what is overwritten on the peers.</param>
    /// <param name="environment">Returns the values of <c>HOME</c> and <c>USER</c>; null where there is none.</param>
    public static ConfigurationResult Load(string path, uint effectiveUserId, Func<string, string?> environment)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            // Asks for the owner and mode of the open file, so that no other process can exchange the file before it is
            // read.
            var (owner, mode) = Posix.OwnerAndMode(handle);
            if (effectiveUserId == 0 && AccessProblem(path, owner, mode) is { } problem) return Failed(path, problem);
            using var stream = new FileStream(handle, FileAccess.Read);
            var content = new byte[MostBytes];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length == content.Length) return Failed(path, "is too large for a configuration file: is it the right one?");
            return content.AsSpan(0, length) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
                ? Failed(path, "is written in UTF-16: save it as UTF-8")
                : Parse(path, PosixText.Decode(content.AsSpan(0, length)), environment);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(path, "there is no such file: write one after the example nginx-sync.conf.example, " +
                "or name another with --config");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (Directory.Exists(path)) return Failed(path, "is a directory: name a file with --config");
            return Failed(path, e is UnauthorizedAccessException ? Denied(path) : $"cannot be read: {PosixText.Printable(e.Message)}");
        }
    }

    /// <summary>Reads a text that is already in memory.</summary>
    /// <param name="file">The name of the file for messages.</param>
    /// <param name="text">The content as <see cref="PosixText"/>.</param>
    public static ConfigurationResult Parse(string file, string text, Func<string, string?> environment) =>
        new SyncConfigReader(file, ShellAssignments.Parse(file, text, environment)).Read();

    /// <summary>Why root must not trust this file; null where it may.</summary>
    private static string? AccessProblem(string path, uint owner, UnixFileMode mode)
    {
        var shown = PosixText.Printable(ShellWord.Of(path));
        if (owner != 0) return $"belongs to {UserNames.Of(owner)}, who could change what is pushed: chown root {shown}";
        if ((mode & WritableByOthers) == 0) return null;
        return $"others than root may write it (mode {Octal(mode)}): chmod go-w {shown}";
    }

    /// <summary>Why the system does not let this user read the file: because of the file's own mode, or of a directory on
    /// the way to it that the user may not enter.</summary>
    private static string Denied(string path)
    {
        var user = PosixText.Printable(Environment.UserName);
        var file = PosixText.Printable(ShellWord.Of(path));
        if (Posix.OwnerAndModeAt(path) is { } seen)
        {
            return $"cannot be read by user {user}: it belongs to {UserNames.Of(seen.Owner)} and has mode {Octal(seen.Mode)}. Run nginx-sync as root " +
                $"(sudo nginx-sync …), or let a group of this user read it: chgrp GROUP {file}; chmod g+r {file}";
        }
        var closed = PosixPath.Ancestors(Path.GetFullPath(path)).FirstOrDefault(directory => Posix.OwnerAndModeAt(directory) is not null) ?? "/";
        var (owner, mode) = Posix.OwnerAndModeAt(closed) ?? default;
        return $"cannot be read by user {user}, who may not enter {PosixText.Printable(closed)}: it belongs to {UserNames.Of(owner)} and has mode " +
            $"{Octal(mode)}. Run nginx-sync as root (sudo nginx-sync …), or keep the file in a directory that this user may enter, and name it with --config";
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);

    private static ConfigurationResult Failed(string path, string message) =>
        new(null, [new ConfigurationProblem(path, 0, message)]);
}
