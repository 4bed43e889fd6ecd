namespace ConfSync.SystemTests;

/// <summary>
/// nginx-sync as users get it: published once a test run, when it is first needed. The environment variable NGINX_SYNC
/// names a published executable to be used instead.
/// </summary>
[SetUpFixture]
public sealed class PublishedCommand
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);
    private static DirectoryInfo? temporary;

    /// <summary>The directory that holds the executable nginx-sync and what belongs to it.</summary>
    public static Task<string> DirectoryAsync() => Published.Value;

    [OneTimeTearDown]
    public void RemoveIt() => temporary?.Delete(recursive: true);

    private static async Task<string> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable("NGINX_SYNC") is { Length: > 0 } executable)
        {
            return Path.GetDirectoryName(Path.GetFullPath(executable))!;
        }
        temporary = Directory.CreateTempSubdirectory("nginx-sync-published.");
        // A build server would outlive the tests, and hold their output open.
        await using var publish = Running.Start("dotnet", [
            "publish", Path.Combine(LabScript.Repository, "src", "ConfSync.Cli"), "--configuration", "Release",
            "--output", temporary.FullName, "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"]);
        var outcome = await publish.WaitAsync(TimeSpan.FromMinutes(5));
        if (outcome.ExitCode != 0) throw new InvalidOperationException($"nginx-sync cannot be published: {outcome}");
        // Users of the primary other than root run it too.
        File.SetUnixFileMode(temporary.FullName, (UnixFileMode)0b111_101_101);
        return temporary.FullName;
    }
}
