using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ConfSync.SystemTests;

/// <summary>A program that was started, on the host or inside a node. Disposing of it kills it.</summary>
public sealed class Running : IAsyncDisposable
{
    public const int SigInt = 2, SigKill = 9, SigTerm = 15, SigStop = 19, SigCont = 18;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly MemoryStream output = new(), errors = new();
    private readonly Task pumps;

    private Running(Process process)
    {
        this.process = process;
        pumps = Task.WhenAll(
            Pump(process.StandardOutput.BaseStream, output), Pump(process.StandardError.BaseStream, errors));
    }

    /// <summary>The host's number for the program itself (not for the helper that took it into the node); it is also
    /// the number of its process group. 0 if it ended before it was seen.</summary>
    public int Pid { get; private set; }

    public bool HasExited => process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Out => Encoding.UTF8.GetString(Read(output));

    /// <summary>Standard output so far, byte for byte.</summary>
    public byte[] OutBytes => Read(output);

    /// <summary>Standard error so far.</summary>
    public string Err => Encoding.UTF8.GetString(Read(errors));

    /// <summary>Where to write what the program reads, if its input was kept open.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>Starts a program of the host.</summary>
    public static Running Start(
        string program, IEnumerable<string> arguments, byte[]? input = null, bool keepInputOpen = false)
    {
        // A program inherits which signals are ignored, and a job in the background of a script ignores SIGINT.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var running = new Running(Process.Start(start)!);
        running.Pid = running.process.Id;
        if (!keepInputOpen) _ = running.FeedAsync(input ?? []);
        return running;
    }

    /// <summary>Starts nsenter, in the end, and finds its child, which is the command.</summary>
    internal static async Task<Running> StartInNodeAsync(
        string program, IEnumerable<string> arguments, byte[]? input, bool keepInputOpen)
    {
        var running = Start(program, arguments, input, keepInputOpen);
        var helper = running.Pid;
        running.Pid = 0;
        await Eventually.TrueAsync(() => running.FindCommand(helper) || running.HasExited, "the command is started");
        return running;
    }

    /// <summary>Sends a signal to the program alone. Nothing happens if it has ended.</summary>
    public void Signal(int signal)
    {
        if (Pid <= 0 || HasExited) return;
        _ = Kill(Pid, signal);
        // nsenter stops itself when its child is stopped.
        if (signal == SigCont && Pid != process.Id) _ = Kill(process.Id, signal);
    }

    /// <summary>Sends a signal to the program and its process group, as a terminal does for Ctrl-C.</summary>
    public void SignalGroup(int signal)
    {
        if (Pid > 0 && !HasExited) _ = Kill(-Pid, signal);
    }

    /// <summary>Kills the program alone, as kill -9 does; its children live on.</summary>
    public void Kill() => Signal(SigKill);

    /// <summary>Waits until standard output or standard error holds a text.</summary>
    /// <exception cref="TimeoutException">It never came.</exception>
    public async Task UntilItSaysAsync(string text)
    {
        var said = false;
        await Eventually.TrueAsync(
            () =>
            {
                var ended = pumps.IsCompleted;
                said = Out.Contains(text, StringComparison.Ordinal) || Err.Contains(text, StringComparison.Ordinal);
                return said || ended;
            },
            $"the command says '{text}'");
        if (!said) throw new TimeoutException($"It ended without saying '{text}'.\n{Out}{Err}");
    }

    /// <summary>Waits for the end of the program and of its output.</summary>
    /// <exception cref="TimeoutException">It did not end in time and was killed; or what it started still holds its
    /// output open.</exception>
    public async Task<Outcome> WaitAsync(TimeSpan? timeout = null)
    {
        var limit = timeout ?? Patience;
        using var over = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(over.Token);
            await pumps.WaitAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            var what = HasExited ? "Its output was still open" : "It still ran";
            await DisposeAsync();
            throw new TimeoutException($"{what} after {limit.TotalSeconds} s.\n--- stdout\n{Out}\n--- stderr\n{Err}");
        }
        return new Outcome(process.ExitCode, Out, Err);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Kill();
            if (Pid != process.Id) _ = Kill(process.Id, SigKill);
            await process.WaitForExitAsync();
        }
    }

    private bool FindCommand(int helper)
    {
        try
        {
            if (File.ReadAllText($"/proc/{helper}/comm") != "nsenter\n") return false;
            var children = File.ReadAllText($"/proc/{helper}/task/{helper}/children");
            Pid = children.Length == 0 ? 0 : int.Parse(children.Split(' ')[0]);
            return Pid != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task FeedAsync(byte[] input)
    {
        try
        {
            await Input.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it, which is its own business.
        }
    }

    private static async Task Pump(Stream from, MemoryStream to)
    {
        var buffer = new byte[8192];
        while (await from.ReadAsync(buffer) is var count and > 0)
        {
            lock (to) to.Write(buffer, 0, count);
        }
    }

    private static byte[] Read(MemoryStream bytes)
    {
        lock (bytes) return bytes.ToArray();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int pid, int signal);
}
