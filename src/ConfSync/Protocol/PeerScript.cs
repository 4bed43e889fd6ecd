using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using ConfSync.Services;
using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>
/// The only code that runs on a peer. Its parts are the files of the folder Script. Each mode has only the parts that it
/// needs, so that a comparison holds no code that changes anything. The script is sent with every session, so that nothing
/// has to be installed and versions cannot differ.
/// </summary>
public static class PeerScript
{
    /// <summary>Reads the script from its standard input and becomes it; dd because every sh reads ahead in another way. A dd
    /// that cannot do this is that of another system than Linux.</summary>
    private const string Reader =
        "read -r n; s=$(dd bs=$n count=1 iflag=fullblock 2>/dev/null); " +
        "eval \"${s:-echo nodes must run Linux, with dd of coreutils or busybox, and this is $(uname -s) >&2}\"";

    /// <summary>Runs its argument as root: at once where the login is root's, else through sudo. Only the node knows for certain
    /// whose login it is, since ssh's own configuration may name the user. What is said of it is skipped where the script speaks
    /// afterwards.</summary>
    private const string AsRoot =
        "s=$1; shift; [ \"$(id -u)\" = 0 ] || { echo \"$(id -un)" + LoginWords.NotRoot + "\"; exec sudo -n sh -c \"$s\"; }; eval \"$s\"";

    // wire is first, because it removes the login's own functions before the script defines any.
    private static readonly string[] Library =
    [
        "lib/wire", "lib/check", "lib/system", "lib/settings", "lib/session", "guard/directories", "guard/paths", "look/scan",
        .. OfService("master", "workers", "files"),
    ];

    private static readonly string[] Look = ["lib/unwatched", "guard/holder", .. OfService("serving"), "look/facts", "look/begin"];

    private static readonly string[] Push =
    [
        "lib/attempt", "lib/programs", "lib/recall", "lib/failpoint", "push/settings", "guard/holder", "guard/lock", "guard/watch", "look/facts",
        "look/history", "look/read", .. OfService("serving", "test", "proof", "logs", "record", "reload"), "service/health",
        "push/files", "push/plan", "push/journal", "push/begin", "push/stage", "push/view", "push/keep-old", "push/activate", "push/undo",
        "push/repairs", "push/generations", "push/transaction", "push/answers", "push/recovery", "push/parent", "requests/push",
    ];

    // main is last, because it begins the work. again begins it where the script has started itself.
    private static readonly ImmutableDictionary<ConversationMode, string[]> PartsByMode = new Dictionary<ConversationMode, string[]>
    {
        [ConversationMode.Push] = [.. Library, .. Push, "main", "push/again"],
        [ConversationMode.DryRun] = [.. Library, .. Push, "main", "push/again"],
        [ConversationMode.Compare] = [.. Library, .. Look, "look/ages", "look/read", "requests/compare", "main"],
        [ConversationMode.Status] =
            [.. Library, .. Look, "look/ages", "look/history", "look/status", "requests/status", "main"],
        [ConversationMode.History] = [.. Library, .. Look, "look/history", "requests/history", "main"],
        [ConversationMode.Doctor] =
            [.. Library, .. Look, "look/history", "look/status", "look/doctor", "look/doctor-nginx", "requests/doctor", "main"],
        [ConversationMode.Primary] =
        [
            .. Library, "lib/attempt", "lib/programs", "lib/recall", "lib/failpoint", "lib/unwatched", "primary/settings", "look/read",
            .. OfService("test", "proof"), "primary/test", "primary/save", "primary/decision", "primary/runs", "requests/primary", "main",
        ],
    }.ToImmutableDictionary();

    private static IEnumerable<string> OfService(params string[] parts) => parts.Select(part => $"service/{ServiceDefinition.Nginx.Name}/{part}");

    private static readonly ImmutableDictionary<ConversationMode, Lazy<byte[]>> Scripts =
        PartsByMode.ToImmutableDictionary(mode => mode.Key, mode => new Lazy<byte[]>(() => Strip(mode.Value)));

    /// <summary>The script of a mode, without comments and indentation, because every byte is sent to every peer.</summary>
    public static ReadOnlyMemory<byte> Of(ConversationMode mode) => Scripts[mode].Value;

    /// <summary>The command that takes the script, for a login shell: sh, csh and fish understand it alike.</summary>
    /// <param name="sudo">Where the user is not root, everything is to run as root.</param>
    public static string Command(ConversationMode mode, bool sudo) => mode switch
    {
        ConversationMode.Primary => LocalShell.NeedsSudo(sudo) ? $"exec sudo -n sh -c '{Reader}'" : $"exec sh -c '{Reader}'",
        _ => sudo ? $"exec sh -c '{AsRoot}' sh '{Reader}'" : $"exec sh -c '{Reader}'",
    };

    /// <summary>The names of a mode's parts, in their order.</summary>
    internal static IReadOnlyList<string> PartsOf(ConversationMode mode) => PartsByMode[mode];

    /// <summary>The script of a mode as it is written, for ShellCheck.</summary>
    internal static string SourceOf(ConversationMode mode) => string.Join('\n', PartsByMode[mode].Select(Read));

    private static byte[] Strip(IEnumerable<string> parts)
    {
        var script = new StringBuilder();
        foreach (var part in parts)
        {
            foreach (var line in Read(part).Split('\n'))
            {
                var text = line.TrimStart(' ');
                if (text.Length > 0 && text[0] != '#') script.Append(text).Append('\n');
            }
        }
        return Encoding.UTF8.GetBytes(script.ToString());
    }

    private static string Read(string part)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"{part}.sh")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
