using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Services;

namespace ConfSync.Configuration;

/// <summary>Makes a <see cref="SyncConfig"/> from assignments: defines what each variable means and what it may
/// hold.</summary>
internal sealed class SyncConfigReader
{
    private static readonly ImmutableArray<string> OwnDirectories =
        [SyncConfig.DefaultBackupDir, "/run/nginx-sync", "/run/nginx-sync-ssh", "/var/run/nginx-sync", "/var/run/nginx-sync-ssh"];

    private static readonly ImmutableArray<string> OwnFiles =
    [
        .. OwnDirectories[1..], $"{SyncConfig.DefaultBackupDir}/transaction", $"{SyncConfig.DefaultBackupDir}/served",
        $"{SyncConfig.DefaultBackupDir}/decision",
    ];

    private static readonly ImmutableArray<string> TakenAsBytes = ["CONFPATHS", "EXCLUDE", "REDACT", "SHOW", "POSTSYNC", "TEMPLATES"];

    private readonly string file;
    private readonly ShellAssignments parsed;
    private readonly Settings settings;
    private readonly List<ConfigurationProblem> problems;

    private readonly Func<ImmutableArray<string>, TimeSpan, InventoryAnswer>? inventory;

    private readonly ImmutableArray<Service> ownServices;

    /// <param name="inventory">See <see cref="NodesReader"/>.</param>
    /// <param name="ownServices">See <see cref="ServiceReader"/>.</param>
    public SyncConfigReader(
        string file, ShellAssignments parsed, Func<ImmutableArray<string>, TimeSpan, InventoryAnswer>? inventory, ImmutableArray<Service> ownServices)
    {
        this.file = file;
        this.ownServices = ownServices;
        this.inventory = inventory;
        this.parsed = parsed;
        problems = [.. parsed.Problems];
        // As in a shell, the last assignment counts.
        var values = parsed.Assignments.GroupBy(assignment => assignment.Name)
            .ToDictionary(group => group.Key, group => group.Last());
        settings = new Settings(values, (line, message, isWarning) =>
            problems.Add(new ConfigurationProblem(file, line, message, isWarning)));
    }

    public ConfigurationResult Read()
    {
        RefuseMisspelt();
        WarnOfEncoding();
        WarnOfReplaced();
        var defaults = new SyncConfig(file);
        var errorsBefore = ErrorCount;
        var paths = ConfPaths();
        var allPathsAreGood = ErrorCount == errorsBefore;
        // If some paths are missing because of an error, rules and patterns for them must not be reported as wrong.
        var knownPaths = allPathsAreGood ? paths : [];
        var patterns = new PatternReader(settings, knownPaths);
        var stepTimeout = settings.Seconds("STEP_TIMEOUT", defaults.StepTimeout, least: 5);
        var nodesReader = new NodesReader(settings, inventory, stepTimeout, (line, message) =>
            problems.Add(new ConfigurationProblem(file, line, message) { Area = ConfigurationArea.Inventory }));
        var nodes = nodesReader.Read();
        var logins = settings.OneOf("TRANSPORT", defaults.Transport, ("auto", LoginMaker.Auto), ("ssh", LoginMaker.Ssh));
        var config = defaults with
        {
            Nodes = nodes,
            Groups = nodesReader.Groups,
            PerNode = NodeDirectory.None with { InventoryValues = nodesReader.Values },
            ConfPaths = paths,
            Exclude = patterns.Read("EXCLUDE"),
            PostSync = PostSync(knownPaths, nodes),
            Templates = Templates(knownPaths),
            BackupDir = BackupDir(paths),
            LockFile = settings.Path("LOCKFILE", levels: 1),
            Services = new ServiceReader(settings, ownServices).Read(paths),
            NamesServices = settings.Find("SERVICES") is not null,
            Ssh = settings.Program("SSH") ?? defaults.Ssh,
            Transport = settings.Find("SSH") is null ? logins : LoginMaker.Ssh,
            Sed = settings.Program("SED") ?? defaults.Sed,
            SshKey = settings.Path("SSHKEY", levels: 1),
            Logins = settings.Number("LOGINS", defaults.Logins, least: 1, most: 1000),
            SshPersist = settings.Seconds("SSH_PERSIST", defaults.SshPersist, least: 0),
            ConnectTimeout = settings.Seconds("CONNECT_TIMEOUT", defaults.ConnectTimeout),
            ReloadTimeout = settings.Seconds("RELOAD_TIMEOUT", defaults.ReloadTimeout, least: 3),
            ConfirmTimeout = settings.Seconds("CONFIRM_TIMEOUT", defaults.ConfirmTimeout, least: 5),
            TestTimeout = settings.Seconds("TEST_TIMEOUT", defaults.TestTimeout),
            StepTimeout = stepTimeout,
            RequireStagedTest = settings.YesNo("REQUIRE_STAGED_TEST"),
            Keep = settings.Number("KEEP", defaults.Keep, least: 1, most: 1000),
            MaxDelete = settings.Find("MAX_DELETE") is null ? null : settings.Number("MAX_DELETE", 0, least: 0, SyncConfig.MostDeletions, "of paths "),
            DiffLimit = settings.Number("DIFF_LIMIT", defaults.DiffLimit, least: 0, most: 64 * 1024 * 1024, "of bytes "),
            Redact = patterns.Read("REDACT"),
            Show = patterns.Read("SHOW"),
            HealthCheck = settings.Text("HEALTHCHECK"),
            HealthCheckTimeout = settings.Seconds("HEALTHCHECK_TIMEOUT", defaults.HealthCheckTimeout),
            OnFinish = settings.Text("ON_FINISH"),
            OnFinishTimeout = settings.Seconds("ON_FINISH_TIMEOUT", defaults.OnFinishTimeout),
            AllowForeignDirectories = settings.YesNo("ALLOW_FOREIGN_DIRECTORIES"),
            PrimaryHolds = PrimaryHolds(),
            Order = settings.OneOf("ORDER", defaults.Order, ("nodes", NodeOrder.Nodes), ("roles", NodeOrder.Roles)),
            Overwrite = settings.YesNo("OVERWRITE", defaults.Overwrite),
            AllOrNone = settings.YesNo("ALL_OR_NONE"),
        };
        return new ConfigurationResult(ErrorCount == 0 ? config : null, [.. problems.OrderBy(problem => problem.Line)]);
    }

    private int ErrorCount => problems.Count(problem => !problem.IsWarning);

    // A misspelt name is an error, because EXLCUDE="local.conf" would let a push delete that file on every node. A variable
    // that another value refers to is accepted whatever its name.
    private void RefuseMisspelt()
    {
        var helpers = parsed.Assignments.SelectMany(assignment => assignment.References.Remove(assignment.Name)).ToHashSet();
        foreach (var unknown in parsed.Assignments.DistinctBy(assignment => assignment.Name)
            .Where(assignment => !KnownVariables.Contains(assignment.Name) && !helpers.Contains(assignment.Name)))
        {
            var what = $"{unknown.Name} is not a variable of nginx-sync";
            var nearest = KnownVariables.Nearest(unknown.Name);
            if (nearest.Count == 0) settings.Warn(unknown.Line, $"{what}: it has no effect");
            else if (!KnownVariables.Names.Contains(nearest[0])) settings.Warn(unknown.Line, $"{what}, and neither has {nearest[0]} an effect");
            else settings.Error(unknown.Line, $"{what}: did you mean {string.Join(" or ", nearest)}? Correct the name, or remove the line");
        }
    }

    // This is only a warning, because file names are any bytes and the value may be right.
    private void WarnOfEncoding()
    {
        foreach (var name in TakenAsBytes)
        {
            if (settings.Find(name) is not { Value: { } value } found || PosixText.IsUtf8(value)) continue;
            settings.Warn(found.Line, $"{name}: the value holds bytes that are not UTF-8, and they are taken as they stand: if they are to be " +
                "letters, save the file as UTF-8");
        }
    }

    private void WarnOfReplaced()
    {
        var before = new Dictionary<string, ShellAssignment>(StringComparer.Ordinal);
        foreach (var later in parsed.Assignments.Where(assignment => KnownVariables.Contains(assignment.Name)))
        {
            if (before.TryGetValue(later.Name, out var former) && !later.References.Contains(later.Name))
            {
                settings.Warn(later.Line, $"{later.Name} replaces the value it was given in line {former.Line}: " +
                    "remove one of them");
            }
            before[later.Name] = later;
        }
    }

    // What is neither of the two words is the name of an instance.
    private string? PrimaryHolds() => settings.Text("PRIMARY_IS_HOLDER") switch
    {
        null or "" => null,
        var word when word.Equals("no", StringComparison.OrdinalIgnoreCase) => null,
        var word when word.Equals("yes", StringComparison.OrdinalIgnoreCase) => "",
        var name => name,
    };

    private ImmutableArray<string> ConfPaths()
    {
        var paths = new List<Settings.Word>();
        foreach (var word in settings.Words("CONFPATHS"))
        {
            if (!AbsolutePath.TryNormalise(word.Text, levels: 2, out var path, out var problem))
            {
                settings.Error(word.Line, $"CONFPATHS: {problem}");
                continue;
            }
            if (path.AsSpan().ContainsAny('*', '?', '['))
            {
                settings.Warn(word.Line, $"CONFPATHS: {Quoted.Of(path)} is taken as it stands, not as a pattern: " +
                    "name the directory, and in EXCLUDE what to leave out of it");
            }
            if (paths.Exists(other => other.Text == path))
            {
                settings.Warn(word.Line, $"CONFPATHS: {Quoted.Of(path)} stands there twice: remove one of them");
            }
            else
            {
                paths.Add(word with { Text = path });
            }
        }
        if (paths.Count == 0) ReportNoPaths();
        return [.. paths.Where(inner => !IsInAnother(inner)).Select(path => path.Text)];

        bool IsInAnother(Settings.Word path)
        {
            var outer = paths.Find(other => other.Text != path.Text && AbsolutePath.IsAtOrUnder(path.Text, other.Text)).Text;
            if (outer is null) return false;
            settings.Warn(path.Line, $"CONFPATHS: {Quoted.Of(path.Text)} is pushed with {Quoted.Of(outer)} already: remove it");
            return true;
        }
    }

    private void ReportNoPaths()
    {
        var assignment = parsed.Assignments.LastOrDefault(assignment => assignment.Name == "CONFPATHS");
        // A problem with a value that is there was reported before.
        if (assignment is { Value: null } || assignment?.Value.AsSpan().ContainsAnyExcept(" \t\n") == true) return;
        settings.Error(assignment?.Line ?? 0, $"CONFPATHS is {(assignment is null ? "not set" : "empty")}: " +
            "name the files and directories to push, such as CONFPATHS=\"/etc/nginx\"");
    }

    private ImmutableArray<PostSyncRule> PostSync(ImmutableArray<string> confPaths, ImmutableArray<Node> nodes)
    {
        if (settings.Find("POSTSYNC") is not { Value: { } value } found) return [];
        var rules = new List<PostSyncRule>();
        foreach (var item in PostSyncItems.Split(value, word => NodeSelection.Of(nodes, [word]).Unknown.IsEmpty))
        {
            var line = found.LineAt(item.Offset);
            var (node, file) = PostSyncItems.Divide(item.File);
            if (item.Problem is not null)
            {
                settings.Error(line, $"POSTSYNC: {Quoted.Of(item.File)} {item.Problem}");
            }
            else if (node is not null && NodeSelection.Of(nodes, [node]).Unknown is [var unknown, ..])
            {
                settings.Error(line, $"POSTSYNC: {Quoted.Of(unknown)} is no node of NODES");
            }
            else if (PushedPath("POSTSYNC", new Settings.Word(file, line), confPaths) is { } path)
            {
                rules.Add(new PostSyncRule(path, item.Expression, line) { For = node });
            }
        }
        return [.. rules];
    }

    private ImmutableArray<string> Templates(ImmutableArray<string> confPaths) =>
        [.. settings.Words("TEMPLATES").Select(word => PushedPath("TEMPLATES", word, confPaths)).OfType<string>().Distinct()];

    /// <returns>The path of a file that is pushed; null where it was reported as wrong.</returns>
    private string? PushedPath(string name, Settings.Word word, ImmutableArray<string> confPaths)
    {
        if (!AbsolutePath.TryNormalise(word.Text, levels: 2, out var path, out var problem))
        {
            settings.Error(word.Line, $"{name}: {problem}");
            return null;
        }
        if (confPaths.IsEmpty || confPaths.Any(confPath => AbsolutePath.IsAtOrUnder(path, confPath))) return path;
        settings.Error(word.Line, $"{name}: {Quoted.Of(path)} is not pushed: add it to CONFPATHS");
        return null;
    }

    private string BackupDir(ImmutableArray<string> confPaths)
    {
        var backupDir = settings.Path("BACKUPDIR", levels: 2) ?? SyncConfig.DefaultBackupDir;
        var line = settings.Find("BACKUPDIR")?.Line ?? settings.Find("CONFPATHS")?.Line ?? 0;
        foreach (var path in confPaths)
        {
            if (AbsolutePath.IsAtOrUnder(backupDir, path))
            {
                settings.Error(line, settings.Find("BACKUPDIR") is null
                    ? $"CONFPATHS: {Quoted.Of(path)} holds {Quoted.Of(backupDir)}, where the backups are kept: leave it out"
                    : $"BACKUPDIR: {Quoted.Of(backupDir)} is in {Quoted.Of(path)} of CONFPATHS, which is pushed: keep the backups elsewhere");
            }
            else if (AbsolutePath.IsAtOrUnder(path, backupDir))
            {
                settings.Error(line, $"CONFPATHS: {Quoted.Of(path)} is in {Quoted.Of(backupDir)}, " +
                    "where the backups are kept: set BACKUPDIR to another directory");
            }
        }
        RefuseOwn(confPaths, backupDir);
        return backupDir;
    }

    // Refuses paths that hold the program's own files on the peers, because a push would delete these as files that the
    // primary does not have.
    private void RefuseOwn(ImmutableArray<string> confPaths, string backupDir)
    {
        foreach (var own in OwnDirectories.Where(own => own != backupDir))
        {
            foreach (var path in confPaths.Where(path => AbsolutePath.IsAtOrUnder(path, own) || AbsolutePath.IsAtOrUnder(own, path)))
            {
                settings.Error(settings.Find("CONFPATHS")?.Line ?? 0, $"CONFPATHS: {Quoted.Of(path)} " +
                    $"{(AbsolutePath.IsAtOrUnder(path, own) ? "is in" : "holds")} {own}, where nginx-sync keeps its own files: " +
                    "name what is beside it");
            }
        }
        if (OwnFiles.FirstOrDefault(own => AbsolutePath.IsAtOrUnder(backupDir, own)) is { } file)
        {
            settings.Error(settings.Find("BACKUPDIR")?.Line ?? 0, $"BACKUPDIR: {Quoted.Of(backupDir)} is in {file}, whose " +
                "content nginx-sync removes by itself: keep the backups elsewhere");
        }
    }
}
