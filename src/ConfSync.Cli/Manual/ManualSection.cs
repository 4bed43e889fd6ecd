using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ConfSync.Cli.Manual;

/// <summary>A part of a document of docs/, from its heading to the next one of the same level or above.</summary>
/// <param name="Level">2 for <c>##</c>.</param>
/// <param name="Blocks">What stands under it, the headings below included.</param>
internal sealed partial record ManualSection(string Heading, int Level, ImmutableArray<Block> Blocks)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>As GitHub makes anchors of headings.</summary>
    public string Anchor => NotInAnchors().Replace(Heading.ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary>The sections of docs/manual.md, which this program holds.</summary>
    public static ImmutableArray<ManualSection> OfManual => Parse(Document("manual.md"));

    /// <summary>The sections of docs/compare.md, which this program holds.</summary>
    public static ImmutableArray<ManualSection> OfComparing => Parse(Document("compare.md"));

    /// <summary>Every section of a document, those inside others as well.</summary>
    public static ImmutableArray<ManualSection> Parse(string markdown)
    {
        List<Block> blocks = [.. Markdown.Parse(markdown, Pipeline).Where(block => block is not HtmlBlock)];
        return
        [
            .. from index in Enumerable.Range(0, blocks.Count)
               where blocks[index] is HeadingBlock
               let heading = (HeadingBlock)blocks[index]
               select new ManualSection(Plain(heading.Inline), heading.Level,
                   [.. blocks.Skip(index + 1).TakeWhile(block => block is not HeadingBlock next || next.Level > heading.Level)]),
        ];
    }

    /// <summary>A clause of Markdown, parsed.</summary>
    public static ContainerInline Clause(string markdown) => ((ParagraphBlock)Markdown.Parse(markdown, Pipeline)[0]).Inline!;

    /// <summary>The text without any markup.</summary>
    public static string Plain(ContainerInline? text) => string.Concat(text?.Select(inline => inline switch
    {
        CodeInline code => Content(code),
        LiteralInline literal => literal.Content.ToString(),
        LineBreakInline => " ",
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        AutolinkInline link => link.Url,
        ContainerInline container => Plain(container),
        _ => throw new NotSupportedException($"{inline.GetType().Name} in a document"),
    }) ?? []);

    /// <summary>What stands in a code span. In a table, a | in it is escaped.</summary>
    public static string Content(CodeInline code) => code.Content.Replace(@"\|", "|", StringComparison.Ordinal);

    /// <summary>A table as terms with what is said of each: the second cell of a row as it stands, and each further one after the
    /// heading of its column.</summary>
    public static IEnumerable<(ContainerInline? Term, ImmutableArray<(string? Column, ContainerInline Text)> Texts)> Terms(Table table)
    {
        var rows = table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(InlineOf).ToList()).ToList();
        var named = rows[0].Count > 2 && Plain(rows[0][1]) != "meaning" ? 1 : 2;
        foreach (var row in rows.Skip(1))
        {
            yield return (row[0],
            [
                .. from column in Enumerable.Range(1, row.Count - 1)
                   let text = row[column]
                   where text is not null
                   select (column >= named ? Plain(rows[0][column]) : null, text),
            ]);
        }
    }

    private static ContainerInline? InlineOf(TableCell cell) => cell.OfType<ParagraphBlock>().FirstOrDefault()?.Inline;

    private static string Document(string name)
    {
        using var stream = typeof(ManualSection).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
