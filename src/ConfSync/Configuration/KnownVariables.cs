using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>A variable of the configuration file, described in Markdown as docs/manual.md has it.</summary>
/// <param name="Meaning">What it is for, as a clause. Its links are relative to docs/manual.md.</param>
/// <param name="Values">What it may hold: <c>1 to 60</c>, <c>list</c>, <c>absolute path</c>, or the words; empty where Meaning says it.</param>
/// <param name="Default">What holds where the file does not set it.</param>
public sealed record Variable(string Name, string Meaning, string Values, string Default);

/// <summary>A variable that nginx-sync.sh read and that has no effect in this program.</summary>
/// <param name="Reason">Why it has no effect, as a clause of Markdown for the manual.</param>
public sealed record SupersededVariable(string Name, string Reason);

/// <summary>The names that a configuration file may assign.</summary>
public static class KnownVariables
{
    /// <summary>The variables that have an effect, in the order of the manual. The manual, the manual page
    /// and the tables of the documents are made from it (CONTRIBUTING.md).</summary>
    public static ImmutableArray<Variable> All { get; } =
    [
        new("NODES",
            "the peers; see [NODES](#nodes)", "list", "required, except for `-c` and `history NODE`"),
        new("INVENTORY",
            "the program that `@ansible:` of `NODES` asks, with its arguments; see [Nodes of an Ansible inventory](#nodes-of-an-ansible-inventory)", "command", "`ansible-inventory --list`"),
        new("CONFPATHS",
            "what is pushed; see [CONFPATHS](#confpaths)", "list", "required"),
        new("EXCLUDE",
            "what stays as it is on every machine; see [EXCLUDE](#exclude)", "list", "none"),
        new("POSTSYNC",
            "changes to files on their way; see [POSTSYNC](#postsync)", "", "none"),
        new("TEMPLATES",
            "files with marks `%{NAME}` that each node gets with its own values; see [What differs from node to node](#what-differs-from-node-to-node)", "list", "none"),
        new("BACKUPDIR",
            "where former states are kept, on the primary and on each peer. Neither in one of `CONFPATHS` nor around one", "absolute path, two levels or more", "`/var/lib/nginx-sync`"),
        new("KEEP",
            "how many generations a peer keeps", "1 to 1000", "10"),
        new("LOCKFILE",
            "one push at a time on the primary", "absolute path", "`/run/nginx-sync.lock`; with `-u` and not root: `/run/lock/nginx-sync.lock`"),
        new("NGINX",
            "the nginx program itself (no script that starts it), on the primary and on each peer; see [nginx and its relatives](services.md#nginx-and-its-relatives)", "absolute path", "`/usr/sbin/nginx`, or the relative's whose files `CONFPATHS` names"),
        new("SERVICES",
            "which services are tested and reloaded: `nginx` or a relative of it, `haproxy`, `keepalived`, or [your own](services.md#a-service-of-your-own); see [Services](services.md)", "list", "those whose files `CONFPATHS` names"),
        new("NGINX_PATHS",
            "files and directories of `CONFPATHS` that nginx reads besides its own directory, where other services take part; see [Services](services.md#whose-files-are-whose)", "list", "none"),
        new("HAPROXY_PATHS",
            "the same for HAProxy, such as certificates", "list", "none"),
        new("HAPROXY",
            "the haproxy program, on each peer", "absolute path", "`/usr/sbin/haproxy`"),
        new("KEEPALIVED_PATHS",
            "the same for keepalived, such as the scripts that it runs", "list", "none"),
        new("KEEPALIVED",
            "the keepalived program, on each peer", "absolute path", "`/usr/sbin/keepalived`"),
        new("KEEPALIVED_REMOVALS",
            "a push may take virtual addresses and instances out of keepalived's files; see [keepalived](services.md#keepalived)", "`yes`, `no`", "`no`"),
        new("KEEPALIVED_INCOMPATIBLE",
            "a push may change what the nodes of a cluster must have in common; see [keepalived](services.md#what-nodes-must-have-in-common)", "`yes`, `no`", "`no`"),
        new("PIDFILE",
            "the pid file of the nginx that is meant, on the primary and on each peer, where nginx-sync cannot find that nginx; see [Which nginx](#which-nginx)", "absolute path", "none: nginx-sync looks for the master"),
        new("SSH",
            "the ssh program. Options belong into `~/.ssh/config`", "absolute path", "`/usr/bin/ssh`"),
        new("SED",
            "the sed program, on the primary", "absolute path", "`/bin/sed`"),
        new("SSHKEY",
            "a private key to offer besides those that ssh offers by itself; nginx-sync warns if it is not there", "absolute path", "none"),
        new("TRANSPORT",
            "`auto`: nginx-sync itself logs in where that gives what ssh would give, and ssh does the rest; `ssh`: ssh makes all logins, as it does where `SSH` is set; see [Logins without ssh](#logins-without-ssh)", "`auto`, `ssh`", "`auto`"),
        new("LOGINS",
            "how many logins are in flight at a time; see [Many nodes](#many-nodes)", "1 to 1000", "32"),
        new("SSH_PERSIST",
            "seconds for which a login is kept for the next command; see [Kept logins](#kept-logins)", "0 to 86400", "0: not at all"),
        new("CONNECT_TIMEOUT",
            "seconds for one login, until the node answers", "1 to 86400", "10"),
        new("RELOAD_TIMEOUT",
            "seconds for a reload to replace the workers", "3 to 86400", "60"),
        new("CONFIRM_TIMEOUT",
            "seconds of silence after which a peer undoes what is not confirmed", "5 to 86400", "30"),
        new("TEST_TIMEOUT",
            "seconds for one `nginx -t`, on the primary and on each peer, or for one test of another service", "1 to 86400", "60"),
        new("STEP_TIMEOUT",
            "seconds for one step that reads or writes files, such as a scan, a sync or the renames; see [Time-outs](#time-outs)", "5 to 86400", "120"),
        new("REQUIRE_STAGED_TEST",
            "refuse a node where the result cannot be tested before it is live", "`yes`, `no`", "`no`"),
        new("HEALTHCHECK",
            "a command that must succeed on a peer after its reload; see [HEALTHCHECK](#healthcheck)", "a line of shell", "none"),
        new("HEALTHCHECK_TIMEOUT",
            "seconds for it to succeed", "1 to 86400", "10"),
        new("ON_FINISH",
            "a command on the primary that gets the JSON document of a run; see [ON_FINISH](#on_finish)", "a line of shell", "none"),
        new("ON_FINISH_TIMEOUT",
            "seconds for it to end", "1 to 86400", "30"),
        new("MAX_DELETE",
            "how many paths a push may delete on one node; see [What a push does](#what-a-push-does)", "0 to 1000000", "none: more than ten are too many if they are more than half of what the node holds under one of `CONFPATHS`"),
        new("DIFF_LIMIT",
            "of a file larger than this, in bytes, only the sizes are shown by `-d`, `-w` and `--report`; see [Comparing](compare.md#variables)", "0 to 67108864", "1048576"),
        new("REDACT",
            "patterns, written like those of `EXCLUDE`, of files whose contents are never shown, in addition to those of [Comparing](compare.md#secrets)", "list", "none"),
        new("SHOW",
            "patterns, written in the same way, of files whose contents are shown although their name or mode makes them secret", "list", "none"),
        new("ALLOW_FOREIGN_DIRECTORIES",
            "go on where another user may write to a directory of `CONFPATHS`; see [Directories of other users](#directories-of-other-users)", "`yes`, `no`", "`no`"),
        new("EXPECT_RUNNING",
            "nginx is to run on every node. If it does not run on one, the output says so loudly, a push ends with 2 and a comparison with 1. `no` is for standbys that are stopped on purpose. Where [several services](services.md) take part: the names of those that are to run, or `yes` or `no` for all", "`yes`, `no`, list", "`yes`"),
        new("ORDER",
            "the order in which nodes are activated: `nodes` as in `NODES`; `roles`: those that hold virtual addresses last. See [Clusters](clusters.md#the-order-between-nodes)", "`nodes`, `roles`", "`roles` where there is a [cluster.conf](clusters.md) or `CONFPATHS` holds `/etc/keepalived`, else `nodes`"),
        new("PRIMARY_IS_HOLDER",
            "every push is one with `--if-holder`: it goes on only on the machine that holds the virtual address; see [Clusters](clusters.md#the-same-on-every-machine)", "`yes`, `no`, an instance", "`no`"),
        new("OVERWRITE",
            "overwrite what was edited on a node since the last push; `no` refuses the node, and `--force` overwrites it for once. See [What is overwritten](#what-is-overwritten)", "`yes`, `no`", "`yes`"),
        new("ALL_OR_NONE",
            "every push is one with `--all-or-none`; see [All or none](#all-or-none)", "`yes`, `no`", "`no`"),
    ];

    /// <summary>The names of <see cref="All"/>, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(variable => variable.Name).Order(StringComparer.Ordinal)];

    /// <summary>The variables of nginx-sync.sh 1.1 that are accepted and have no effect: RSYNC and DIFF of its manual, and
    /// what its script sets before it reads the file.</summary>
    public static ImmutableArray<SupersededVariable> Superseded { get; } =
    [
        new("RSYNC", "files travel over ssh itself, without rsync"),
        new("RSYNCVERB", "there is no rsync; use `-r` to see every path"),
        new("DIFF", "this program itself makes the comparisons"),
        new("DIFFVERB", "there is no diff program; use `-d` to see the differences"),
        new("SERVICE", "nginx is reloaded by its own signal; `SERVICES` names what else is reloaded"),
        new("SUDO", "sudo is looked for in a fixed list of directories; use `-u` to do without it"),
        new("MAXBACKUPCOPY", "`KEEP` says how many generations a peer keeps; the primary always keeps ten saves"),
        new("MINDEPTH", "the least depth of a path in `CONFPATHS` is fixed at two levels"),
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
        "a peer's own tools are looked for in `/usr/local/sbin`, `/usr/local/bin`, `/usr/sbin`, `/usr/bin`, `/sbin` and `/bin`";

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
