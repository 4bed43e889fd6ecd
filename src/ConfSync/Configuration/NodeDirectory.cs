using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Inventory;

namespace ConfSync.Configuration;

/// <summary>What differs from node to node: values, templates and whole files in the directory beside the configuration
/// file.</summary>
/// <param name="Path">The directory, as an absolute path. It need not exist.</param>
public sealed record NodeDirectory(string Path)
{
    /// <summary>The value of <c>%{NODE}</c> where a node's file does not set it: the node's host.</summary>
    public const string NodeValue = "NODE";

    private const string ConfigurationSuffix = ".conf";

    /// <summary>Nothing differs.</summary>
    public static NodeDirectory None { get; } = new("");

    /// <summary>The directory of a configuration file: <c>/etc/nginx-sync.d</c> for <c>/etc/nginx-sync.conf</c>.</summary>
    /// <param name="configPath">The file, as the user named it.</param>
    public static NodeDirectory Of(string configPath)
    {
        var file = System.IO.Path.GetFullPath(configPath);
        var stem = file.EndsWith(ConfigurationSuffix, StringComparison.Ordinal) ? file[..^ConfigurationSuffix.Length] : file;
        return new NodeDirectory(stem + ".d");
    }

    /// <summary>The templates, each at the path that it has on a node.</summary>
    public string TemplatesPath => $"{Path}/templates";

    /// <summary>The services of the administrator's own, a file each; it need not exist.</summary>
    public string ServicesPath => $"{Path}/services";

    public string NodesPath => $"{Path}/nodes";

    /// <summary>By the name of the file without <c>.conf</c>, what <c>nodes/NAME.conf</c> assigns.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, string>> Values { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty;

    /// <summary>By the name of a node of the inventory, what the inventory says of it.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, string>> InventoryValues { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty;

    /// <summary>The names for which there is a directory <c>nodes/NAME/files</c>.</summary>
    public ImmutableHashSet<string> WithFiles { get; init; } = [];

    /// <summary>The directory of templates exists.</summary>
    public bool HasTemplates { get; init; }

    /// <summary>Which machines hold which addresses; it need not exist.</summary>
    public string ClusterPath => $"{Path}/cluster.conf";

    /// <summary>The cluster; null where there is no file for one.</summary>
    public ClusterDefinition? Cluster { get; init; }

    /// <summary>The names under which a node may have files here, the one that counts first.</summary>
    public static IEnumerable<string> NamesOf(Node node) => [node.Name, node.Address.Host];

    /// <summary>The value of a mark on this node; null where it is not set.</summary>
    public string? ValueOf(Node node, string name)
    {
        var own = NamesOf(node).Select(Values.GetValueOrDefault).FirstOrDefault(values => values is not null);
        return own?.GetValueOrDefault(name) ?? InventoryValues.GetValueOrDefault(node.Name)?.GetValueOrDefault(name) ?? (name == NodeValue ? node.Address.Host : null);
    }

    /// <summary>The file in which the values of this node are, or would be.</summary>
    public string ValuesPathOf(Node node)
    {
        var name = NamesOf(node).FirstOrDefault(Values.ContainsKey) ?? node.Address.Host;
        return $"{NodesPath}/{name}{ConfigurationSuffix}";
    }

    /// <summary>The directory with the files that are this node's own; null where there is none.</summary>
    public string? FilesPathOf(Node node) =>
        NamesOf(node).FirstOrDefault(WithFiles.Contains) is { } name ? $"{NodesPath}/{name}/files" : null;

    /// <summary>Reads the values, and looks which directories there are.</summary>
    /// <param name="read">Reads a file of assignments.</param>
    /// <param name="accessProblem">Why a directory is not to be trusted; null where it is.</param>
    /// <param name="nodes"><c>NODES</c>. What is called after no node is reported as without effect, unless there are no
    /// nodes.</param>
    internal (NodeDirectory Directory, ImmutableArray<ConfigurationProblem> Problems) Load(
        Func<string, ShellAssignments> read, Func<string, string?> accessProblem, ImmutableArray<Node> nodes)
    {
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        try
        {
            foreach (var directory in new[] { Path, NodesPath, TemplatesPath }.Where(Directory.Exists))
            {
                if (accessProblem(directory) is { } problem) problems.Add(new(directory, 0, problem));
            }
            if (!Directory.Exists(Path)) return (this, []);
            var values = Values.ToBuilder();
            foreach (var file in Listed(NodesPath, Directory.GetFiles).Where(file => file.EndsWith(ConfigurationSuffix, StringComparison.Ordinal)))
            {
                var found = read(file);
                problems.AddRange(found.Problems);
                values[System.IO.Path.GetFileNameWithoutExtension(file)] = ValuesOf(found);
            }
            var own = Listed(NodesPath, Directory.GetDirectories).Where(directory => Directory.Exists($"{directory}/files"));
            ClusterDefinition? cluster = null;
            if (File.Exists(ClusterPath))
            {
                (cluster, var found) = new ClusterReader(ClusterPath, read(ClusterPath)).Read();
                problems.AddRange(found);
            }
            var complete = this with
            {
                Cluster = cluster,
                Values = values.ToImmutable(),
                WithFiles = [.. own.Select(directory => System.IO.Path.GetFileName(directory))],
                HasTemplates = Directory.Exists(TemplatesPath),
            };
            problems.AddRange(complete.WithoutNode(nodes));
            return (complete, problems.ToImmutable());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(Path, 0, $"cannot be read: {PosixText.Printable(exception.Message)}"));
            return (this, problems.ToImmutable());
        }
    }

    private static IEnumerable<string> Listed(string directory, Func<string, string[]> list) =>
        Directory.Exists(directory) ? list(directory).Order(StringComparer.Ordinal) : [];

    private static ImmutableDictionary<string, string> ValuesOf(ShellAssignments read)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var assignment in read.Assignments)
        {
            if (assignment.Value is { } value) values[assignment.Name] = value;
        }
        return values.ToImmutable();
    }

    // A name that is misspelt would leave the node without its values or files, which nobody would see.
    private IEnumerable<ConfigurationProblem> WithoutNode(ImmutableArray<Node> nodes)
    {
        if (nodes.IsEmpty) return [];
        var names = nodes.SelectMany(NamesOf).ToHashSet(StringComparer.Ordinal);
        return Values.Keys.Select(name => (Name: name, File: $"{NodesPath}/{name}{ConfigurationSuffix}"))
            .Concat(WithFiles.Select(name => (Name: name, File: $"{NodesPath}/{name}")))
            .Where(found => !names.Contains(found.Name)).OrderBy(found => found.File, StringComparer.Ordinal)
            .Select(found => new ConfigurationProblem(
                found.File, 0, $"no node of NODES is called {PosixText.Printable(found.Name)}: it has no effect{Meant(found.Name)}", IsWarning: true));

        string Meant(string name) => Spelling.AllNearest(name, names) is [{ } near, ..] ? $". Did you mean {PosixText.Printable(near)}?" : "";
    }
}
