using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ConfSync.Cli;

/// <summary>SIGINT, SIGTERM and SIGHUP. The first asks the run to end with every peer whole, and is answered at once; a second
/// one ends the program as it would any other, and what that cuts off is said before.</summary>
internal sealed class Interruption : IDisposable
{
    // A terminal that takes nothing must not keep the program from ending.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    // A program such as timeout sends a signal to its child and to the group that the child is in. That is one wish.
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch sinceFirst = new();

    // Of the first signal; 0 before it. Set before anything is said: the run may end while that is written.
    private volatile int status;

    /// <summary>Takes the signals of this process from now on.</summary>
    public void Listen() => registrations.AddRange(
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, ExitStatus.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, ExitStatus.Terminated)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Take(context, ExitStatus.HungUp)),
    ]);

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The first signal's exit status; null where there was none.</summary>
    public int? Status => status == 0 ? null : status;

    /// <summary>Says what the run still waits for. Called at the first signal.</summary>
    public Action Asked { get; set; } = () => { };

    /// <summary>Says what is cut off. Called at the second signal.</summary>
    public Action CutOff { get; set; } = () => { };

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Take(PosixSignalContext context, int asStatus)
    {
        if (Interlocked.CompareExchange(ref status, asStatus, 0) != 0)
        {
            if (sinceFirst.Elapsed < SameSignal) context.Cancel = true;
            else Task.Run(CutOff).Wait(Courtesy);
            return;
        }
        sinceFirst.Start();
        context.Cancel = true;
        // Said first: what is at work then, is what is waited for.
        Task.Run(Asked).Wait(Courtesy);
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile: there is nothing left to interrupt.
        }
    }
}
