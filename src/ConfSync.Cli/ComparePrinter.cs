using ConfSync.Changes;
using ConfSync.Compare;
using ConfSync.Configuration;
using ConfSync.Snapshots;

namespace ConfSync.Cli;

/// <summary>A comparison in the original's words: which files differ.</summary>
internal static class ComparePrinter
{
    public static void Began(Output output, IReadOnlyList<NodeAddress> nodes)
    {
        output.Star("Comparing local and remote configs");
        output.Status($"comparing with {string.Join(' ', nodes)}");
    }

    public static void Print(Output output, IReadOnlyList<NodeComparison> results)
    {
        foreach (var result in results)
        {
            output.Star($"Comparing configs on master node and {result.Node}:");
            if (result.Unfinished is { } unfinished)
            {
                output.Error($"nginx-sync: {result.Node}: {Texts.Shown(unfinished)}; the next push undoes it");
            }
            if (result.Failure is { } failure)
            {
                output.Error($"nginx-sync: {result.Node} could not be compared:\n{Texts.ShownLines(failure, "    ")}");
            }
            foreach (var change in result.Changes) output.Line(LineOf(change));
        }
    }

    private static string LineOf(Change change)
    {
        var path = Texts.Shown(change.Path);
        return change switch
        {
            { Before: null } => $"Only in local:{Split(path)}",
            { After: null } => $"Only in remote:{Split(path)}",
            { Kind: ChangeKind.Attributes } or { NeedsContent: false, Before.Kind: EntryKind.File, After.Kind: EntryKind.File } =>
                $"Files local:{path} and remote:{path} differ in mode or owner",
            _ => $"Files local:{path} and remote:{path} differ",
        };
    }

    // As diff(1) writes it: "Only in DIRECTORY: NAME".
    private static string Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return $"{path[..Math.Max(slash, 1)]}: {path[(slash + 1)..]}";
    }
}
