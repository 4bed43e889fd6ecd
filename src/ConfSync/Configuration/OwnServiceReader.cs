using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using ConfSync.Bytes;
using ConfSync.Services;

namespace ConfSync.Configuration;

/// <summary>The services of the administrator's own, and what is wrong with their files.</summary>
/// <param name="Services">By their names.</param>
/// <param name="Directory">Where each has a file <c>NAME.conf</c>.</param>
internal sealed record OwnServices(string Directory, ImmutableArray<Service> Services, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <summary>A warning for each service that takes no part although SERVICES does not say so: its paths may be misspelt.</summary>
    /// <param name="config">Null where it is wrong, so that nothing follows from it.</param>
    public IEnumerable<ConfigurationProblem> WithoutEffect(SyncConfig? config) =>
        config is null || config.NamesServices ? [] :
        from service in Services
        where config.Services.All.All(other => other.Name != service.Name)
        select new ConfigurationProblem(
            $"{Directory}/{service.Name}{OwnServiceReader.Suffix}", 0, "none of its PATHS is in CONFPATHS: it has no effect", IsWarning: true);
}

/// <summary>Reads <c>services/NAME.conf</c>, the definition of a service that is not built in.</summary>
internal sealed partial class OwnServiceReader
{
    public const string Suffix = ".conf";

    // All commands travel in one string of an environment, of which Linux allows 128 KiB.
    private const int MostOfCommand = 1000, MostServices = 8;

    private static readonly ImmutableArray<string> Known = ["PATHS", "PROGRAM", "TEST", "RELOAD", "RUNNING", "SERVES", "SERVES_TIMEOUT"];

    // Words of EXPECT_RUNNING, and settings of the peer's script.
    private static readonly ImmutableArray<string> Taken =
    [
        "yes", "no", "timeout", "removals", "incompatible",
        .. ServiceDefinition.BuiltIn.Select(service => service.Name), .. NginxKind.All.Select(kind => kind.Name),
    ];

    private readonly string file;
    private readonly ShellAssignments parsed;
    private readonly Settings settings;
    private readonly List<ConfigurationProblem> problems;

    private OwnServiceReader(string file, ShellAssignments parsed)
    {
        (this.file, this.parsed, problems) = (file, parsed, [.. parsed.Problems]);
        settings = new Settings(
            parsed.Assignments.GroupBy(assignment => assignment.Name).ToDictionary(group => group.Key, group => group.Last()),
            (line, message, isWarning) => problems.Add(new ConfigurationProblem(file, line, message, isWarning)));
    }

    /// <param name="directory">It need not exist.</param>
    /// <param name="read">Reads a file of assignments.</param>
    /// <param name="accessProblem">Why a directory is not to be trusted; null where it is.</param>
    public static OwnServices ReadAll(string directory, Func<string, ShellAssignments> read, Func<string, string?> accessProblem)
    {
        var services = ImmutableArray.CreateBuilder<Service>();
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        try
        {
            if (!Directory.Exists(directory)) return new OwnServices(directory, [], []);
            if (accessProblem(directory) is { } problem) problems.Add(new(directory, 0, problem));
            foreach (var path in Directory.GetFileSystemEntries(directory).Order(StringComparer.Ordinal))
            {
                if (!path.EndsWith(Suffix, StringComparison.Ordinal))
                {
                    problems.Add(new(path, 0, $"a service is a file NAME{Suffix}: this has no effect", IsWarning: true));
                    continue;
                }
                var (service, found) = new OwnServiceReader(path, read(path)).Read();
                if (service is not null) services.Add(service);
                problems.AddRange(found);
            }
            if (services.Count > MostServices) problems.Add(new(directory, 0, $"these are {services.Count} services: {MostServices} are the most"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(directory, 0, $"cannot be read: {PosixText.Printable(exception.Message)}"));
        }
        return new OwnServices(directory, services.ToImmutable(), problems.ToImmutable());
    }

    private (Service? Service, IEnumerable<ConfigurationProblem> Problems) Read()
    {
        var name = Path.GetFileNameWithoutExtension(file);
        // A file that could not be read has nothing else that is wrong.
        if (parsed is { Assignments.IsEmpty: true, Problems.IsEmpty: false }) return (null, problems);
        RefuseName(name);
        RefuseUnknown();
        var program = settings.Program("PROGRAM");
        var paths = PathsOf();
        var (test, reload, serves) = (Required("TEST", "what tests its configuration"), Required("RELOAD", "what reloads it"), Required("SERVES", "what shows that it serves"));
        var running = Command("RUNNING");
        if (settings.Find("PROGRAM") is null && settings.Find("RUNNING") is null)
        {
            settings.Error(0, "set PROGRAM, the program whose process shows that it runs, or RUNNING, a command that succeeds if it runs");
        }
        var own = new OwnCommands(test, reload, serves, running, settings.Seconds("SERVES_TIMEOUT", TimeSpan.FromSeconds(10)));
        var service = new Service(new ServiceDefinition(name, program ?? "", paths), program) { Own = own };
        return (problems.Exists(problem => !problem.IsWarning) ? null : service, problems.OrderBy(problem => problem.Line));
    }

    private void RefuseName(string name)
    {
        if (!Name().IsMatch(name))
        {
            settings.Error(0, $"{Quoted.Of(name)} is no name of a service: it has up to 30 small letters, digits, - and _, begins with a letter, and ends with neither -file nor -timeout");
        }
        else if (Taken.Contains(name))
        {
            settings.Error(0, $"{name} is no name for a service of your own: it means something else already");
        }
    }

    // A misspelt name is an error, since the service would be pushed to without what was meant.
    private void RefuseUnknown()
    {
        var helpers = parsed.Assignments.SelectMany(assignment => assignment.References.Remove(assignment.Name)).ToHashSet();
        foreach (var unknown in parsed.Assignments.DistinctBy(assignment => assignment.Name)
            .Where(assignment => !Known.Contains(assignment.Name) && !helpers.Contains(assignment.Name)))
        {
            var meant = Spelling.AllNearest(unknown.Name.ToUpperInvariant(), Known) is [{ } near, ..] ? $"did you mean {near}?" : $"there are {string.Join(", ", Known)}";
            settings.Error(unknown.Line, $"{unknown.Name} is no variable of a service: {meant}");
        }
    }

    private ImmutableArray<string> PathsOf()
    {
        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (var word in settings.Words("PATHS"))
        {
            if (AbsolutePath.TryNormalise(word.Text, levels: 2, out var path, out var problem)) paths.Add(path);
            else settings.Error(word.Line, $"PATHS: {problem}");
        }
        if (settings.Find("PATHS") is null) Missing("PATHS", "the files and directories that it reads");
        return paths.ToImmutable();
    }

    private string Required(string name, string what)
    {
        if (settings.Find(name) is null) Missing(name, what);
        return Command(name) ?? "";
    }

    private void Missing(string name, string what)
    {
        // A value that cannot be read was reported.
        if (parsed.Assignments.Any(assignment => assignment.Name == name && assignment.Value is null)) return;
        settings.Error(parsed.Assignments.LastOrDefault(assignment => assignment.Name == name)?.Line ?? 0, $"{name} is not set: it is {what}");
    }

    private string? Command(string name)
    {
        if (settings.Find(name) is not { Value: { } value, Line: var line }) return null;
        if (Encoding.UTF8.GetByteCount(value) > MostOfCommand) settings.Error(line, $"{name}: the command is longer than {MostOfCommand} bytes: write it into a script on the nodes");
        if (string.IsNullOrWhiteSpace(value)) settings.Error(line, $"{name}: there is no command");
        return value;
    }

    [GeneratedRegex("^(?!.*-(?:file|timeout)$)[a-z][a-z0-9_-]{0,29}$")]
    private static partial Regex Name();
}
