namespace ConfSync.Tests;

/// <summary>Where the tests' sources are.</summary>
internal static class Repository
{
    /// <param name="path">Relative to the solution.</param>
    public static string File(string path)
    {
        var directory = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(directory, "ConfSync.sln"))) directory = Path.GetDirectoryName(directory)!;
        return Path.Combine(directory, path);
    }
}
