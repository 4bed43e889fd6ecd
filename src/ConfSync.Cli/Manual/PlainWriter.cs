using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace ConfSync.Cli.Manual;

/// <summary>Writes sections of the documents for a terminal, without any markup.</summary>
/// <param name="width">In columns.</param>
internal sealed class PlainWriter(int width)
{
    private const int Deeper = 4;

    private readonly StringBuilder text = new();

    public override string ToString() => text.ToString();

    /// <summary>A section with its heading.</summary>
    public void Write(ManualSection section)
    {
        text.Append(section.Heading).Append('\n').Append('=', section.Heading.Length).Append('\n');
        foreach (var block in section.Blocks) Write(block, "");
    }

    /// <summary>Terms with what is said of each, below a line.</summary>
    public void Terms(string heading, IEnumerable<(string Term, string Said)> terms)
    {
        Wrap(heading, "", "");
        var indent = new string(' ', Deeper);
        foreach (var (term, said) in terms)
        {
            Wrap($"{term}:", indent, indent);
            Wrap(said, indent + indent, indent + indent);
        }
    }

    private void Write(Block block, string indent)
    {
        switch (block)
        {
            case HeadingBlock heading:
                text.Append('\n').Append(ManualSection.Plain(heading.Inline)).Append('\n').Append('-', ManualSection.Plain(heading.Inline).Length).Append('\n');
                break;
            case ParagraphBlock paragraph:
                text.Append('\n');
                Wrap(ManualSection.Plain(paragraph.Inline), indent, indent);
                break;
            case ListBlock list:
                text.Append('\n');
                foreach (var (item, number) in list.OfType<ListItemBlock>().Select((item, index) => (item, index + 1))) WriteItem(item, indent, list.IsOrdered ? $"{number}. " : "- ");
                break;
            case CodeBlock code:
                text.Append('\n');
                foreach (var line in code.Lines.ToString().Split('\n')) text.Append(indent).Append(' ', Deeper).Append(line).Append('\n');
                break;
            case Table table:
                foreach (var (term, texts) in ManualSection.Terms(table))
                {
                    text.Append('\n');
                    Wrap(ManualSection.Plain(term), indent, indent);
                    foreach (var (column, said) in texts) Wrap($"{(column is null ? "" : $"{column}: ")}{ManualSection.Plain(said)}", indent + new string(' ', Deeper), indent + new string(' ', Deeper));
                }
                break;
            default:
                throw new NotSupportedException($"{block.GetType().Name} in a document");
        }
    }

    private void WriteItem(ListItemBlock item, string indent, string bullet)
    {
        var inner = indent + new string(' ', bullet.Length);
        foreach (var (block, index) in item.Select((block, index) => (block, index)))
        {
            if (index == 0 && block is ParagraphBlock first) Wrap(ManualSection.Plain(first.Inline), indent + bullet, inner);
            else Write(block, inner);
        }
    }

    /// <param name="first">What the first line begins with, and <paramref name="others"/> all others.</param>
    private void Wrap(string words, string first, string others)
    {
        var (line, isEmpty) = (first, true);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                text.Append(line).Append('\n');
                (line, isEmpty) = (others, true);
            }
            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }
        text.Append(line).Append('\n');
    }
}
