using System.Collections.Concurrent;

namespace ConfSync.Transport;

/// <summary>Logs in to a node in this process where that gives what ssh would give, and by the ssh program otherwise. What
/// is refused in this process is handed over to ssh, whose verdict and words count.</summary>
/// <param name="OpenSsh">The ssh program for this node.</param>
/// <param name="Chosen">Told of each login before it is made.</param>
public sealed record AutomaticTransport(OpenSsh OpenSsh, Action<LoginWay>? Chosen = null) : ITransport
{
    // Every login to a node needs the same answer, and one run makes several.
    private static readonly ConcurrentDictionary<OpenSsh, Lazy<Task<SshPlan>>> Plans = new();

    /// <summary>Starts to ask ssh for what most nodes need, so that no login waits for the answer later.</summary>
    public static void AskEarly() => _ = Task.Run(SshQuestions.AskEarly);

    public async Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
    {
        var plan = await PlanAsync(cancellation);
        if (plan is not SshPlan.Here { Login: var login })
        {
            Chosen?.Invoke(new LoginWay(((SshPlan.OpenSsh)plan).Reason));
            return await OpenSsh.ConnectAsync(command, cancellation);
        }
        Chosen?.Invoke(new LoginWay(null));
        cancellation.ThrowIfCancellationRequested();
        var input = new InputQueue();
        return new ConnectOutcome.Connected(new HandOverCommand(new SessionCommand(login, command, input), input, stop =>
        {
            Chosen?.Invoke(new LoginWay(LoginWay.Refused));
            return OpenSsh.ConnectAsync(command, stop);
        }));
    }

    public async Task<LoginRoute> RouteAsync(CancellationToken cancellation) => (await PlanAsync(cancellation)).Route;

    public LoginFailure Explain(string words, int status) => OpenSsh.Explain(words, status);

    private Task<SshPlan> PlanAsync(CancellationToken cancellation) =>
        Plans.GetOrAdd(OpenSsh, asked => new(() => Task.Run(asked.PlanAsync))).Value.WaitAsync(cancellation);
}

/// <summary>How a login is made.</summary>
/// <param name="Reason">Why ssh makes it: a keyword of its configuration, or words; null where it is made in this
/// process.</param>
public sealed record LoginWay(string? Reason)
{
    /// <summary>The reason where a login in this process was refused.</summary>
    public const string Refused = "the login in the process was refused";
}
