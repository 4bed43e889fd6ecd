using System.Collections.Immutable;
using ConfSync.Inventory;
using ConfSync.Services;
using ConfSync.Trees;

namespace ConfSync.Configuration;

/// <summary>What a configuration file says, complete with defaults and checked as far as that needs nothing but the
/// file. See <see cref="ConfigurationFile"/> for where it comes from.</summary>
/// <param name="Path">The file as it was named.</param>
public sealed record SyncConfig(string Path)
{
    public const string DefaultPath = "/etc/nginx-sync.conf";
    public const string DefaultBackupDir = "/var/lib/nginx-sync";
    public const string DefaultSsh = "/usr/bin/ssh";
    public const string DefaultSed = "/bin/sed";

    /// <summary>More paths than any push deletes.</summary>
    public const int MostDeletions = 1_000_000;

    /// <summary><c>NODES</c>: no two are equal. May be empty: see <see cref="MissingNodes"/>.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary><c>CONFPATHS</c>: at least one; absolute, normalised, two levels deep or more, none in another, in the
    /// order of the file.</summary>
    public ImmutableArray<string> ConfPaths { get; init; } = [];

    /// <summary><c>EXCLUDE</c>: patterns, not looked into.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary><c>POSTSYNC</c>: each for a file at or under one of <see cref="ConfPaths"/>.</summary>
    public ImmutableArray<PostSyncRule> PostSync { get; init; } = [];

    /// <summary><c>BACKUPDIR</c>: absolute, normalised, neither in a configuration path nor around one.</summary>
    public string BackupDir { get; init; } = DefaultBackupDir;

    /// <summary><c>LOCKFILE</c>: null where it is not set.</summary>
    public string? LockFile { get; init; }

    /// <summary>What is tested and reloaded: nginx, with <c>NGINX</c> and <c>PIDFILE</c>.</summary>
    public Service Service { get; init; } = new(ServiceDefinition.Nginx);

    /// <summary><c>SSH</c>.</summary>
    public string Ssh { get; init; } = DefaultSsh;

    /// <summary><c>SED</c>.</summary>
    public string Sed { get; init; } = DefaultSed;

    /// <summary><c>SSHKEY</c>: null where SSH decides.</summary>
    public string? SshKey { get; init; }

    /// <summary><c>SSH_PERSIST</c>: how long a login is kept for the next command; zero for not at all.</summary>
    public TimeSpan SshPersist { get; init; } = TimeSpan.Zero;

    /// <summary><c>CONNECT_TIMEOUT</c>: for a login.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>RELOAD_TIMEOUT</c>: until new workers serve; at least three seconds.</summary>
    public TimeSpan ReloadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>CONFIRM_TIMEOUT</c>: how long a peer bears silence before it undoes; at least five
    /// seconds.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>TEST_TIMEOUT</c>: for one <c>nginx -t</c>.</summary>
    public TimeSpan TestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>STEP_TIMEOUT</c>: for one step of work on files, such as a scan or a sync; at least five
    /// seconds.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>REQUIRE_STAGED_TEST</c>: refuse a peer where the result cannot be tested before it goes
    /// live.</summary>
    public bool RequireStagedTest { get; init; }

    /// <summary><c>KEEP</c>: generations to keep; at least one.</summary>
    public int Keep { get; init; } = 10;

    /// <summary><c>MAX_DELETE</c>: how many paths a push may delete on one node; null where the user leaves that to
    /// <see cref="ConfSync.Changes.DeletionRule"/>.</summary>
    public int? MaxDelete { get; init; }

    /// <summary><c>DIFF_LIMIT</c>: of a larger file, a comparison says only that it differs; in bytes.</summary>
    public int DiffLimit { get; init; } = 1024 * 1024;

    /// <summary><c>REDACT</c>: patterns as for <see cref="Exclude"/>, not looked into. Files that no comparison
    /// shows.</summary>
    public ImmutableArray<string> Redact { get; init; } = [];

    /// <summary><c>SHOW</c>: patterns as for <see cref="Exclude"/>, not looked into. Files that a comparison shows though
    /// they look like secrets.</summary>
    public ImmutableArray<string> Show { get; init; } = [];

    /// <summary><c>HEALTHCHECK</c>: null where there is none.</summary>
    public string? HealthCheck { get; init; }

    /// <summary><c>HEALTHCHECK_TIMEOUT</c>.</summary>
    public TimeSpan HealthCheckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>ON_FINISH</c>: null where there is none.</summary>
    public string? OnFinish { get; init; }

    /// <summary><c>ON_FINISH_TIMEOUT</c>.</summary>
    public TimeSpan OnFinishTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>ALLOW_FOREIGN_DIRECTORIES</c>: go on where another user than root and the login may write to a directory
    /// in which this program works.</summary>
    public bool AllowForeignDirectories { get; init; }

    /// <summary><c>EXPECT_RUNNING</c>: a node where nginx does not run is one that something is wrong with.</summary>
    public bool ExpectRunning { get; init; } = true;

    /// <summary><c>ALL_OR_NONE</c>.</summary>
    public bool AllOrNone { get; init; }

    /// <summary>The patterns that are to match something.</summary>
    internal IEnumerable<NamedPattern> WatchedPatterns =>
        Exclude.Select(text => new NamedPattern("EXCLUDE", text)).Concat(Redact.Select(text => new NamedPattern("REDACT", text)));

    /// <summary>What the digests of states are of (<see cref="SnapshotDigest.ScopeOf"/>).</summary>
    public string Scope => SnapshotDigest.ScopeOf(ConfPaths, Exclude);

    /// <summary>
    /// What to say where peers are needed and none is named; null where some are. A push and <c>-C</c> need them,
    /// <c>-c NODE</c> does not.
    /// </summary>
    public ConfigurationProblem? MissingNodes => Nodes.IsEmpty
        ? new ConfigurationProblem(Path, 0, "NODES is not set: name the peers, such as NODES=\"192.0.2.11 192.0.2.12\"")
        : null;
}
