using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>
/// A comparison as one page that needs nothing else: no network, no script. A matrix of paths and nodes, and under it the
/// differences side by side. Everything that came from elsewhere is made printable and then escaped, so that a name or
/// line such as <c>&lt;/pre&gt;&lt;script&gt;</c> is text; a policy in the page forbids what would load or run. Pure.
/// </summary>
public static class CompareHtml
{
    public static string Write(Comparison comparison)
    {
        var page = new StringBuilder();
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>nginx-sync: {Text(CompareText.Total(comparison))}</title>
            <style>
            {CompareHtmlStyle.Css}
            </style>
            </head>
            <body>
            <header>
            <h1>nginx-sync comparison</h1>
            <p>{Text(CompareText.Total(comparison))}. Begun {comparison.Started.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)},
            took {comparison.Took.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s, {comparison.Paths} paths.</p>
            </header>
            <main>

            """);
        Nodes(page, comparison);
        Matrix(page, comparison);
        for (var i = 0; i < comparison.Nodes.Length; i++) Differences(page, comparison.Nodes[i], i);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Nodes(StringBuilder page, Comparison comparison)
    {
        page.Append("<h2>Nodes</h2>\n<ul class=\"nodes\">\n");
        foreach (var node in comparison.Nodes)
        {
            var state = node.Failure is not null ? "error" : node.IsWell ? "same" : "differs";
            page.Append($"<li class=\"{state}\">{Text(CompareText.Summary(node))}");
            foreach (var words in new[] { node.Failure is { } failure ? CompareText.Of(failure) : null, node.Unfinished }.OfType<string>())
            {
                page.Append($"<pre>{string.Join('\n', words.Split('\n').Select(Text))}</pre>");
            }
            page.Append("</li>\n");
        }
        page.Append("</ul>\n");
    }

    private static void Matrix(StringBuilder page, Comparison comparison)
    {
        var paths = comparison.Nodes.SelectMany(node => node.Entries).Select(entry => entry.Path)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (paths.Count == 0) return;
        var byPath = comparison.Nodes.Select(node => node.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal)).ToList();
        page.Append("<h2>Paths</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Paths and nodes\">\n")
            .Append("<table class=\"matrix\">\n<thead><tr><th scope=\"col\">path</th>");
        foreach (var node in comparison.Nodes) page.Append($"<th scope=\"col\">{Text(node.Node.ToString())}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var path in paths)
        {
            page.Append($"<tr><th scope=\"row\">{Text(path)}</th>");
            for (var i = 0; i < byPath.Count; i++)
            {
                if (comparison.Nodes[i].Failure is not null) page.Append("<td class=\"error\">not compared</td>");
                else if (!byPath[i].TryGetValue(path, out var entry)) page.Append("<td class=\"same\">same</td>");
                else page.Append($"<td class=\"{Names.Of(entry.State)}\"><a href=\"#{Id(i, path)}\">{State(entry)}</a></td>");
            }
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</div>\n");
    }

    private static void Differences(StringBuilder page, NodeComparison node, int index)
    {
        if (node.Entries.IsEmpty) return;
        page.Append($"<h2>{Text(node.Node.ToString())}</h2>\n");
        foreach (var entry in node.Entries)
        {
            page.Append($"<section id=\"{Id(index, entry.Path)}\" tabindex=\"-1\">\n<h3>{Text(entry.Path)}</h3>\n");
            foreach (var line in CompareText.Lines(entry)) page.Append($"<p>{Html(line)}</p>\n");
            if (entry.Diff is { Kind: ContentDiffKind.Text, Hunks.IsEmpty: false } diff) Columns(page, entry, diff);
            else if (entry.Diff is not null) page.Append($"<p class=\"why\">Not shown {Html(DiffText.Why(entry))}</p>\n");
            page.Append("</section>\n");
        }
    }

    private static void Columns(StringBuilder page, ComparedEntry entry, ContentDiff diff)
    {
        page.Append($"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Differences in {Text(entry.Path)}\">\n")
            .Append("<table class=\"diff\">\n<colgroup><col class=\"number\"><col><col class=\"number\"><col></colgroup>\n")
            .Append("<thead><tr><th scope=\"col\" colspan=\"2\">there (remote)</th>")
            .Append("<th scope=\"col\" colspan=\"2\">here (local)</th></tr></thead>\n");
        foreach (var hunk in diff.Hunks)
        {
            page.Append("<tbody>\n");
            foreach (var row in SideBySide.Rows(hunk))
            {
                page.Append("<tr>");
                Cell(page, row.Remote, "removed", "del");
                Cell(page, row.Local, "added", "ins");
                page.Append("</tr>\n");
            }
            page.Append("</tbody>\n");
        }
        page.Append("</table>\n</div>\n");
    }

    private static void Cell(StringBuilder page, SideCell? cell, string changed, string mark)
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

    private static string State(ComparedEntry entry) => entry.State switch
    {
        EntryState.OnlyLocal => "only here",
        EntryState.OnlyRemote => "only there",
        _ => string.Join(", ", Names.Of(entry.Differences)),
    };

    // A name may hold anything; where it stands in the page is told by its bytes.
    private static string Id(int node, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"n{node}-{Convert.ToHexStringLower(PosixText.Encode(path))}");

    private static string Text(string text) => Html(PosixText.Printable(text));

    private static string Html(string printable) => HtmlEncoder.Default.Encode(printable);
}
