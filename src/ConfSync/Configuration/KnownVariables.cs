using System.Collections.Immutable;

namespace ConfSync.Configuration;

/// <summary>A variable that the original read and this program has no use for.</summary>
/// <param name="Reason">Why not, as a clause for the manual.</param>
public sealed record SupersededVariable(string Name, string Reason);

/// <summary>The names that a configuration file may assign.</summary>
public static class KnownVariables
{
    /// <summary>Those that matter.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "ALL_OR_NONE", "BACKUPDIR", "CONFIRM_TIMEOUT", "CONFPATHS", "CONNECT_TIMEOUT", "DIFF_LIMIT", "EXCLUDE", "HEALTHCHECK",
        "HEALTHCHECK_TIMEOUT", "KEEP", "LOCKFILE", "NGINX", "NODES", "POSTSYNC", "REDACT", "RELOAD_TIMEOUT",
        "REQUIRE_STAGED_TEST", "SED", "SSH", "SSHKEY", "SSH_PERSIST",
    ];

    /// <summary>
    /// Those of nginx-sync.sh 1.1 that are accepted and do nothing: RSYNC and DIFF of its manual, and what its script
    /// presets before it reads the file.
    /// </summary>
    public static ImmutableArray<SupersededVariable> Superseded { get; } =
    [
        new("RSYNC", "files travel over ssh itself, without rsync"),
        new("RSYNCVERB", "there is no rsync to be told; use -r for a verbose transfer"),
        new("DIFF", "comparisons are made by this program"),
        new("DIFFVERB", "there is no diff to be told; use -d to see the differences"),
        new("SERVICE", "nginx is reloaded by its own signal"),
        new("SUDO", "sudo is taken from the path; use -u to do without it"),
        new("MAXBACKUPCOPY", "KEEP says how many generations are kept"),
        new("MINDEPTH", "the least depth of a path in CONFPATHS is fixed at two levels"),
        new("TEST", OwnTools),
        new("MKDIR", OwnTools),
        new("CHOWN", OwnTools),
        new("CHMOD", OwnTools),
        new("RM", OwnTools),
        new("MV", OwnTools),
        new("GREP", OwnTools),
        new("WC", OwnTools),
    ];

    private const string OwnTools = "a peer's own tools are found in its path";

    public static bool Contains(string name) =>
        Names.Contains(name) || Superseded.Any(variable => variable.Name == name);

    /// <summary>The name that was most likely meant; null where none is near.</summary>
    public static string? Nearest(string name)
    {
        var (nearest, distance) = Names
            .Select(known => (Name: known, Distance: Distance(name.ToUpperInvariant(), known)))
            .MinBy(candidate => candidate.Distance);
        // Of a short name, two letters are too much to guess.
        return distance <= 2 && distance * 2 < nearest.Length ? nearest : null;
    }

    /// <summary>How many letters are to be inserted, removed, replaced or swapped with their neighbour (the optimal
    /// string alignment distance).</summary>
    private static int Distance(string a, string b)
    {
        // Too far apart in any case; and a name that is a megabyte long needs no table.
        if (Math.Abs(a.Length - b.Length) > 2) return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }
}
