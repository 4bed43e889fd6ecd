using System.Collections.Immutable;
using System.CommandLine;
using System.Text.RegularExpressions;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync cluster import</c>: makes a definition from keepalived's files.</summary>
/// <param name="names">What there is to read, each as <c>[NAME=]FILE</c> or <c>[NAME=]NODE</c>; none for this machine and all nodes.</param>
internal sealed partial class ClusterImportAction(ClusterFile file, ParseResult call, CommandContext context, string[] names)
{
    /// <summary>What a member may be called.</summary>
    private sealed record Wanted(string? Name, string Text);

    /// <returns>The exit status; null where the call makes no sense, and that has been said.</returns>
    public async Task<int?> RunAsync(CancellationToken cancellation)
    {
        var wanted = names.Select(WantedOf).ToList();
        var (files, others) = (wanted.Where(IsFile).ToList(), wanted.Where(one => !IsFile(one)).ToList());
        if (context.Config.Nodes.IsEmpty && others.Count == 0 && files.Count > 0) return Conclude([.. files.Select(SourceOf)], isComplete: true);
        if (context.NodesNamed($"{ClusterCommand.Word} {ClusterCommand.Import}", [.. others.Select(one => one.Text)]) is not { } nodes) return null;
        if (files.Count > 0 && others.Count == 0) return Conclude([.. files.Select(SourceOf)], isComplete: true);
        context.Output.Status($"looking at {string.Join(' ', nodes)}");
        var called = others.Where(one => one.Name is not null)
            .SelectMany(one => NodeSelection.Of(nodes, [one.Text]).Nodes.Select(node => (Node: node, one.Name))).ToImmutableDictionary(one => one.Node, one => one.Name!);
        var read = await new ImportRun(ClusterCommand.RequestOf(context, nodes), context.TransportTo).RunAsync(called, withPrimary: names.Length == 0, cancellation);
        foreach (var machine in read.Where(machine => machine.Source is null && (machine.Node is not null || machine.Failure is not null))) context.Output.Error(WhyNot(machine));
        return Conclude(
            [.. files.Select(SourceOf), .. read.Select(machine => machine.Source).OfType<KeepalivedSource>()],
            // A node of NODES need not be a member, but one that was named is meant.
            read.All(machine => machine.Source is not null || (machine.Failure is null && (machine.Node is null || names.Length == 0))));
    }

    private int Conclude(ImmutableArray<KeepalivedSource> sources, bool isComplete)
    {
        if (sources.IsEmpty) return ExitStatus.NotCompared;
        if (sources.GroupBy(source => source.Name).FirstOrDefault(group => group.Count() > 1) is { Key: var twice })
        {
            throw new WrongCallException($"two members would be called {Texts.Shown(twice)}: name them, such as web1=FILE");
        }
        var imported = ImportedCluster.Of(file.Path, sources);
        foreach (var problem in imported.Problems) context.Output.Warning($"nginx-sync: {problem}");
        if (!file.TryPut(call, context.Output, imported.Text, imported.Cluster is not null)) return ExitStatus.NotCompared;
        return !isComplete ? ExitStatus.NotCompared : imported.Cluster is null ? ExitStatus.NotWell : ExitStatus.Success;
    }

    private static string WhyNot(ImportedMachine machine)
    {
        var name = machine.Node is { } node ? $"{node}" : "this machine";
        return machine.Failure is { } failure
            ? $"nginx-sync: {name} could not be read ({MessageCodes.Of(failure)}):\n{Texts.ShownLines(CompareText.Of(failure), "    ")}"
            : $"nginx-sync: {name} has no file {KeepalivedFiles.ConfigurationPath}";
    }

    private static Wanted WantedOf(string text) =>
        Named().Match(text) is { Success: true } named ? new Wanted(named.Groups["name"].Value, named.Groups["rest"].Value) : new Wanted(null, text);

    private bool IsFile(Wanted wanted) => wanted.Text.Contains('/', StringComparison.Ordinal) || File.Exists(context.Start.Absolute(wanted.Text));

    /// <exception cref="WrongCallException">The file cannot be read, or tells no name.</exception>
    private KeepalivedSource SourceOf(Wanted wanted)
    {
        var path = Path.GetFullPath(context.Start.Absolute(wanted.Text));
        var name = wanted.Name ?? NameOf(path) ?? throw new WrongCallException($"{Texts.Shown(wanted.Text)}: say which member it is of, such as web1={Texts.Shown(wanted.Text)}");
        try
        {
            var node = context.Config.Nodes.FirstOrDefault(node => node.Name == name || node.Address.Host == name);
            return new KeepalivedSource(
                name, "", path, LocalFiles.With(path), node is not null && System.Net.IPAddress.TryParse(node.Address.Host, out var address) ? [address] : [], AreComplete: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WrongCallException($"{Texts.Shown(wanted.Text)} cannot be read: {Texts.Shown(exception.Message)}");
        }
    }

    // web1.conf, keepalived.conf.web1, web1/keepalived.conf
    private static string? NameOf(string path)
    {
        var name = Path.GetFileName(path);
        name = name == "keepalived.conf" ? Path.GetFileName(Path.GetDirectoryName(path)) ?? ""
            : name.StartsWith("keepalived.conf.", StringComparison.Ordinal) ? name["keepalived.conf.".Length..]
            : Path.GetFileNameWithoutExtension(name);
        return name != "keepalived" && MemberName().IsMatch(name) ? name : null;
    }

    [GeneratedRegex("^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)=(?<rest>.+)$")]
    private static partial Regex Named();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex MemberName();
}
