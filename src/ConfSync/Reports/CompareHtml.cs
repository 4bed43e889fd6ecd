using System.Collections.Immutable;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>A comparison as a page for a browser. Pure.</summary>
internal static class CompareHtml
{
    private static readonly PageWord Same = new("same", "same"), NotCompared = new("error", "not compared");

    private static readonly PageNature Nature = new(
        "nginx-sync comparison", "there (remote)", "here (local)",
        [
            (Same, "the node has what this primary would push"),
            (new PageWord("differs", "content, mode, …"), "it has something else, and this is what differs"),
            (new PageWord("only-local", "only here"), "the node does not have it; a push would create it"),
            (new PageWord("only-remote", "only there"), "this primary does not have it; a push would delete it"),
            (NotCompared, "the node was not reached, or could not be compared"),
        ],
        entry => entry.State switch
        {
            EntryState.OnlyLocal => "only here",
            EntryState.OnlyRemote => "only there",
            _ => string.Join(", ", Names.Of(entry.Differences)),
        },
        CompareText.Lines);

    public static string Write(DocumentHead head, Comparison comparison) => new HtmlPage(Nature).Write(
        head, [("Paths", comparison.Paths.ToString(CultureInfo.InvariantCulture))], [.. comparison.Nodes.Select(Of)]);

    private static PageNode Of(NodeComparison node)
    {
        var name = node.Node.ToString();
        ImmutableArray<string> words =
        [
            .. new[] { node.Failure is { } failure ? CompareText.Of(failure) : null, node.Unfinished }.OfType<string>().Select(text => PosixText.PrintableLines(text)),
        ];
        return new PageNode(
            name, node.Failure is not null ? "error" : node.IsWell ? "same" : "differs", CompareText.Summary(node)[(name.Length + 2)..], words, node.Entries,
            node.Failure is null ? Same : NotCompared);
    }
}
