using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Configuration;

namespace ConfSync.Cli.Commands;

/// <summary>Files of keepalived on this machine.</summary>
internal static class LocalFiles
{
    private const int MostFiles = 100, MostBytes = 1024 * 1024;

    /// <summary>The file, those beside it and in the directories beneath, as far as they are texts of a usual size, and what it names by
    /// absolute paths.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static ImmutableDictionary<string, string> With(string path)
    {
        var text = Read(path);
        var depth = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };
        var beside = text.Contains("include", StringComparison.Ordinal) ? Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*", depth) : [];
        return beside.Concat(KeepalivedSource.PathsIn(text)).Where(other => other != path && IsUsual(other)).Distinct().Take(MostFiles)
            .ToImmutableDictionary(other => other, Read).SetItem(path, text);
    }

    private static bool IsUsual(string path) => new FileInfo(path) is { Exists: true, Length: <= MostBytes };

    private static string Read(string path) => PosixText.Decode(File.ReadAllBytes(path));
}
