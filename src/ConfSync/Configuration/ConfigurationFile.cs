using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Services;

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
        Load(path, Posix.EffectiveUserId, Environment.GetEnvironmentVariable, InventoryCommand.Run);

    /// <summary>The same without what only the inventory knows, which a program would have to be asked for.</summary>
    public static ConfigurationResult LoadWithoutInventory(string path) =>
        Load(path, Posix.EffectiveUserId, Environment.GetEnvironmentVariable, inventory: null);

    /// <summary>Reads the file.</summary>
    /// <param name="effectiveUserId">The user of this process. Root (0) refuses a file that other users can write to,
    /// because the file decides what is overwritten on the peers.</param>
    /// <param name="environment">Returns the values of <c>HOME</c> and <c>USER</c>; null where there is none.</param>
    /// <param name="inventory">See <see cref="NodesReader"/>.</param>
    internal static ConfigurationResult Load(
        string path, uint effectiveUserId, Func<string, string?> environment, Func<ImmutableArray<string>, TimeSpan, InventoryAnswer>? inventory = null)
    {
        var (text, problem) = ReadText(path, effectiveUserId, " for a configuration file: is it the right one?");
        if (text is null) return Failed(path, problem!);
        var own = OwnServiceReader.ReadAll(NodeDirectory.Of(path).ServicesPath, file => ReadAssignments(file, " for a service"), ProblemOf);
        var result = WithNodeDirectory(Parse(path, text, environment, inventory, own.Services), file => ReadAssignments(file, " for values of a node"), ProblemOf);
        var isWrong = own.Problems.Any(found => !found.IsWarning);
        return new ConfigurationResult(
            isWrong ? null : result.Config, [.. result.Problems, .. own.Problems, .. own.WithoutEffect(result.Config), .. KeyProblems(path, result.Config)]);

        // What differs from node to node, and what is run there, decides what becomes of the peers too: the same rules hold for its files.
        string? ProblemOf(string directory) =>
            effectiveUserId == 0 && Posix.OwnerAndModeAt(directory) is { } seen ? AccessProblem(directory, seen.Owner, seen.Mode) : null;

        ShellAssignments ReadAssignments(string file, string asWhat)
        {
            var (text, problem) = ReadText(file, effectiveUserId, asWhat);
            return text is null
                ? new ShellAssignments([], [new ConfigurationProblem(file, 0, problem!) { Area = ConfigurationArea.File }])
                : ShellAssignments.Parse(file, text, environment);
        }
    }

    /// <summary>The key of SSHKEY is not there, or its directory is closed to this user.</summary>
    // ssh takes a key of the agent by its public half.
    internal static bool LacksKey(SyncConfig config) => config.SshKey is { } key && !File.Exists(key) && !File.Exists($"{key}.pub");

    // A login may succeed with another key, and then nothing else tells of it.
    private static IEnumerable<ConfigurationProblem> KeyProblems(string path, SyncConfig? config) =>
        config is not null && LacksKey(config)
            ? [new(path, 0, $"SSHKEY: {Quoted.Of(config.SshKey!)} is not there, or this user may not see it; a login tries other keys", IsWarning: true)]
            : [];

    private static ConfigurationResult WithNodeDirectory(ConfigurationResult result, Func<string, ShellAssignments> read, Func<string, string?> problemOf)
    {
        if (result.Config is not { } config) return result;
        var (directory, problems) = (NodeDirectory.Of(config.Path) with { InventoryValues = config.PerNode.InventoryValues }).Load(read, problemOf, config.Nodes);
        if (config.ConfPaths.FirstOrDefault(path => AbsolutePath.IsAtOrUnder(directory.Path, path) || AbsolutePath.IsAtOrUnder(path, directory.Path)) is { } pushed &&
            Directory.Exists(directory.Path))
        {
            problems = [new(directory.Path, 0, $"holds what differs from node to node, and {Quoted.Of(pushed)} of CONFPATHS would push it itself: " +
                "keep the configuration file and this directory elsewhere")];
        }
        return new ConfigurationResult(
            problems.All(problem => problem.IsWarning) ? config with { PerNode = directory } : null, [.. result.Problems, .. problems]);
    }

    private static (string? Text, string? Problem) ReadText(string path, uint effectiveUserId, string asWhat)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            // Asks for the owner and mode of the open file, so that no other process can exchange the file before it is
            // read.
            var (owner, mode) = Posix.OwnerAndMode(handle);
            if (effectiveUserId == 0 && AccessProblem(path, owner, mode) is { } problem) return (null, problem);
            using var stream = new FileStream(handle, FileAccess.Read);
            var content = new byte[MostBytes];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length == content.Length) return (null, $"is too large{asWhat}");
            return content.AsSpan(0, length) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
                ? (null, "is written in UTF-16: save it as UTF-8")
                : (PosixText.Decode(content.AsSpan(0, length)), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "there is no such file: nginx-sync init NODE… writes one; " +
                "or write it after the example nginx-sync.conf.example, or name another with --config");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (Directory.Exists(path)) return (null, "is a directory: name a file with --config");
            return (null, e is UnauthorizedAccessException ? Denied(path) : $"cannot be read: {PosixText.Printable(e.Message)}");
        }
    }

    /// <summary>Reads a text that is already in memory.</summary>
    /// <param name="file">The name of the file for messages.</param>
    /// <param name="text">The content as <see cref="PosixText"/>.</param>
    /// <param name="inventory">See <see cref="NodesReader"/>.</param>
    /// <param name="ownServices">See <see cref="ServiceReader"/>; none by default.</param>
    internal static ConfigurationResult Parse(
        string file, string text, Func<string, string?> environment, Func<ImmutableArray<string>, TimeSpan, InventoryAnswer>? inventory = null,
        ImmutableArray<Service> ownServices = default) =>
        new SyncConfigReader(file, ShellAssignments.Parse(file, text, environment), inventory, ownServices.IsDefault ? [] : ownServices).Read();

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
        new(null, [new ConfigurationProblem(path, 0, message) { Area = ConfigurationArea.File }]);
}
