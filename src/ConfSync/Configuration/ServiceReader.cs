using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Services;

namespace ConfSync.Configuration;

/// <summary>Reads which services take part in a run, and each one's variables: SERVICES, EXPECT_RUNNING, and NAME and NAME_PATHS
/// for each service.</summary>
internal sealed class ServiceReader(Settings settings)
{
    /// <param name="confPaths">CONFPATHS; empty where they are wrong, so that nothing follows from them.</param>
    public ServiceSet Read(ImmutableArray<string> confPaths)
    {
        var known = ServiceDefinition.BuiltIn.Select(Of).ToList();
        ImmutableArray<Service> all = [.. Named(known) ?? Following(known, confPaths)];
        return new ServiceSet(WithExpected(all.IsEmpty ? ServiceSet.Default.All : all))
        {
            AllowsRemovals = settings.YesNo("KEEPALIVED_REMOVALS"),
            AllowsIncompatible = settings.YesNo("KEEPALIVED_INCOMPATIBLE"),
        };
    }

    private Service Of(ServiceDefinition definition)
    {
        var name = definition.Name.ToUpperInvariant();
        var pidFile = definition == ServiceDefinition.Nginx ? settings.Path("PIDFILE", levels: 1) : null;
        return new Service(definition, settings.Program(name), pidFile) { Paths = [.. definition.Paths, .. FurtherPaths($"{name}_PATHS")] };
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
        foreach (var word in words.Where(word => known.TrueForAll(service => service.Name != word.Text)))
        {
            settings.Error(word.Line, $"SERVICES: {Quoted.Of(word.Text)} is none of {string.Join(", ", known.Select(service => service.Name))}");
        }
        return known.FindAll(service => words.Any(word => word.Text == service.Name));
    }

    // nginx also has the paths that no service owns.
    private static List<Service> Following(List<Service> known, ImmutableArray<string> confPaths) => known.FindAll(service =>
        confPaths.Any(path => Concerns(service, path)) ||
        (service.Definition == ServiceDefinition.Nginx && confPaths.Any(path => !known.Exists(other => Concerns(other, path)))));

    private static bool Concerns(Service service, string path) =>
        service.Paths.Any(own => PosixPath.IsAtOrBeneath(path, own) || PosixPath.IsAtOrBeneath(own, path));

    // Yes or no for all of them, or the names of those that are to run.
    private ImmutableArray<Service> WithExpected(ImmutableArray<Service> all)
    {
        var words = settings.Words("EXPECT_RUNNING");
        if (words.Count == 0) return all;
        if (words.All(word => all.Any(service => service.Name == word.Text)))
        {
            return [.. all.Select(service => service with { IsExpected = words.Any(word => word.Text == service.Name) })];
        }
        if (words.Count == 1)
        {
            var expected = settings.YesNo("EXPECT_RUNNING", true);
            return [.. all.Select(service => service with { IsExpected = expected })];
        }
        var wrong = words.First(word => all.All(service => service.Name != word.Text));
        settings.Error(wrong.Line, $"EXPECT_RUNNING: {Quoted.Of(wrong.Text)} is no service that takes part: " +
            $"name those that are to run ({string.Join(", ", all.Select(service => service.Name))}), or write yes or no");
        return all;
    }
}
