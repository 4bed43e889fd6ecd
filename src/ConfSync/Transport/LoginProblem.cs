namespace ConfSync.Transport;

/// <summary>Why a login, or what had to run after it, did not come about.</summary>
public enum LoginProblem
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>The login worked, and what ran there was not what was asked for.</summary>
    EndedEarly,
    HostKeyUnknown,
    HostKeyChanged,
    HostKeyRevoked,
    Denied,

    /// <summary>The key that would be offered has a passphrase, and no agent holds it.</summary>
    KeyLocked,
    KeyUnprotected,
    TooManyKeys,
    NoCommonAlgorithm,
    ConfigurationUnsafe,
    ConfigurationWrong,
    NameUnknown,
    Refused,
    NoRoute,
    TimedOut,
    HungUp,
    AccountExpired,
    NoLogin,
    OtherUser,
    SudoPassword,
    SudoTerminal,
    SudoNotAllowed,
    SudoMissing,
}

/// <summary>What ssh, sudo and login programs say, and what it means. The one place that reads their words.</summary>
internal static class LoginWords
{
    // The first of these that is found counts: what explains another one's line stands before it.
    private static readonly (string Words, LoginProblem Problem)[] Known =
    [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", LoginProblem.HostKeyChanged),
        ("has changed and you have requested strict checking", LoginProblem.HostKeyChanged),
        ("REVOKED HOST KEY", LoginProblem.HostKeyRevoked),
        ("host key is known for", LoginProblem.HostKeyUnknown),
        ("Host key verification failed", LoginProblem.HostKeyUnknown),
        ("rather than the user", LoginProblem.OtherUser),
        ("UNPROTECTED PRIVATE KEY FILE", LoginProblem.KeyUnprotected),
        ("Too many authentication failures", LoginProblem.TooManyKeys),
        ("Permission denied (", LoginProblem.Denied),
        ("no matching ", LoginProblem.NoCommonAlgorithm),
        ("Bad owner or permissions on ", LoginProblem.ConfigurationUnsafe),
        ("bad configuration option", LoginProblem.ConfigurationWrong),
        ("Could not resolve hostname", LoginProblem.NameUnknown),
        ("Connection refused", LoginProblem.Refused),
        ("No route to host", LoginProblem.NoRoute),
        ("Network is unreachable", LoginProblem.NoRoute),
        ("timed out", LoginProblem.TimedOut),
        ("sudo: a password is required", LoginProblem.SudoPassword),
        ("sudo: a terminal is required", LoginProblem.SudoPassword),
        ("must have a tty to run sudo", LoginProblem.SudoTerminal),
        ("is not in the sudoers file", LoginProblem.SudoNotAllowed),
        ("is not allowed to execute", LoginProblem.SudoNotAllowed),
        ("may not run sudo", LoginProblem.SudoNotAllowed),
        ("sudo: command not found", LoginProblem.SudoMissing),
        ("sudo: not found", LoginProblem.SudoMissing),
        ("sudo: No such file", LoginProblem.SudoMissing),
        ("account has expired", LoginProblem.AccountExpired),
        ("password has expired", LoginProblem.AccountExpired),
        ("required to change your password", LoginProblem.AccountExpired),
        ("Password change required", LoginProblem.AccountExpired),
        ("account is currently not available", LoginProblem.NoLogin),
        ("not permitted to log in", LoginProblem.NoLogin),
        ("System is booting up", LoginProblem.NoLogin),
        ("System is going down", LoginProblem.NoLogin),
        ("kex_exchange_identification", LoginProblem.HungUp),
        ("Connection closed by", LoginProblem.HungUp),
        ("Connection reset by", LoginProblem.HungUp),
    ];

    /// <param name="status">The exit status; 255 is ssh's own.</param>
    /// <returns>What it means, and the line that says so; null where none does.</returns>
    public static (LoginProblem Problem, string? Line) Classify(string words, int status)
    {
        var lines = words.Split('\n');
        foreach (var (known, problem) in Known)
        {
            // The last one: a banner comes before the reason, and may hold anything.
            if (Array.FindLast(lines, line => line.Contains(known, StringComparison.OrdinalIgnoreCase)) is { } line) return (problem, line.Trim());
        }
        return (status is 255 or < 0 ? LoginProblem.Unknown : LoginProblem.EndedEarly, null);
    }
}
