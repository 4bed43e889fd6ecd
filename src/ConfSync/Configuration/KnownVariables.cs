using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>A variable that nginx-sync.sh read and that has no effect in this program.</summary>
/// <param name="Reason">Why it has no effect, as a clause for the manual.</param>
public sealed record SupersededVariable(string Name, string Reason);

/// <summary>The names that a configuration file may assign.</summary>
public static class KnownVariables
{
    /// <summary>The variables that have an effect.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "ALL_OR_NONE", "ALLOW_FOREIGN_DIRECTORIES", "BACKUPDIR", "CONFIRM_TIMEOUT", "CONFPATHS", "CONNECT_TIMEOUT", "DIFF_LIMIT", "EXCLUDE",
        "EXPECT_RUNNING", "HEALTHCHECK", "HEALTHCHECK_TIMEOUT", "KEEP", "LOCKFILE", "MAX_DELETE", "NGINX", "NODES", "ON_FINISH",
        "ON_FINISH_TIMEOUT", "PIDFILE", "POSTSYNC", "REDACT", "RELOAD_TIMEOUT",
        "REQUIRE_STAGED_TEST", "SED", "SHOW", "SSH", "SSHKEY", "SSH_PERSIST", "STEP_TIMEOUT",
        "TEST_TIMEOUT",
    ];

    /// <summary>The variables of nginx-sync.sh 1.1 that are accepted and have no effect: RSYNC and DIFF of its manual, and
    /// what its script sets before it reads the file.</summary>
    public static ImmutableArray<SupersededVariable> Superseded { get; } =
    [
        new("RSYNC", "files travel over ssh itself, without rsync"),
        new("RSYNCVERB", "there is no rsync; use -r to see every path"),
        new("DIFF", "this program itself makes the comparisons"),
        new("DIFFVERB", "there is no diff program; use -d to see the differences"),
        new("SERVICE", "nginx is reloaded by its own signal"),
        new("SUDO", "sudo is looked for in a fixed list of directories; use -u to do without it"),
        new("MAXBACKUPCOPY", "KEEP says how many generations a peer keeps; the primary always keeps ten saves"),
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

    private const string OwnTools =
        "a peer's own tools are looked for in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin and /bin";

    public static bool Contains(string name) =>
        Names.Contains(name) || Superseded.Any(variable => variable.Name == name);

    /// <summary>
    /// The variables that were most likely meant: one or two letters away, without regard to case. Empty where none is
    /// near. A variable of <see cref="Superseded"/> is returned only if none of <see cref="Names"/> is as near.
    /// </summary>
    public static IReadOnlyList<string> Nearest(string name)
    {
        var nearest = Spelling.AllNearest(name.ToUpperInvariant(), Names.Concat(Superseded.Select(variable => variable.Name)));
        var effective = nearest.Where(found => Names.Contains(found)).ToList();
        return effective.Count > 0 ? effective : nearest;
    }
}
