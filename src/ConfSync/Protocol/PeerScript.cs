using System.Collections.Concurrent;
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

    // The services whose parts were asked for by name, so that each script is made once.
    private static readonly ConcurrentDictionary<(ConversationMode Mode, string Services, bool Roles, bool Indexed), byte[]> Scripts = new();

    /// <summary>The script of a mode, without comments and indentation, because every byte is sent to every peer.</summary>
    /// <param name="services">Those that take part: the script has the parts of no others.</param>
    /// <param name="roles">A push also asks which addresses the machine holds.</param>
    /// <param name="indexed">The session may scan with what earlier scans hashed.</param>
    public static ReadOnlyMemory<byte> Of(ConversationMode mode, ServiceSet services, bool roles = false, bool indexed = false) => Scripts.GetOrAdd(
        (mode, string.Join(' ', services.All.Select(service => service.Name)), roles, indexed), _ => Strip(ScriptParts.Of(mode, services, roles, indexed)));

    /// <summary>The command that takes the script, for a login shell: sh, csh and fish understand it alike.</summary>
    /// <param name="sudo">Where the user is not root, everything is to run as root.</param>
    public static string Command(ConversationMode mode, bool sudo) => mode switch
    {
        ConversationMode.Primary => LocalShell.NeedsSudo(sudo) ? $"exec sudo -n sh -c '{Reader}'" : $"exec sh -c '{Reader}'",
        _ => sudo ? $"exec sh -c '{AsRoot}' sh '{Reader}'" : $"exec sh -c '{Reader}'",
    };

    /// <summary>The script of a mode as it is written, for ShellCheck.</summary>
    internal static string SourceOf(ConversationMode mode, ServiceSet services, bool roles = false, bool indexed = false) =>
        string.Join('\n', ScriptParts.Of(mode, services, roles, indexed).Select(Read));

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
