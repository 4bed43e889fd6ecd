using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>Why something that nginx reads is not proposed for CONFPATHS.</summary>
public enum LeftOutReason
{
    /// <summary>It is beside nginx's configuration directory.</summary>
    Elsewhere,

    /// <summary>It belongs to the modules that are installed on each machine.</summary>
    Modules,

    /// <summary>It is a link, which a push refuses as one of CONFPATHS.</summary>
    Link,

    /// <summary>Its name has characters that are better not written into a configuration file by a program.</summary>
    Name,
}

/// <param name="Path">What nginx reads.</param>
public sealed record LeftOut(string Path, LeftOutReason Reason);

/// <summary>CONFPATHS that cover what nginx loads on a machine.</summary>
/// <param name="Paths">The main file first, then the others in their order.</param>
/// <param name="LeftOut">What nginx reads and they do not cover.</param>
public sealed record PathProposal(ImmutableArray<string> Paths, ImmutableArray<LeftOut> LeftOut)
{
    private const string OfModules = "modules-enabled";

    private const string Forbidden = "\"'$`\\";

    /// <param name="read">What nginx reads.</param>
    /// <param name="targetOf">Where a path leads to that is a link; null where it is none.</param>
    /// <param name="isDirectory">Whether this is a directory.</param>
    public static PathProposal Of(NginxConfiguration read, Func<string, string?> targetOf, Func<string, bool> isDirectory)
    {
        if (read.Files.IsEmpty) return new PathProposal([], []);
        var top = PosixPath.Parent(read.Files[0])!;
        var (paths, leftOut) = (new SortedSet<string>(StringComparer.Ordinal), new List<LeftOut>());
        foreach (var path in read.Files.Concat(read.Includes.Select(DirectoryOf)).Concat(read.Certificates).Where(path => !NginxChecks.IsOfPackage(path)))
        {
            // sites-enabled holds links into sites-available; what is left out leads nowhere.
            if (Add(path) && targetOf(path) is { } target) Add(target);
        }
        return new PathProposal([read.Files[0], .. paths.Where(path => path != read.Files[0])], [.. leftOut.Distinct()]);

        bool Add(string path)
        {
            if (Place(path) is not { } place) return false;
            var reason = !PosixPath.IsAtOrBeneath(place, top) ? LeftOutReason.Elsewhere
                : PosixPath.Relative(top, place) == OfModules ? LeftOutReason.Modules
                : targetOf(place) is not null ? LeftOutReason.Link
                : place.Any(c => Forbidden.Contains(c, StringComparison.Ordinal) || char.IsControl(c)) ? LeftOutReason.Name
                : (LeftOutReason?)null;
            if (reason is { } why) leftOut.Add(new LeftOut(why == LeftOutReason.Elsewhere ? path : place, why));
            else paths.Add(place);
            return reason is null;
        }

        // The file itself where it is in the configuration directory, and otherwise the directory there that holds it.
        string? Place(string path)
        {
            if (path == top || !PosixPath.IsAtOrBeneath(path, top)) return path == top ? null : path;
            var name = PosixPath.Relative(top, path).Split('/')[0];
            var place = PosixPath.Normalized($"{top}/{name}");
            // Of an include that finds nothing, the directory may not be there.
            return place == path && !read.Files.Contains(path) && !read.Certificates.Contains(path) && !isDirectory(path) ? null : place;
        }
    }

    // Of a pattern, the directory before its first wildcard; a plain name is among the files where it is there.
    private static string DirectoryOf(string pattern)
    {
        var wildcard = pattern.AsSpan().IndexOfAny('*', '?', '[');
        return wildcard < 0 ? pattern : PosixPath.Parent(pattern[..wildcard] + "x")!;
    }
}
