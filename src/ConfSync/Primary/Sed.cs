using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Platform;

namespace ConfSync.Primary;

/// <summary>A POSTSYNC rule could not be applied.</summary>
public sealed class PostSyncException(PostSyncRule rule, string why) : Exception(
    $"POSTSYNC expression '{PosixText.Printable(rule.Expression)}' for {PosixText.Printable(rule.File)}: {why}")
{
    public PostSyncRule Rule => rule;
}

/// <summary>
/// Runs the system's sed. The content goes to its standard input, and the result comes from its standard output; no shell
/// is involved. If sed knows <c>--sandbox</c> (GNU sed 4.3 and later), it refuses expressions that run commands or read or
/// write files (<c>e</c>, <c>r</c>, <c>w</c>). Another sed carries them out.
/// </summary>
public sealed class Sed
{
    private readonly string program;
    private readonly Lazy<Task<bool>> hasSandbox;

    /// <param name="program">The absolute path of sed.</param>
    public Sed(string program)
    {
        this.program = program;
        hasSandbox = new(async () => (await RunAsync(["--sandbox", "-e", ""], default, CancellationToken.None)).Status == 0);
    }

    /// <summary>Applies the rule's expression to a content.</summary>
    /// <returns>The new content.</returns>
    /// <exception cref="PostSyncException">sed cannot be run, or does not accept the expression.</exception>
    public async Task<byte[]> RenderAsync(
        PostSyncRule rule, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        if (rule.Expression.Contains('\0', StringComparison.Ordinal)) throw new PostSyncException(rule, "it holds a NUL, which not every sed takes");
        try
        {
            string[] sandbox = await hasSandbox.Value ? ["--sandbox"] : [];
            // The expression is not passed as an argument, because it may hold a password and every user of this machine
            // sees arguments.
            var (file, path) = Posix.MemoryFile("nginx-sync-postsync", PosixText.Encode(rule.Expression));
            using var script = file;
            var (status, output, error) = await RunAsync([.. sandbox, "-f", path], content, cancellation);
            // If sed says nothing, the expression itself set the status: q and Q can do that.
            return status == 0 ? output : throw new PostSyncException(
                rule, error.Length > 0 ? PosixText.Printable(error.Replace($"file {path}", "the expression", StringComparison.Ordinal))
                    : $"{program} ended with status {status}");
        }
        catch (Win32Exception notStarted)
        {
            throw new PostSyncException(rule, $"cannot run {program}: {Marshal.GetPInvokeErrorMessage(notStarted.NativeErrorCode)}");
        }
    }

    private async Task<(int Status, byte[] Output, string Error)> RunAsync(
        IEnumerable<string> arguments, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var start = LocalProgram.StartInfo(program, arguments);
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        using var kill = cancellation.Register(() => process.Kill());

        using var output = new MemoryStream();
        using var error = new MemoryStream();
        await Task.WhenAll(
            WriteAsync(process.StandardInput.BaseStream, input),
            process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None),
            process.StandardError.BaseStream.CopyToAsync(error, CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output.ToArray(), PosixText.Decode(error.ToArray()).Trim());
    }

    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> input)
    {
        try
        {
            await using (stream) await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // sed has read enough ('q') or refused the expression. Its status tells which.
        }
    }
}
