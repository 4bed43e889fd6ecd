using System.Reflection;
using System.Text;

namespace ConfSync.Protocol;

/// <summary>
/// peer.sh, the only code that runs on a peer: the files of the folder Script in the order of their names. It travels
/// with every session, so that nothing has to be installed there and versions cannot differ.
/// </summary>
public static class PeerScript
{
    /// <summary>The command that reads the script from its standard input and becomes it. Understood alike by sh, csh and
    /// fish as login shell; dd because every sh reads ahead in another way.</summary>
    private const string Reader = """sh -c 'read -r n; s=$(dd bs=$n count=1 iflag=fullblock 2>/dev/null); eval "$s"'""";

    private static readonly Lazy<byte[]> Script = new(Load);

    /// <summary>The whole script, without comments and indentation: every byte is sent to every peer.</summary>
    public static ReadOnlyMemory<byte> Bytes => Script.Value;

    /// <param name="sudo">The login is not root and everything is to run as root.</param>
    public static string Command(bool sudo) => sudo ? $"exec sudo -n {Reader}" : $"exec {Reader}";

    private static byte[] Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var script = new StringBuilder();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sh", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                var text = line.TrimStart(' ');
                if (text.Length > 0 && text[0] != '#') script.Append(text).Append('\n');
            }
        }
        return Encoding.UTF8.GetBytes(script.ToString());
    }
}
