using System.Buffers;
using System.IO.Enumeration;
using ConfSync.Bytes;

namespace ConfSync.Transport;

/// <summary>Whether ssh's configuration says the same about every host, so that one answer of <c>ssh -G</c> serves all of them
/// (ssh_config(5)). What is not understood here counts as a difference.</summary>
/// <param name="read">The text of a file; null where there is none.</param>
/// <param name="list">The paths of the files in a directory; empty where there is none.</param>
internal sealed class SshConfigFiles(Func<string, string?> read, Func<string, IEnumerable<string>> list)
{
    private const string SystemDirectory = "/etc/ssh";

    // Of the paths that ssh includes.
    private static readonly SearchValues<char> NotUnderstood = SearchValues.Create("\"'\\$%[{~");

    // As in ssh itself.
    private const int MostLevels = 16;

    /// <summary>The files of this machine.</summary>
    public static SshConfigFiles OfThisMachine { get; } = new(
        file => File.Exists(file) ? File.ReadAllText(file) : null,
        directory => Directory.Exists(directory) ? Directory.EnumerateFiles(directory) : []);

    /// <param name="home">The user's home directory; null where it is not known.</param>
    /// <returns>False also where a file cannot be read.</returns>
    public bool AreSameForAll(string? home)
    {
        try
        {
            // Some distributions have the system's file elsewhere.
            return home is not null && read($"/usr{SystemDirectory}/ssh_config") is null &&
                IsSame($"{home}/.ssh/config", new Place($"{home}/.ssh", home, MostLevels)) &&
                IsSame($"{SystemDirectory}/ssh_config", new Place(SystemDirectory, home, MostLevels));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool IsSame(string file, Place place) =>
        place.Levels > 0 && (read(file) is not { } text || text.Split('\n').All(line => IsSameLine(line.Trim(), place)));

    private bool IsSameLine(string line, Place place)
    {
        if (line.Length == 0 || line[0] == '#') return true;
        var words = line.Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries);
        return words is [var keyword, .. var values] && keyword.ToLowerInvariant() switch
        {
            "host" => values is ["*"],
            "include" => values.All(pattern => AreIncludedSame(pattern, place)),
            // A jump host is not reached through itself.
            "match" or "hostname" or "canonicalizehostname" or "proxyjump" or "proxycommand" => false,
            // No login of this program obeys them.
            "controlpath" or "localcommand" or "remotecommand" => true,
            // A percent sign may stand for the host.
            _ => !line.Contains('%'),
        };
    }

    private bool AreIncludedSame(string pattern, Place place)
    {
        var path = pattern.StartsWith("~/", StringComparison.Ordinal) ? $"{place.Home}{pattern[1..]}"
            : pattern.StartsWith('/') ? pattern
            : $"{place.Directory}/{pattern}";
        if (path.AsSpan().ContainsAny(NotUnderstood) || PosixPath.Parent(path) is not { } directory) return false;
        if (directory.AsSpan().ContainsAny("*?")) return false;
        var name = PosixPath.Name(path);
        var files = name.AsSpan().ContainsAny("*?")
            ? list(directory).Where(file => FileSystemName.MatchesSimpleExpression(name, PosixPath.Name(file), ignoreCase: false))
            : [path];
        return files.All(file => IsSame(file, place with { Levels = place.Levels - 1 }));
    }

    /// <param name="Directory">Where an included file is that has a relative path.</param>
    /// <param name="Levels">How many files may still include one another.</param>
    private sealed record Place(string Directory, string Home, int Levels);
}
