using System.Collections.Concurrent;

namespace ConfSync.Transport;

/// <summary>Logs in to a node in this process where that gives what ssh would give, and by the ssh program otherwise. What
/// is refused in this process is handed over to ssh, whose verdict and words count.</summary>
/// <param name="OpenSsh">The ssh program for this node.</param>
/// <param name="Chosen">Told of each login: null where it is made in this process, else why ssh makes it.</param>
public sealed record AutomaticTransport(OpenSsh OpenSsh, Action<string?>? Chosen = null) : ITransport
{
    // Every login to a node needs the same answer, and one run makes several.
    private static readonly ConcurrentDictionary<OpenSsh, Lazy<Task<SshPlan>>> Plans = new();

    /// <summary>The SSH library can be used as this program needs it, and this program was compiled ahead of time, without which
    /// a login in the process costs more than it saves.</summary>
    public static bool IsPreferred => !System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported;

    public async Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
    {
        var plan = await Plans.GetOrAdd(OpenSsh, asked => new(() => Task.Run(asked.PlanAsync))).Value.WaitAsync(cancellation);
        if (plan is not SshPlan.Here { Login: var login })
        {
            Chosen?.Invoke(((SshPlan.OpenSsh)plan).Reason);
            return await OpenSsh.ConnectAsync(command, cancellation);
        }
        Chosen?.Invoke(null);
        cancellation.ThrowIfCancellationRequested();
        var input = new InputQueue();
        return new ConnectOutcome.Connected(new HandOverCommand(new SessionCommand(login, command, input), input, stop =>
        {
            Chosen?.Invoke("refused");
            return OpenSsh.ConnectAsync(command, stop);
        }));
    }

    public LoginFailure Explain(string words, int status) => OpenSsh.Explain(words, status);
}
