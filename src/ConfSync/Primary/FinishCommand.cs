using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Platform;

namespace ConfSync.Primary;

/// <summary>How a command of ON_FINISH failed. One of the records in here.</summary>
/// <param name="Words">What it printed last.</param>
internal abstract record FinishFailure(string Words)
{
    /// <summary>It ended with another exit status than 0.</summary>
    public sealed record Ended(int Status, string Words) : FinishFailure(Words);

    /// <summary>Its time was over, and it was ended with its children.</summary>
    public sealed record TooLong(TimeSpan Limit, string Words) : FinishFailure(Words);

    /// <summary>A signal came for this program, and it was ended with its children.</summary>
    public sealed record Interrupted(string Words) : FinishFailure(Words);

    /// <summary>The shell could not be started.</summary>
    /// <param name="Words">The system's.</param>
    public sealed record NotStarted(string Words) : FinishFailure(Words);
}

/// <summary>ON_FINISH: a line of shell that gets the document of a run on its standard input.</summary>
internal static class FinishCommand
{
    /// <summary>Tells a run that a command of ON_FINISH started that it is one: it starts none itself.</summary>
    public const string KindVariable = "NGINX_SYNC_KIND";

    private const string Shell = "/bin/sh";

    // Not as an argument, which every user of this machine sees: it may hold a password.
    private const string CommandVariable = "NGINX_SYNC_ON_FINISH";
    private const string Script = $"eval \"unset {CommandVariable}\n${CommandVariable}\"";

    private const int MostWords = 16 * 1024;

    // What it printed is in the pipes. But they may stay open: it may have left something behind.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    /// <param name="command">The line of shell.</param>
    /// <param name="limit">The time that it may take.</param>
    /// <param name="variables">Added to its environment.</param>
    /// <returns>Null where it succeeded.</returns>
    public static async Task<FinishFailure?> RunAsync(
        string command, TimeSpan limit, string document, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        // A session of its own has a process group of its own, which can be ended as a whole.
        var setsid = LocalProgram.Find("setsid");
        var start = setsid is null ? LocalProgram.StartInfo(Shell, ["-c", Script]) : LocalProgram.StartInfo(setsid, [Shell, "-c", Script]);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        start.Environment[CommandVariable] = command;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            return new FinishFailure.NotStarted(Marshal.GetPInvokeErrorMessage(exception.NativeErrorCode));
        }
        using (process) return await FollowAsync(process, limit, document, cancellation);
    }

    private static async Task<FinishFailure?> FollowAsync(Process process, TimeSpan limit, string document, CancellationToken cancellation)
    {
        var said = new StringBuilder();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, said), ReadAsync(process.StandardError.BaseStream, said),
            WriteAsync(process.StandardInput.BaseStream, document));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(limit);
        var isEnded = true;
        try
        {
            await process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            isEnded = false;
            // First those that have left the group, which are found by their parents.
            LocalProgram.Kill(process);
            Posix.KillGroup(process.Id);
        }
        await Task.WhenAny(reading, Task.Delay(LastWords, CancellationToken.None));
        string words;
        lock (said) words = said.ToString(Math.Max(0, said.Length - MostWords), Math.Min(said.Length, MostWords)).Trim();
        if (!isEnded) return cancellation.IsCancellationRequested ? new FinishFailure.Interrupted(words) : new FinishFailure.TooLong(limit, words);
        return process.ExitCode == 0 ? null : new FinishFailure.Ended(process.ExitCode, words);
    }

    private static async Task ReadAsync(Stream from, StringBuilder said)
    {
        var buffer = new byte[4096];
        try
        {
            while (await from.ReadAsync(buffer) is var count and > 0)
            {
                lock (said)
                {
                    said.Append(PosixText.Decode(buffer.AsSpan(0, count)));
                    if (said.Length > 2 * MostWords) said.Remove(0, said.Length - MostWords);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It was ended.
        }
    }

    private static async Task WriteAsync(Stream to, string document)
    {
        try
        {
            await using (to) await to.WriteAsync(Encoding.UTF8.GetBytes(document));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It does not want to read all of it.
        }
    }
}
