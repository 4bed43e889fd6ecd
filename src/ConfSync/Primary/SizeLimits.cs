using System.Collections.Immutable;
using System.IO.Enumeration;
using ConfSync.Configuration;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>Limits the size of a push, because contents are held in memory and an array in memory ends at 2 GiB.</summary>
internal static class SizeLimits
{
    /// <summary>The most bytes of one file, and of all contents of one push together.</summary>
    public const long Most = 2047L << 20;

    /// <summary>Looks for files that are too large, without reading any, so that the run fails before its first login. The
    /// scan later finds those that this user may not see.</summary>
    /// <exception cref="PrimaryException">At least one file is too large.</exception>
    public static void EnsureBeforeScan(SyncConfig config, ExcludeRules exclude)
    {
        try
        {
            Ensure(config.ConfPaths.SelectMany(LargeFiles).Where(file => !exclude.Protects(file.Path, EntryKind.File, config.ConfPaths)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The scan will report this problem. It may run under sudo, so it may see more.
        }
    }

    /// <exception cref="PrimaryException">At least one file is too large.</exception>
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
