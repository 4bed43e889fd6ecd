namespace ConfSync.Transport;

/// <summary>A shell on this machine behind the same interface, because the same script reads the primary's files and a
/// peer's. It also runs sudo where the user is not root.</summary>
public sealed record LocalShell : ITransport
{
    private const string Program = "/bin/sh";

    // A terminal sends Ctrl-C to every process in the foreground. Only this program is to end then, after the shell has
    // finished what it does. A session of the shell's own would keep sudo from knowing the terminal.
    private const string Spared = "trap '' HUP INT QUIT; ";

    /// <summary>Programs of this machine have to be run under sudo.</summary>
    /// <param name="sudo">Where the user is not root, everything is to run as root.</param>
    public static bool NeedsSudo(bool sudo) => sudo && !Environment.IsPrivilegedProcess;

    public Task<LoginRoute> RouteAsync(CancellationToken cancellation) => Task.FromResult(new LoginRoute("this machine"));

    public Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<ConnectOutcome>(ProcessCommand.TryStart(Program, ["-c", Spared + command], out var started, out var words)
            ? new ConnectOutcome.Connected(started)
            : new ConnectOutcome.Failed(ProcessCommand.NotStarted(Program, words, advice: null)));
    }
}
