using System.Diagnostics;

namespace ConfSync.Platform;

/// <summary>
/// How every program on this machine is started: by an absolute path, with an environment that does not depend on who
/// calls. A name alone is never given to .NET, because .NET looks for it beside this program and in the working directory
/// before it looks into PATH: whoever owns that directory would run as root.
/// </summary>
internal static class LocalProgram
{
    /// <summary>What the programs that are started search, and what <see cref="Find"/> does; as in the script.</summary>
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // What ssh needs to find the user's keys, agent, Kerberos tickets and, for the password of a jump host, the program
    // that asks. Everything else is left out: a variable can load a library into a program (LD_PRELOAD, OPENSSL_CONF),
    // make a shell run a file (BASH_ENV) or change what a program does (TAR_OPTIONS), and no list of those is complete.
    private static readonly string[] PassedOn =
    [
        "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TERM",
        "SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
        "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "KRB5CCNAME", "KRB5_CONFIG",
    ];

    /// <summary>Where a program is, in a fixed list of directories; null where it is in none of them.</summary>
    public static string? Find(string name) =>
        SearchPath.Split(':').Select(directory => $"{directory}/{name}").FirstOrDefault(File.Exists);

    /// <summary>A program with all its standard streams redirected and no shell in between.</summary>
    /// <param name="path">Absolute.</param>
    public static ProcessStartInfo StartInfo(string path, IEnumerable<string> arguments)
    {
        if (!path.StartsWith('/')) throw new ArgumentException($"{path} is no absolute path", nameof(path));
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        var environment = start.Environment;
        environment.Clear();
        environment["PATH"] = SearchPath;
        foreach (var name in PassedOn)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
        }
        return start;
    }
}
