using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Services;
using ConfSync.Trees;

namespace ConfSync.Configuration;

/// <summary>The content of a configuration file, complete with defaults and checked as far as the file alone allows.
/// <see cref="ConfigurationFile"/> reads it.</summary>
/// <param name="Path">The file, as the user named it.</param>
public sealed record SyncConfig(string Path)
{
    public const string DefaultPath = "/etc/nginx-sync.conf";
    public const string DefaultBackupDir = "/var/lib/nginx-sync";
    public const string DefaultSsh = "/usr/bin/ssh";
    public const string DefaultSed = "/bin/sed";

    /// <summary>A limit on deletions that no push reaches.</summary>
    public const int MostDeletions = 1_000_000;

    /// <summary><c>NODES</c>: no two are equal. May be empty: see <see cref="MissingNodes"/>.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary>The groups of the inventory; none where <c>NODES</c> does not refer to one.</summary>
    public HostGroups Groups { get; init; } = HostGroups.None;

    /// <summary><c>CONFPATHS</c>: at least one path. Each is absolute, normalised, at least two levels deep, and in no
    /// other one. They are in the order of the file.</summary>
    public ImmutableArray<string> ConfPaths { get; init; } = [];

    /// <summary><c>EXCLUDE</c>: the patterns as they are written.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary><c>POSTSYNC</c>: the rules, each for a file at or beneath one of <see cref="ConfPaths"/>.</summary>
    public ImmutableArray<PostSyncRule> PostSync { get; init; } = [];

    /// <summary><c>TEMPLATES</c>: each is at or beneath one of <see cref="ConfPaths"/>. Its text is in
    /// <see cref="NodeDirectory.TemplatesPath"/>.</summary>
    public ImmutableArray<string> Templates { get; init; } = [];

    /// <summary>What differs from node to node.</summary>
    public NodeDirectory PerNode { get; init; } = NodeDirectory.None;

    /// <summary>Nodes may be meant to hold something else than others.</summary>
    public bool MayDifferByNode =>
        PerNode.HasTemplates || !PerNode.WithFiles.IsEmpty || PerNode.Cluster is not null || PostSync.Any(rule => rule.For is not null);

    /// <summary><c>BACKUPDIR</c>: absolute, normalised, and neither in one of <see cref="ConfPaths"/> nor above
    /// one.</summary>
    public string BackupDir { get; init; } = DefaultBackupDir;

    /// <summary><c>LOCKFILE</c>; null where it is not set.</summary>
    public string? LockFile { get; init; }

    /// <summary><c>SERVICES</c>: the services that are tested and reloaded, with their own variables; without it, those whose files
    /// are pushed.</summary>
    public ServiceSet Services { get; init; } = ServiceSet.Default;

    /// <summary><c>SERVICES</c> is set.</summary>
    public bool NamesServices { get; init; }

    /// <summary><c>SSH</c>: the path of the ssh program.</summary>
    public string Ssh { get; init; } = DefaultSsh;

    /// <summary><c>LOGINS</c>: the most logins at a time. To one address, and to nodes that may be behind a jump host, there are
    /// eight at most.</summary>
    public int Logins { get; init; } = 32;

    /// <summary><c>TRANSPORT</c>: what makes the logins. With <c>SSH</c> it is <see cref="LoginMaker.Ssh"/>.</summary>
    public LoginMaker Transport { get; init; } = LoginMaker.Auto;

    /// <summary><c>SED</c>: the path of the sed program.</summary>
    public string Sed { get; init; } = DefaultSed;

    /// <summary><c>SSHKEY</c>: the path of a private key; null where SSH decides.</summary>
    public string? SshKey { get; init; }

    /// <summary><c>SSH_PERSIST</c>: how long a connection stays open for the next command; zero for not at all.</summary>
    public TimeSpan SshPersist { get; init; } = TimeSpan.Zero;

    /// <summary><c>CONNECT_TIMEOUT</c>: how long a login may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>RELOAD_TIMEOUT</c>: how long a reload may take until new workers serve; at least three
    /// seconds.</summary>
    public TimeSpan ReloadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>CONFIRM_TIMEOUT</c>: after how much silence a peer undoes; at least five seconds.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>TEST_TIMEOUT</c>: how long one <c>nginx -t</c> may take.</summary>
    public TimeSpan TestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>STEP_TIMEOUT</c>: how long one step of work on files may take, such as a scan or a sync; at least five
    /// seconds.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>REQUIRE_STAGED_TEST</c>: refuse a peer where the result cannot be tested before it goes live.</summary>
    public bool RequireStagedTest { get; init; }

    /// <summary><c>KEEP</c>: the number of generations that a peer retains; at least one.</summary>
    public int Keep { get; init; } = 10;

    /// <summary><c>MAX_DELETE</c>: how many paths a push may delete on one node; null for the default rule of
    /// <see cref="ConfSync.Changes.DeletionRule"/>.</summary>
    public int? MaxDelete { get; init; }

    /// <summary><c>DIFF_LIMIT</c>: the largest size in bytes of a file whose content a comparison shows.</summary>
    public int DiffLimit { get; init; } = 1024 * 1024;

    /// <summary><c>REDACT</c>: the patterns of files whose content no comparison shows, as they are written.</summary>
    public ImmutableArray<string> Redact { get; init; } = [];

    /// <summary><c>SHOW</c>: the patterns of files whose content a comparison shows although they look like secrets, as
    /// they are written.</summary>
    public ImmutableArray<string> Show { get; init; } = [];

    /// <summary><c>HEALTHCHECK</c>: a command; null for none.</summary>
    public string? HealthCheck { get; init; }

    /// <summary><c>HEALTHCHECK_TIMEOUT</c>: how long the health check may take.</summary>
    public TimeSpan HealthCheckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>ON_FINISH</c>: null where there is none.</summary>
    public string? OnFinish { get; init; }

    /// <summary><c>ON_FINISH_TIMEOUT</c>.</summary>
    public TimeSpan OnFinishTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>ALLOW_FOREIGN_DIRECTORIES</c>: go on where another user than root and the login may write to a directory
    /// in which this program works.</summary>
    public bool AllowForeignDirectories { get; init; }

    /// <summary><c>OVERWRITE</c>: a push overwrites what was edited on a node since the last push.</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary><c>ORDER</c>: what the order between nodes follows from.</summary>
    public NodeOrder Order { get; init; }

    /// <summary><c>PRIMARY_IS_HOLDER</c>: a push goes on only where this machine holds the addresses of this instance; empty for the first
    /// instance, null where a push goes on everywhere.</summary>
    public string? PrimaryHolds { get; init; }

    /// <summary>Nodes are asked which addresses they hold: where that is asked for, and else where a cluster is defined or keepalived's
    /// files are pushed.</summary>
    public bool AsksRoles => Order == NodeOrder.Roles || (Order == NodeOrder.Automatic && (PerNode.Cluster is not null || ConfPaths.Any(
        path => PosixPath.IsAtOrBeneath(path, KeepalivedFiles.Directory) || PosixPath.IsAtOrBeneath(KeepalivedFiles.Directory, path))));

    /// <summary>CONFPATHS hold this path.</summary>
    public bool Pushes(string path) => ConfPaths.Any(pushed => PosixPath.IsAtOrBeneath(path, pushed));

    /// <summary>A policy that was asked for, with the order that this file says.</summary>
    /// <param name="nodes">How many nodes take part.</param>
    public RolloutPolicy Ordered(RolloutPolicy policy, int nodes) => policy with { ByRoles = AsksRoles && nodes > 1 && policy.BatchSize != int.MaxValue };

    /// <summary><c>ALL_OR_NONE</c>: push to all nodes or none.</summary>
    public bool AllOrNone { get; init; }

    /// <summary>The patterns that are reported if they match nothing.</summary>
    internal IEnumerable<NamedPattern> WatchedPatterns =>
        Exclude.Select(text => new NamedPattern("EXCLUDE", text)).Concat(Redact.Select(text => new NamedPattern("REDACT", text)));

    /// <summary>The scope of all digests (<see cref="SnapshotDigest.ScopeOf"/>).</summary>
    public string Scope => SnapshotDigest.ScopeOf(ConfPaths, Exclude);

    /// <summary>The problem to report if a run needs nodes and none is named; null where some are. A push and <c>-C</c>
    /// need nodes, <c>-c NODE</c> does not.</summary>
    public ConfigurationProblem? MissingNodes => Nodes.IsEmpty
        ? new ConfigurationProblem(Path, 0, "NODES is not set: name the peers, such as NODES=\"192.0.2.11 192.0.2.12\"")
        : null;
}
