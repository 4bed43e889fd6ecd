using System.Diagnostics;
using ConfSync.Bytes;
using ConfSync.Platform;

namespace ConfSync.Primary;

/// <summary>Finds the git commit of the pushed files, because <c>/etc</c> or a part of it is often a git work tree
/// (etckeeper makes it one). It only reads, and never fails, because a push does not depend on it.</summary>
internal static class SourceRevision
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // git must not run a program that the work tree's own configuration names, and must not write the index.
    private static readonly string[] OnlyLook = ["--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

    /// <param name="paths">The pushed paths. The first one that is in a work tree selects the work tree.</param>
    /// <returns>The commit, followed by " dirty" if a pushed path in that work tree differs from it; null if there is no
    /// work tree, no commit or no git.</returns>
    public static async Task<string?> OfAsync(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        if (paths.Select(TreeOf).FirstOrDefault(tree => tree is not null) is not { } tree || LocalProgram.Find("git") is not { } git) return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            if (await RunAsync(git, tree, ["rev-parse", "--verify", "HEAD"], limit.Token) is not { Length: > 0 } commit) return null;
            string[] inTree = [.. paths.Where(path => PosixPath.IsAtOrBeneath(path, tree))];
            var changed = await RunAsync(git, tree, ["status", "--porcelain", "--", .. inTree], limit.Token);
            return changed is null ? null : changed.Length > 0 ? $"{commit} dirty" : commit;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string? TreeOf(string path) =>
        PosixPath.Ancestors(path).Prepend(path).FirstOrDefault(above => Path.Exists(Path.Combine(above, ".git")));

    /// <returns>What git printed, without the newline at the end; null if it failed.</returns>
    private static async Task<string?> RunAsync(string git, string tree, string[] arguments, CancellationToken cancellation)
    {
        // git itself refuses a work tree of another user. The user's own git configuration is not read.
        var start = LocalProgram.StartInfo(git, [.. OnlyLook, "-C", tree, .. arguments]);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        using var kill = cancellation.Register(() => LocalProgram.Kill(process));
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await errors;
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : null;
    }
}
