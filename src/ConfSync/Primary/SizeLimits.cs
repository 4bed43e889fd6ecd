using System.Collections.Immutable;
using System.IO.Enumeration;
using ConfSync.Configuration;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>How much a push takes: contents are held in memory, and an array in memory ends at 2 GiB.</summary>
internal static class SizeLimits
{
    /// <summary>In bytes, for one file, and for all contents of one push together.</summary>
    public const long Most = 2047L << 20;

    /// <summary>Files that are too large, as far as this user may see them, without reading one: so it is known before the
    /// first login. What is missed here, the scan sees.</summary>
    /// <exception cref="PrimaryException">There are some.</exception>
    public static void EnsureBeforeScan(SyncConfig config, ExcludeRules exclude)
    {
        try
        {
            Ensure(config.ConfPaths.SelectMany(LargeFiles).Where(file => !exclude.Protects(file.Path, EntryKind.File, config.ConfPaths)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The scan, perhaps under sudo, has the right to look and the words for what is wrong.
        }
    }

    /// <exception cref="PrimaryException">Some are too large.</exception>
    public static void Ensure(Snapshot desired) => Ensure(desired.Entries.Where(IsTooLarge).Select(entry => (entry.Path, entry.Size)));

    private static void Ensure(IEnumerable<(string Path, long Size)> large)
    {
        ImmutableArray<FileProblem> problems = [.. large.Select(file => new FileProblem.TooLarge(file.Path, file.Size))];
        if (!problems.IsEmpty) throw new PrimaryException(PrimaryStep.Scan, new PrimaryFault.CannotBePushed(problems));
    }

    private static bool IsTooLarge(Entry entry) => entry.Kind == EntryKind.File && entry.Size > Most;

    private static IEnumerable<(string Path, long Size)> LargeFiles(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null) return [];
        if (info.Exists) return info.Length > Most ? [(path, info.Length)] : [];
        if (!Directory.Exists(path)) return [];
        return new FileSystemEnumerable<(string Path, long Size)>(
            path, (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.Length),
            new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.Length > Most && !IsLink(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
