using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using ConfSync.Bytes;
using ConfSync.Changes;

namespace ConfSync.Reports;

/// <summary>What the page shows of one node.</summary>
/// <param name="State">A class of the page: <c>same</c>, <c>differs</c> or <c>error</c>.</param>
/// <param name="Summary">One line, behind the node's name; safe to show.</param>
/// <param name="Words">What was said of it, each of one or more lines; safe to show.</param>
/// <param name="Rest">What the matrix says of paths that are not among the entries.</param>
internal sealed record PageNode(
    string Name, string State, string Summary, ImmutableArray<string> Words, ImmutableArray<ComparedEntry> Entries, PageWord Rest);

/// <summary>A word and its class.</summary>
internal readonly record struct PageWord(string Class, string Text);

/// <summary>What a page is of.</summary>
/// <param name="Before">What the left side of a difference is.</param>
/// <param name="After">What the right side is.</param>
/// <param name="Legend">What the words of the matrix mean.</param>
/// <param name="WordOf">What the matrix says of an entry.</param>
/// <param name="LinesOf">What is said of an entry, a line each, safe to show.</param>
internal sealed record PageNature(
    string Title, string Before, string After, ImmutableArray<(PageWord Word, string Meaning)> Legend, Func<ComparedEntry, string> WordOf,
    Func<ComparedEntry, IEnumerable<string>> LinesOf);

/// <summary>
/// A comparison or a run as one page that needs nothing else: no network, no script. One verdict, who did what and when, the nodes,
/// a matrix of paths and nodes, and under it the differences side by side. Everything that came from elsewhere is made printable
/// and then escaped, so that a name or line such as <c>&lt;/pre&gt;&lt;script&gt;</c> is text; a policy in the page forbids what
/// would load or run. Pure.
/// </summary>
internal sealed class HtmlPage(PageNature nature)
{
    private readonly StringBuilder page = new();

    /// <param name="facts">What else there is to know, by name.</param>
    public string Write(DocumentHead head, IEnumerable<(string Name, string Value)> facts, ImmutableArray<PageNode> nodes)
    {
        var verdict = head.Message ?? nature.Title;
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>nginx-sync: {Html(verdict.Split('\n')[0])}</title>
            <style>
            {HtmlStyle.Css}
            </style>
            </head>
            <body>
            <header>
            <h1>{Html(nature.Title)}</h1>
            <p class="verdict {ClassOf(head.Result)}">{Html(verdict)}</p>

            """);
        Facts(head, facts);
        page.Append("</header>\n<main>\n");
        if (!nodes.IsEmpty) Nodes(nodes);
        Matrix(nodes);
        for (var i = 0; i < nodes.Length; i++) Node(nodes[i], i);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private void Facts(DocumentHead head, IEnumerable<(string Name, string Value)> facts)
    {
        (string Name, string Value)[] always =
        [
            ("Primary and user", head.Who), ("Configuration file", head.ConfigPath),
            ("Begun", head.Started.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
            ("Took", head.Took.TotalSeconds.ToString("0.00 's'", CultureInfo.InvariantCulture)), ("Version", $"nginx-sync {head.Version}"),
        ];
        page.Append("<dl>\n");
        foreach (var (name, value) in always.Concat(facts)) page.Append($"<div><dt>{Html(name)}</dt><dd>{Text(value)}</dd></div>\n");
        page.Append("</dl>\n");
    }

    private void Nodes(ImmutableArray<PageNode> nodes)
    {
        page.Append("<h2>Nodes</h2>\n<ul class=\"nodes\">\n");
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i];
            page.Append(CultureInfo.InvariantCulture, $"<li class=\"{node.State}\"><a href=\"#node{i}\">{Html(node.Name)}</a>: {Html(node.Summary)}</li>\n");
        }
        page.Append("</ul>\n");
    }

    private void Matrix(ImmutableArray<PageNode> nodes)
    {
        var paths = nodes.SelectMany(node => node.Entries).Select(entry => entry.Path)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (paths.Count == 0) return;
        var byPath = nodes.Select(node => node.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal)).ToList();
        page.Append("<h2>Paths</h2>\n");
        Legend();
        page.Append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Paths and nodes\">\n")
            .Append("<table class=\"matrix\">\n<thead><tr><th scope=\"col\">path</th>");
        foreach (var node in nodes) page.Append($"<th scope=\"col\">{Html(node.Name)}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var path in paths)
        {
            page.Append($"<tr><th scope=\"row\">{Text(path)}</th>");
            for (var i = 0; i < nodes.Length; i++)
            {
                var rest = nodes[i].Rest;
                if (!byPath[i].TryGetValue(path, out var entry)) page.Append($"<td class=\"{rest.Class}\">{Html(rest.Text)}</td>");
                else page.Append($"<td class=\"{Names.Of(entry.State)}\"><a href=\"#{Id(i, path)}\">{Html(nature.WordOf(entry))}</a></td>");
            }
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</div>\n");
    }

    private void Legend()
    {
        page.Append("<dl class=\"legend\">\n");
        foreach (var (word, meaning) in nature.Legend)
        {
            page.Append($"<div><dt class=\"{word.Class}\">{Html(word.Text)}</dt><dd>{Html(meaning)}</dd></div>\n");
        }
        page.Append("</dl>\n");
    }

    private void Node(PageNode node, int index)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section id=\"node{index}\" tabindex=\"-1\">\n<h2>{Html(node.Name)}</h2>\n<p>{Html(node.Summary)}</p>\n");
        foreach (var words in node.Words) page.Append($"<pre>{Html(words)}</pre>\n");
        foreach (var entry in node.Entries)
        {
            page.Append($"<section id=\"{Id(index, entry.Path)}\" tabindex=\"-1\">\n<h3>{Text(entry.Path)}</h3>\n");
            foreach (var line in nature.LinesOf(entry)) page.Append($"<p>{Html(line)}</p>\n");
            if (entry.Diff is { Kind: ContentDiffKind.Text, Hunks.IsEmpty: false } diff) Columns(node, entry, diff);
            else if (entry.Diff is not null) page.Append($"<p class=\"why\">Not shown {Html(DiffText.Why(entry))}</p>\n");
            page.Append("</section>\n");
        }
        page.Append("</section>\n");
    }

    private void Columns(PageNode node, ComparedEntry entry, ContentDiff diff)
    {
        page.Append($"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Differences in {Text(entry.Path)} on {Html(node.Name)}\">\n")
            .Append("<table class=\"diff\">\n<colgroup><col class=\"number\"><col><col class=\"number\"><col></colgroup>\n")
            .Append($"<thead><tr><th scope=\"col\" colspan=\"2\">{Html(nature.Before)}</th>")
            .Append($"<th scope=\"col\" colspan=\"2\">{Html(nature.After)}</th></tr></thead>\n");
        foreach (var hunk in diff.Hunks)
        {
            page.Append("<tbody>\n");
            foreach (var row in SideBySide.Rows(hunk))
            {
                page.Append("<tr>");
                Cell(row.Remote, "removed", "del");
                Cell(row.Local, "added", "ins");
                page.Append("</tr>\n");
            }
            page.Append("</tbody>\n");
        }
        page.Append("</table>\n</div>\n");
    }

    private void Cell(SideCell? cell, string changed, string mark)
    {
        if (cell is null)
        {
            page.Append("<td class=\"none\"></td><td class=\"none\"></td>");
            return;
        }
        page.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{cell.Number}</td><td class=\"{(cell.Changed ? changed : "context")}\"><code>");
        foreach (var part in cell.Parts)
        {
            page.Append(part.Changed ? $"<{mark}>{Html(part.Text)}</{mark}>" : Html(part.Text));
        }
        page.Append("</code></td>");
    }

    private static string ClassOf(RunResult result) => result switch
    {
        RunResult.Ok => "same",
        RunResult.Findings => "differs",
        _ => "error",
    };

    // A name may hold anything; where it stands in the page is told by its bytes.
    private static string Id(int node, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"n{node}-{Convert.ToHexStringLower(PosixText.Encode(path))}");

    private static string Text(string text) => Html(PosixText.Printable(text));

    private static string Html(string printable) => HtmlEncoder.Default.Encode(printable);
}
