using System.Collections.Concurrent;
using ConfSync.Inventory;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>The OpenSSH client as transport. The user's keys, agent, certificates, ~/.ssh/config, jump hosts and known
/// hosts keep working, and host keys are checked as the user's configuration says. See ssh(1), ssh_config(5).</summary>
/// <param name="Program">The path of the client, from <c>SSH</c>.</param>
/// <param name="KeyFile">An identity to offer besides the user's own, from <c>SSHKEY</c>; null for none.</param>
/// <param name="ConnectTimeout">How long making one connection may take.</param>
/// <param name="Shared">The connections that several commands share; null where each command logs in for itself.</param>
public sealed record OpenSsh(
    NodeAddress Address, string Program, string? KeyFile, TimeSpan ConnectTimeout, SharedConnections? Shared = null) : ITransport
{
    private static readonly string? Setsid = LocalProgram.Find("setsid");

    // The first line overrules settings for interactive use, which would break a conversation. The second keeps the peer
    // from using the user's keys, screen or network, because no push needs that.
    private static readonly string[] Disarmed =
    [
        "-oRemoteCommand=none", "-oClearAllForwardings=yes", "-oPermitLocalCommand=no",
        "-oForwardAgent=no", "-oForwardX11=no", "-oForwardX11Trusted=no", "-oTunnel=no",
    ];

    // Passed only where ssh knows Kerberos, because other versions complain of it at each login.
    private const string NotDelegated = "-oGSSAPIDelegateCredentials=no";

    private static readonly string[] NotShared = ["-oControlMaster=no", "-oControlPath=none"];

    // Further settings, of OpenSSH 8.7 and later. An older version refuses the names. IgnoreUnknown would help, but would
    // replace the user's own.
    private static readonly string[] DisarmedToo = ["-oStdinNull=no", "-oSessionType=default", "-oForkAfterAuthentication=no"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<SshAnswer>>> Answers = new();

    /// <summary>Starts to ask the program for its features, so that no login waits for the answer later.</summary>
    public static void ProbeVersion(string program) => _ = Task.Run(() => AskedOnce(program));

    public async Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
    {
        var answer = await AskedOnce(Program).WaitAsync(cancellation);
        if (answer.Features is not { } features) return NotStarted(answer.Words);
        var arguments = Arguments(command, features);
        // ssh runs in a session of its own, because Ctrl-C in the terminal is to reach this program only.
        var (program, all) = Setsid is null ? (Program, arguments) : (Setsid, [Program, .. arguments]);
        return ProcessCommand.TryStart(program, all, out var started, out var words)
            ? new ConnectOutcome.Connected(started)
            : NotStarted(words);
    }

    public LoginFailure Explain(string words, int status)
    {
        var (problem, line) = LoginWords.Classify(words, status);
        // Root does not use HOME, because the environment may come from another user's session.
        var home = Posix.EffectiveUserId == 0 ? "/root" : Environment.GetEnvironmentVariable("HOME") ?? "/";
        var lockedKey = problem == TransportFailure.Denied ? PrivateKeys.Locked(KeyFile, home) : null;
        if (lockedKey is not null) problem = TransportFailure.KeyLocked;
        return new LoginFailure(problem, line, new LoginAdvice(Address, Program, KeyFile) { User = LoginWords.UserIn(words) }.Of(problem, line, lockedKey));
    }

    /// <summary>Asks the program for its configuration for this node, and decides how to log in.</summary>
    internal async Task<SshPlan> PlanAsync()
    {
        // An agent, a key or a known host that another login adds meanwhile counts in the next run.
        if (Shared is not null) return new SshPlan.OpenSsh("SSH_PERSIST", null);
        return await SshQuestions.AskAsync(Program, [.. Selection()], Address.Host) is { } settings
            ? SshPlan.Of(settings, Address, ConnectTimeout)
            : new SshPlan.OpenSsh("ssh -G fails", null);
    }

    private ConnectOutcome.Failed NotStarted(string words) => new(ProcessCommand.NotStarted(
        Program, words, new LoginAdvice(Address, Program, KeyFile).Of(TransportFailure.NotStarted, null, null)));

    private static Task<SshAnswer> AskedOnce(string program) => Answers.GetOrAdd(program, asked => new(() => AskAsync(asked))).Value;

    private static async Task<SshAnswer> AskAsync(string program)
    {
        if (!ProcessCommand.TryStart(program, [NotDelegated, .. DisarmedToo, "-V"], out var started, out var problem))
        {
            return new SshAnswer(null, problem);
        }
        // ssh warns of an option that it does not support, and goes on. It fails because of an option that it does not
        // know.
        var (status, words) = await started.AnswerAsync();
        var hasKerberos = !words.Contains("Unsupported option", StringComparison.OrdinalIgnoreCase);
        return new SshAnswer(new SshFeatures(IsModern: status == 0, hasKerberos), words);
    }

    internal IEnumerable<string> Arguments(string command, SshFeatures features)
    {
        yield return "-T";
        foreach (var option in Shared?.Options ?? NotShared) yield return option;
        foreach (var option in features.IsModern ? Disarmed.Concat(DisarmedToo) : Disarmed) yield return option;
        if (features.HasKerberos) yield return NotDelegated;
        yield return "-oBatchMode=yes";
        yield return FormattableString.Invariant($"-oConnectTimeout={(int)ConnectTimeout.TotalSeconds}");
        // A link that is dead without notice is detected after 15 s.
        yield return "-oServerAliveInterval=5";
        yield return "-oServerAliveCountMax=3";
        foreach (var option in Selection()) yield return option;
        yield return "--";
        yield return Address.Host;
        yield return command;
    }

    // What NODES and SSHKEY say about the login.
    private IEnumerable<string> Selection()
    {
        if (KeyFile is not null)
        {
            yield return "-i";
            yield return KeyFile;
        }
        if (Address.Port is { } port)
        {
            yield return "-p";
            yield return port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        if (Address.User is { } user)
        {
            yield return "-l";
            yield return user;
        }
    }
}

/// <summary>What an ssh program can do.</summary>
/// <param name="IsModern">It is OpenSSH 8.7 or later.</param>
/// <param name="HasKerberos">It was built with GSSAPI.</param>
internal sealed record SshFeatures(bool IsModern, bool HasKerberos);

/// <summary>The answer of an ssh program about its features.</summary>
/// <param name="Features">The features; null where the program cannot be run.</param>
/// <param name="Words">What the program said, or the system.</param>
internal sealed record SshAnswer(SshFeatures? Features, string Words);
