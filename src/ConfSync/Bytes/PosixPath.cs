namespace ConfSync.Bytes;

/// <summary>Takes absolute, normalised paths apart. It does not use System.IO.Path, which follows the rules of the local
/// machine, because a path may be one of another machine.</summary>
internal static class PosixPath
{
    /// <summary>The directory that holds this path; null for the root.</summary>
    public static string? Parent(string path) => path.LastIndexOf('/') switch
    {
        0 when path.Length == 1 => null,
        0 => "/",
        var slash => path[..slash],
    };

    /// <summary>An absolute path without <c>//</c>, <c>/./</c>, <c>..</c> and a slash at its end, as far as that can be told without
    /// looking at links.</summary>
    public static string Normalized(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..") names.RemoveRange(Math.Max(names.Count - 1, 0), Math.Min(names.Count, 1));
            else if (name != ".") names.Add(name);
        }
        return "/" + string.Join('/', names);
    }

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The directories above this path, nearest first.</summary>
    public static IEnumerable<string> Ancestors(string path)
    {
        for (var above = Parent(path); above is not null; above = Parent(above)) yield return above;
    }

    /// <summary>The path relative to a directory above it.</summary>
    public static string Relative(string directory, string path) => path[(directory == "/" ? 1 : directory.Length + 1)..];

    public static bool IsAtOrBeneath(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) &&
        (path.Length == directory.Length || path[directory.Length] == '/' || directory == "/");
}
