using System.ComponentModel;
using System.Diagnostics;

namespace ConfSync.Platform;

/// <summary>
/// Starts programs on this machine, always by an absolute path and with an environment that does not depend on the caller.
/// .NET would look for a bare name beside this program and in the working directory before it looks into PATH, so that the
/// owner of that directory could run a program as root.
/// </summary>
internal static class LocalProgram
{
    /// <summary>Where started programs and <see cref="Find"/> search; the same as in the script.</summary>
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // These are what ssh needs to find the user's keys, agent and Kerberos tickets, and the program that asks for the
    // password of a jump host. Everything else is left out, because a variable can load a library into a program
    // (LD_PRELOAD, OPENSSL_CONF), make a shell run a file (BASH_ENV) or change what a program does (TAR_OPTIONS), and no
    // list of those is complete.
    private static readonly string[] PassedOn =
    [
        "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TERM",
        "SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
        "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "KRB5CCNAME", "KRB5_CONFIG",
    ];

    /// <summary>The directories in which <see cref="Find"/> looks, as people read them.</summary>
    public static string Directories => SearchPath.Replace(":", ", ", StringComparison.Ordinal);

    /// <summary>The path of a program in a fixed list of directories; null where none holds it.</summary>
    public static string? Find(string name) =>
        SearchPath.Split(':').Select(directory => $"{directory}/{name}").FirstOrDefault(File.Exists);

    /// <summary>How to start a program with all its standard streams redirected and no shell in between.</summary>
    /// <param name="path">The absolute path of the program.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
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
        foreach (var (name, value) in PassedEnvironment()) environment[name] = value;
        return start;
    }

    /// <summary>Ends a process and those that it started, as far as they are still its children.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is AggregateException or Win32Exception or InvalidOperationException)
        {
            // Some of it has ended already, or is another user's.
        }
    }

    /// <summary>The variables of this process that started programs see.</summary>
    public static IEnumerable<KeyValuePair<string, string>> PassedEnvironment() =>
        from name in PassedOn
        let value = Environment.GetEnvironmentVariable(name)
        where value is not null
        select KeyValuePair.Create(name, value);
}
