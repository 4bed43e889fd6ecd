namespace ConfSync.SystemTests;

/// <summary>tests/lab/lab, which does the work.</summary>
internal static class LabScript
{
    /// <summary>The top of the working copy.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Path { get; } = System.IO.Path.Combine(Repository, "tests", "lab", "lab");

    /// <summary>Runs one of its commands.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        await using var script = Running.Start(Path, arguments);
        return (await script.WaitAsync()).OutIfSuccessful;
    }

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory != null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "ConfSync.sln"))) return directory.FullName;
        }
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a working copy.");
    }
}
