using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>A local program as a command: the ssh client, or a shell on this machine.</summary>
internal sealed class ProcessCommand : IRemoteCommand
{
    // What a process said before its end is in the pipe, and is read at once. But the pipe may stay open: an older ssh that
    // shares its connection with the next command holds its standard error open.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly Process process;
    private readonly ErrorWords errors = new();
    private readonly Task errorsRead;

    private ProcessCommand(Process process)
    {
        this.process = process;
        errorsRead = ReadErrorsAsync();
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    public string ErrorText => errors.ToString();

    /// <param name="program">The absolute path.</param>
    /// <param name="arguments">The arguments, which are passed unchanged, without a shell.</param>
    /// <param name="words">The error text of the system; null if the program was started.</param>
    /// <returns>Whether the program was started.</returns>
    public static bool TryStart(
        string program, IEnumerable<string> arguments, [NotNullWhen(true)] out ProcessCommand? command,
        [NotNullWhen(false)] out string? words)
    {
        (command, words) = (null, null);
        try
        {
            command = new ProcessCommand(Process.Start(LocalProgram.StartInfo(program, arguments))!);
            return true;
        }
        catch (Win32Exception exception)
        {
            words = Marshal.GetPInvokeErrorMessage(exception.NativeErrorCode);
            return false;
        }
    }

    /// <summary>The failure of a program that could not be started.</summary>
    /// <param name="words">The error text of the system.</param>
    public static LoginFailure NotStarted(string program, string words, string? advice) =>
        new(TransportFailure.NotStarted, $"cannot run {program}: {words}", advice);

    /// <summary>Waits for the end of a program that needs no input and says little, and disposes it.</summary>
    /// <returns>Its exit status, and what it said on standard error.</returns>
    public async Task<(int Status, string Words)> AnswerAsync()
    {
        await using var disposed = this;
        return (await ExitAsync(CancellationToken.None), ErrorText);
    }

    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        await Task.WhenAny(errorsRead, Task.Delay(LastWords, cancellation));
        return process.ExitCode;
    }

    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // The process has ended already.
        }
        catch (Win32Exception)
        {
            // sudo has made it another user's process. It ends with its input.
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        try
        {
            // Disposes the stream and not its writer, because the writer would flush and the stream may be closed already.
            process.StandardInput.BaseStream.Dispose();
        }
        catch (IOException)
        {
            // The process does not read its input any more.
        }
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadErrorsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            int count;
            var stream = process.StandardError.BaseStream;
            while ((count = await stream.ReadAsync(buffer)) > 0) errors.Add(buffer.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process was ended.
        }
    }
}
