using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Services;

namespace ConfSync.Configuration;

/// <summary>Reads which services take part in a run, and each one's variables: SERVICES, EXPECT_RUNNING, and NAME and NAME_PATHS
/// for each service. Which of its relatives nginx is follows from these, too.</summary>
/// <param name="own">The services of the administrator's own, in the order of their reloads.</param>
internal sealed class ServiceReader(Settings settings, ImmutableArray<Service> own)
{
    /// <param name="confPaths">CONFPATHS; empty where they are wrong, so that nothing follows from them.</param>
    public ServiceSet Read(ImmutableArray<string> confPaths)
    {
        // HAProxy, those of the administrator's own, nginx, keepalived: what passes requests on comes before what answers them.
        var known = ServiceDefinition.BuiltIn.Select(definition => Of(definition, confPaths)).ToList();
        known.InsertRange(known.FindIndex(service => service.Kind is not null), own);
        ImmutableArray<Service> all = [.. Named(known) ?? Following(known, confPaths)];
        return new ServiceSet(WithExpected(all.IsEmpty ? ServiceSet.Default.All : all))
        {
            AllowsRemovals = settings.YesNo("KEEPALIVED_REMOVALS"),
            AllowsIncompatible = settings.YesNo("KEEPALIVED_INCOMPATIBLE"),
        };
    }

    private Service Of(ServiceDefinition definition, ImmutableArray<string> confPaths)
    {
        var name = definition.Name.ToUpperInvariant();
        var (program, further) = (settings.Program(name), FurtherPaths($"{name}_PATHS"));
        if (definition != ServiceDefinition.Nginx) return new Service(definition, program) { Paths = [.. definition.Paths, .. further] };
        var kind = program is null ? KindOf(confPaths) : NginxKind.OfProgram(program);
        return new Service(definition, program ?? (kind == NginxKind.Nginx ? null : kind.Program), settings.Path("PIDFILE", levels: 1))
        {
            Kind = kind,
            Paths = [.. kind.Paths, .. further],
        };
    }

    // Where NGINX names no program: the one of SERVICES, else the one whose files are pushed.
    private NginxKind KindOf(ImmutableArray<string> confPaths)
    {
        var words = settings.Words("SERVICES");
        if (words.FirstOrDefault(word => NginxKind.All.Any(kind => kind.Name == word.Text)) is { Text: { } named }) return NginxKind.All.First(kind => kind.Name == named);
        var pushed = NginxKind.All.Where(kind => confPaths.Any(path => Touches(path, kind.Paths))).ToList();
        if (pushed.Count > 1)
        {
            settings.Warn(settings.Find("CONFPATHS")?.Line ?? 0, $"CONFPATHS: it names files of {string.Join(" and of ", pushed.Select(kind => kind.Name))}: " +
                $"{pushed[0].Name} is tested and reloaded; set NGINX to the program of another one");
        }
        return pushed.FirstOrDefault(NginxKind.Nginx);
    }

    private List<string> FurtherPaths(string variable)
    {
        var further = new List<string>();
        foreach (var word in settings.Words(variable))
        {
            if (AbsolutePath.TryNormalise(word.Text, levels: 2, out var path, out var problem)) further.Add(path);
            else settings.Error(word.Line, $"{variable}: {problem}");
        }
        return further;
    }

    // In the order of their reloads, whatever the order of the words.
    private List<Service>? Named(List<Service> known)
    {
        var words = settings.Words("SERVICES");
        if (words.Count == 0) return null;
        foreach (var word in words.Where(word => !known.Exists(service => IsNamed(service, word.Text))))
        {
            settings.Error(word.Line, NginxKind.All.Any(kind => kind.Name == word.Text)
                ? $"SERVICES: {word.Text} is not the program that NGINX or another word names: on a node one nginx, or one relative of it, is tested and reloaded"
                : $"SERVICES: {Quoted.Of(word.Text)} is none of {string.Join(", ", known.Select(service => service.Title).Union(NginxKind.All.Select(kind => kind.Name)))}");
        }
        return known.FindAll(service => words.Any(word => IsNamed(service, word.Text)));
    }

    // nginx also has the paths that no service owns.
    private static List<Service> Following(List<Service> known, ImmutableArray<string> confPaths) => known.FindAll(service =>
        confPaths.Any(path => Concerns(service, path)) ||
        (service.Definition == ServiceDefinition.Nginx && confPaths.Any(path => !known.Exists(other => Concerns(other, path)))));

    private static bool IsNamed(Service service, string word) => word == service.Title;

    private static bool Concerns(Service service, string path) => Touches(path, service.Paths);

    private static bool Touches(string path, ImmutableArray<string> others) =>
        others.Any(own => PosixPath.IsAtOrBeneath(path, own) || PosixPath.IsAtOrBeneath(own, path));

    // Yes or no for all of them, or the names of those that are to run.
    private ImmutableArray<Service> WithExpected(ImmutableArray<Service> all)
    {
        var words = settings.Words("EXPECT_RUNNING");
        if (words.Count == 0) return all;
        if (words.All(word => all.Any(service => IsNamed(service, word.Text))))
        {
            return [.. all.Select(service => service with { IsExpected = words.Any(word => IsNamed(service, word.Text)) })];
        }
        if (words.Count == 1)
        {
            var expected = settings.YesNo("EXPECT_RUNNING", true);
            return [.. all.Select(service => service with { IsExpected = expected })];
        }
        var wrong = words.First(word => !all.Any(service => IsNamed(service, word.Text)));
        settings.Error(wrong.Line, $"EXPECT_RUNNING: {Quoted.Of(wrong.Text)} is no service that takes part: " +
            $"name those that are to run ({string.Join(", ", all.Select(service => service.Title))}), or write yes or no");
        return all;
    }
}
