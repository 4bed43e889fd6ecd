using System.IO.Enumeration;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Trees;

namespace ConfSync.Primary;

/// <summary>How much a push takes: contents are held in memory, and an array in memory ends at 2 GiB.</summary>
internal static class SizeLimits
{
    /// <summary>In bytes, for one file, and for all contents of one push together.</summary>
    public const long Most = 2047L << 20;

    public const string Step = "looking at the local files";

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

    /// <summary>What is wrong with so many bytes of contents in one push; null for nothing.</summary>
    public static string? Problem(long bytes) => bytes <= Most ? null :
        $"the contents to be sent have {Mebibytes(bytes)}, and one push sends {Mebibytes(Most)} at most: push them in parts, with fewer " +
        "CONFPATHS at a time, or keep large files out with EXCLUDE";

    private static void Ensure(IEnumerable<(string Path, long Size)> large)
    {
        var problems = large.Select(file => $"{PosixText.Printable(file.Path)} has {Mebibytes(file.Size)}, and a file of a push has " +
            $"{Mebibytes(Most)} at most: keep it elsewhere, or add it to EXCLUDE").ToList();
        if (problems.Count > 0) throw new PrimaryException(Step, string.Join('\n', problems));
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

    private static string Mebibytes(long bytes) => FormattableString.Invariant($"{(bytes + (1 << 20) - 1) >> 20} MiB");
}
