namespace ConfSync.Transport;

/// <summary>Why a login failed, or what had to run after it.</summary>
public enum TransportFailure
{
    /// <summary>The reason is none of the others.</summary>
    Unknown,

    /// <summary>The program that makes the connection could not be started.</summary>
    NotStarted,

    /// <summary>The login worked, but another program ran there than the one that was asked for.</summary>
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

    /// <summary>sshd closed the connection before it sent anything, as it does above MaxStartups.</summary>
    HungUp,

    /// <summary>sshd closed the connection later, before the login was complete.</summary>
    Closed,
    AccountExpired,
    NoLogin,
    OtherUser,
    SudoPassword,
    SudoTerminal,
    SudoNotAllowed,
    SudoMissing,
}

/// <summary>Recognises what ssh, sudo and login programs say. No other code reads their words.</summary>
internal static class LoginWords
{
    /// <summary>What the command on a node says, behind the user's name, before it starts sudo (PeerScript.cs).</summary>
    public const string NotRoot = " is not root on this node: nginx-sync goes through sudo -n";

    // The first of these that is found counts: what explains another one's line stands before it.
    private static readonly (string Words, TransportFailure Problem)[] Known =
    [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", TransportFailure.HostKeyChanged),
        ("has changed and you have requested strict checking", TransportFailure.HostKeyChanged),
        ("REVOKED HOST KEY", TransportFailure.HostKeyRevoked),
        ("host key is known for", TransportFailure.HostKeyUnknown),
        ("Host key verification failed", TransportFailure.HostKeyUnknown),
        ("rather than the user", TransportFailure.OtherUser),
        ("UNPROTECTED PRIVATE KEY FILE", TransportFailure.KeyUnprotected),
        ("Too many authentication failures", TransportFailure.TooManyKeys),
        ("Permission denied (", TransportFailure.Denied),
        ("no matching ", TransportFailure.NoCommonAlgorithm),
        ("Bad owner or permissions on ", TransportFailure.ConfigurationUnsafe),
        ("bad configuration option", TransportFailure.ConfigurationWrong),
        ("Could not resolve hostname", TransportFailure.NameUnknown),
        ("Connection refused", TransportFailure.Refused),
        ("No route to host", TransportFailure.NoRoute),
        ("Network is unreachable", TransportFailure.NoRoute),
        ("timed out", TransportFailure.TimedOut),
        ("sudo: a password is required", TransportFailure.SudoPassword),
        ("sudo: a terminal is required", TransportFailure.SudoPassword),
        ("must have a tty to run sudo", TransportFailure.SudoTerminal),
        ("is not in the sudoers file", TransportFailure.SudoNotAllowed),
        ("is not allowed to execute", TransportFailure.SudoNotAllowed),
        ("may not run sudo", TransportFailure.SudoNotAllowed),
        ("sudo: command not found", TransportFailure.SudoMissing),
        ("sudo: not found", TransportFailure.SudoMissing),
        ("sudo: No such file", TransportFailure.SudoMissing),
        ("account has expired", TransportFailure.AccountExpired),
        ("password has expired", TransportFailure.AccountExpired),
        ("required to change your password", TransportFailure.AccountExpired),
        ("Password change required", TransportFailure.AccountExpired),
        ("account is currently not available", TransportFailure.NoLogin),
        ("not permitted to log in", TransportFailure.NoLogin),
        ("System is booting up", TransportFailure.NoLogin),
        ("System is going down", TransportFailure.NoLogin),
        ("Exceeded MaxStartups", TransportFailure.HungUp),
        ("kex_exchange_identification", TransportFailure.HungUp),
        ("Connection closed by", TransportFailure.Closed),
        ("Connection reset by", TransportFailure.Closed),
    ];

    /// <summary>The user whose login it is, where that is not root; null where the node did not say.</summary>
    public static string? UserIn(string words)
    {
        var line = Array.FindLast(words.Split('\n'), line => line.EndsWith(NotRoot, StringComparison.Ordinal));
        var user = line?[..^NotRoot.Length];
        // It is shown in a line to be pasted: sudoers(5) and the shell have a meaning for other characters.
        return user?.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') == true && user.Length > 0 ? user : null;
    }

    /// <param name="status">The exit status; 255 is ssh's own.</param>
    /// <returns>The failure, and the line that says it; null for none.</returns>
    public static (TransportFailure Problem, string? Line) Classify(string words, int status)
    {
        var lines = words.Split('\n');
        foreach (var (known, problem) in Known)
        {
            // Takes the last such line, because a banner comes before the reason and may hold anything.
            if (Array.FindLast(lines, line => line.Contains(known, StringComparison.OrdinalIgnoreCase)) is { } line) return (problem, line.Trim());
        }
        return (status is 255 or < 0 ? TransportFailure.Unknown : TransportFailure.EndedEarly, null);
    }
}
