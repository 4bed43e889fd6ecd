using FsCheck;
using FsCheck.Fluent;

namespace ConfSync.SystemTests.Push;

/// <summary>EXCLUDE, and whether it matches a path below CONFPATHS (by itself, not by what is above it).</summary>
internal sealed record Exclude(string Patterns, Func<string, bool, bool> Matches)
{
    public static readonly Exclude[] Some =
    [
        new("", (_, _) => false),
        new("*.bak cache/", (path, isDirectory) => path.EndsWith(".bak", StringComparison.Ordinal) ||
            (isDirectory && path.EndsWith("/cache", StringComparison.Ordinal))),
        new("x.bak default.conf /b", (path, _) => path == "/b" || path.EndsWith("/x.bak", StringComparison.Ordinal) ||
            path.EndsWith("/default.conf", StringComparison.Ordinal)),
        new("a/b", (path, _) => path.EndsWith("/a/b", StringComparison.Ordinal)),
    ];

    /// <summary>For a line of <see cref="Node.TreeAsync"/>.</summary>
    public bool Covers(string line)
    {
        var path = RandomTree.PathOf(line);
        if (Matches(path, line[0] == 'd')) return true;
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (Matches(path[..slash], true)) return true;
        }
        return false;
    }
}

/// <summary>Trees with odd names, links, modes and owners, as shell commands that make them.</summary>
internal static class RandomTree
{
    public const string Root = "/etc/nginx/data";

    /// <summary>For the configuration: some directories are another user's here, and a push may delete most of a tree.</summary>
    public const string Allow = "ALLOW_FOREIGN_DIRECTORIES=yes MAX_DELETE=1000";

    private const string Put = """
        put() { # KIND MODE OWNER CONTENT NAME...
          kind=$1 mode=$2 owner=$3 content=$4; shift 4; cd ROOT
          while [ $# -gt 1 ]; do
            n=$(printf '%b' "$1"); mkdir "./$n" 2>/dev/null; [ ! -L "./$n" ] && cd "./$n" 2>/dev/null || return 0; shift
          done
          n=$(printf '%b' "$1"); rm -rf "./$n"
          case $kind in
            link) ln -s -- "$content" "./$n"; chown -h "$owner" "./$n"; return ;;
            directory) mkdir "./$n" ;;
            *) printf %s "$content" >"./$n"
          esac
          chown "$owner" "./$n"; chmod "$mode" "./$n"
        }
        drop() { # NAME...
          put directory 755 root:root - "$@"; rmdir "./$n" 2>/dev/null || :
        }
        umask 022; mkdir -p ROOT

        """;

    /// <summary>Each in the words of printf's %b.</summary>
    private static readonly string[] Names =
    [
        "a", "b", "new", "old", "-rf", "a b", "\"q\"", @"new\nline", @"\0377\0200", @"b\0134s", ".hidden", "$(x)", "100%", "*",
        "x.bak", "cache", "default.conf",
    ];

    private static readonly Gen<string> Command =
        from kind in Gen.Elements("file", "file", "link", "directory")
        from mode in Gen.Elements("644", "600", "755", "4711", "2750")
        from owner in Gen.Elements("root:root", "root:root", "www-data:adm", "4711:4712")
        from content in Gen.Elements("1", "2", "a", "x/y", "/etc")
        from depth in Gen.Choose(1, 3)
        from names in Gen.Elements(Names).ArrayOf(depth)
        select $"put {kind} {mode} {owner} {content} {string.Join(' ', names.Select(name => $"'{name}'"))}\n";

    /// <summary>Some things put into a tree.</summary>
    public static Gen<string> Commands { get; } = Command.ArrayOf(12).Select(string.Concat);

    /// <summary>A few things changed in a tree that is there: put, replaced or dropped.</summary>
    public static Gen<string> Edits { get; } =
        from commands in Gen.Frequency((4, Command), (1, Command.Select(put => $"drop {put[put.IndexOf('\'', StringComparison.Ordinal)..]}")))
            .ArrayOf(4)
        select string.Concat(commands);

    /// <summary>Makes a tree of its own.</summary>
    public static string Script(string commands) => ScriptOfEdits($"rm -rf {Root}; mkdir {Root}\n{commands}");

    /// <summary>Changes the tree that is there.</summary>
    public static string ScriptOfEdits(string commands) => Put.Replace("ROOT", Root, StringComparison.Ordinal) + commands + "true";

    /// <summary>What there is, a line each, and what of it is excluded.</summary>
    public static async Task<(IReadOnlyList<string> Kept, IReadOnlyList<string> Excluded)> LinesAsync(Node node, Exclude exclude)
    {
        var lines = await node.TreeAsync(Root);
        return (lines.Where(line => !exclude.Covers(line)).ToList(), lines.Where(exclude.Covers).ToList());
    }

    /// <summary>The path in such a line, from the root of the tree on.</summary>
    public static string PathOf(string line) => line[(line.LastIndexOf($" {Root}", StringComparison.Ordinal) + 1 + Root.Length)..];
}
