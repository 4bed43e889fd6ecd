using System.Collections.Concurrent;
using ConfSync.Inventory;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>
/// The OpenSSH client as transport: keys, agent, certificates, ~/.ssh/config, jump hosts and known hosts of the user
/// keep working, and host keys are checked as the user's own configuration says. See ssh(1), ssh_config(5).
/// </summary>
/// <param name="Program">The client, from <c>SSH</c>.</param>
/// <param name="KeyFile">An identity to offer besides the user's own, from <c>SSHKEY</c>; null for none.</param>
/// <param name="ConnectTimeout">How long one connection may take to be made.</param>
/// <param name="Shared">Logins that are there for more than one command; null where each command logs in for itself.</param>
public sealed record OpenSsh(
    NodeAddress Address, string Program, string? KeyFile, TimeSpan ConnectTimeout, SharedConnections? Shared = null) : ITransport
{
    private static readonly string? Setsid = LocalProgram.Find("setsid");

    // What a user's configuration may say for interactive use and what would break a conversation; or what would let the
    // peer use this user's keys, screen or network (the second line), because no push needs that.
    private static readonly string[] Disarmed =
    [
        "-oRemoteCommand=none", "-oClearAllForwardings=yes", "-oPermitLocalCommand=no",
        "-oForwardAgent=no", "-oForwardX11=no", "-oForwardX11Trusted=no", "-oTunnel=no",
    ];

    // An ssh without Kerberos complains of it at each login.
    private const string NotDelegated = "-oGSSAPIDelegateCredentials=no";

    private static readonly string[] NotShared = ["-oControlMaster=no", "-oControlPath=none"];

    // The same, of OpenSSH 8.7 and later. An older one refuses the names; IgnoreUnknown would help, and would displace the
    // user's own.
    private static readonly string[] DisarmedToo = ["-oStdinNull=no", "-oSessionType=default", "-oForkAfterAuthentication=no"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<SshAnswer>>> Answers = new();

    /// <summary>Asks the program for what <see cref="ConnectAsync"/> has to know of it, so that no login waits for that
    /// later.</summary>
    public static void ProbeVersion(string program) => _ = Task.Run(() => AskedOnce(program));

    public async Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
    {
        var answer = await AskedOnce(Program).WaitAsync(cancellation);
        if (answer.Features is not { } features) return NotStarted(answer.Words);
        var arguments = Arguments(command, features);
        // In a session of its own: the terminal's Ctrl-C is for this program to act on, not for ssh to die of.
        var (program, all) = Setsid is null ? (Program, arguments) : (Setsid, [Program, .. arguments]);
        return ProcessCommand.TryStart(program, all, out var started, out var words)
            ? new ConnectOutcome.Connected(started)
            : NotStarted(words);
    }

    public LoginFailure Explain(string words, int status)
    {
        var (problem, line) = LoginWords.Classify(words, status);
        // Root's is not where an environment says that comes from another user's session.
        var home = Posix.EffectiveUserId == 0 ? "/root" : Environment.GetEnvironmentVariable("HOME") ?? "/";
        var lockedKey = problem == TransportFailure.Denied ? PrivateKeys.Locked(KeyFile, home) : null;
        if (lockedKey is not null) problem = TransportFailure.KeyLocked;
        return new LoginFailure(problem, line, new LoginAdvice(Address, Program, KeyFile) { User = LoginWords.UserIn(words) }.Of(problem, line, lockedKey));
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
        // It says that it does not support an option, and goes on; of one that it does not know, it dies.
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
        // A link that is gone without a word shows after 15 s.
        yield return "-oServerAliveInterval=5";
        yield return "-oServerAliveCountMax=3";
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
        yield return "--";
        yield return Address.Host;
        yield return command;
    }
}

/// <summary>What an ssh program can do.</summary>
/// <param name="IsModern">OpenSSH 8.7 or later.</param>
/// <param name="HasKerberos">It was built with GSSAPI.</param>
internal sealed record SshFeatures(bool IsModern, bool HasKerberos);

/// <summary>What came of the question what an ssh program can do.</summary>
/// <param name="Features">Null where it cannot be run.</param>
/// <param name="Words">Its own, or the system's.</param>
internal sealed record SshAnswer(SshFeatures? Features, string Words);
