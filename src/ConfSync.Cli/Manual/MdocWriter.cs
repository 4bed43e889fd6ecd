using System.Text;
using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ConfSync.Cli.Manual;

/// <summary>Writes a manual page in mdoc(7), also from sections of the documents.</summary>
internal sealed partial class MdocWriter
{
    // mandoc's lint complains of lines above 80 bytes.
    private const int Width = 76;

    private readonly StringBuilder page = new();

    // A paragraph macro at the beginning of a section or list item has no effect, and mandoc's lint says so.
    private bool isAtBeginning = true;

    public override string ToString() => page.ToString();

    /// <summary>A line with a macro, as it stands.</summary>
    public void Macro(string line)
    {
        page.Append(line).Append('\n');
        isAtBeginning = line.StartsWith(".Sh", StringComparison.Ordinal) || line.StartsWith(".Ss", StringComparison.Ordinal) || line.StartsWith(".It", StringComparison.Ordinal);
    }

    public void Section(string heading, IEnumerable<Block> blocks)
    {
        Macro($".Sh {Argument(heading.ToUpperInvariant())}");
        foreach (var block in blocks) Write(block);
    }

    /// <summary>A paragraph of its own.</summary>
    public void Paragraph(ContainerInline? text)
    {
        if (!isAtBeginning) page.Append(".Pp\n");
        Lines(text);
    }

    /// <summary>Text that goes on where the page is.</summary>
    public void Lines(ContainerInline? text)
    {
        foreach (var sentence in SentenceEnd().Split(Escaped(text))) Wrap(sentence);
        isAtBeginning = false;
    }

    public void Literal(string lines)
    {
        page.Append(".Bd -literal -offset indent\n");
        foreach (var line in lines.Split('\n')) page.Append(Protected(Escaped(line, isCode: true))).Append('\n');
        page.Append(".Ed\n");
        isAtBeginning = false;
    }

    /// <summary>One argument of a macro, which is text even if it is spelled like a macro.</summary>
    public static string Argument(string text) => $"\"{Escaped(text, isCode: false).Replace("\"", "\\(dq", StringComparison.Ordinal)}\"";

    private void Write(Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Macro($".Ss {Argument(ManualSection.Plain(heading.Inline))}");
                break;
            case ParagraphBlock paragraph:
                Paragraph(paragraph.Inline);
                break;
            case CodeBlock code:
                Literal(code.Lines.ToString());
                break;
            case ListBlock list:
                page.Append(list.IsOrdered ? ".Bl -enum\n" : ".Bl -bullet\n");
                foreach (var item in list.OfType<ListItemBlock>())
                {
                    Macro(".It");
                    foreach (var inner in item) Write(inner);
                }
                Macro(".El");
                break;
            case Table table:
                page.Append(".Bl -tag -width Ds\n");
                foreach (var (term, texts) in ManualSection.Terms(table)) WriteTerm(term, texts);
                Macro(".El");
                break;
            default:
                throw new NotSupportedException($"{block.GetType().Name} in a document");
        }
    }

    private void WriteTerm(ContainerInline? term, IEnumerable<(string? Column, ContainerInline Text)> texts)
    {
        Macro($".It \"{Escaped(term).Replace("\"", "\\(dq", StringComparison.Ordinal)}\"");
        foreach (var (column, text) in texts)
        {
            if (column is not null) Paragraph(ManualSection.Clause($"{column}:"));
            Lines(text);
        }
    }

    private void Wrap(string sentence)
    {
        var line = "";
        foreach (var word in sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                page.Append(Protected(line)).Append('\n');
                line = "";
            }
            line += line.Length > 0 ? $" {word}" : word;
        }
        if (line.Length > 0) page.Append(Protected(line)).Append('\n');
    }

    private static string Escaped(ContainerInline? text) => string.Concat(text?.Select(inline => inline switch
    {
        CodeInline code => $@"\fB{Escaped(ManualSection.Content(code), isCode: true)}\fP",
        LiteralInline literal => Escaped(literal.Content.ToString(), isCode: false),
        LineBreakInline => " ",
        HtmlEntityInline entity => Escaped(entity.Transcoded.ToString(), isCode: false),
        EmphasisInline emphasis => $@"\fI{Escaped(emphasis)}\fP",
        ContainerInline container => Escaped(container),
        _ => throw new NotSupportedException($"{inline.GetType().Name} in a document"),
    }) ?? []);

    private static string Escaped(string text, bool isCode) => string.Concat(text.Select(c => c switch
    {
        '\\' => @"\e",
        // In code, a reader copies it: it must stay the sign that a shell knows.
        '-' when isCode => @"\-",
        '…' => "...",
        '\t' => "    ",
        > '~' => $@"\[u{(int)c:X4}]",
        _ => $"{c}",
    }));

    // roff takes a line that begins so for a macro.
    private static string Protected(string line) => line is ['.' or '\'', ..] ? $@"\&{line}" : line;

    [GeneratedRegex(@"(?<=[^.]\.|[!?:]) (?=[A-Z])")]
    private static partial Regex SentenceEnd();
}
