using System.Text;

namespace ConfSync.Configuration;

/// <summary>One item of a value that is a list.</summary>
/// <param name="Text">The item, with its inner quotes removed.</param>
/// <param name="Offset">The index in the value at which the item begins.</param>
/// <param name="UnclosedQuote">An inner quote that is not closed; null for none.</param>
internal readonly record struct Item(string Text, int Offset, char? UnclosedQuote);

/// <summary>
/// Takes a value apart into items, which are separated by blanks and newlines. Single and double quotes inside the value
/// keep an item together, as in <c>CONFPATHS="'/etc/nginx/my file.conf' /etc/nginx/conf.d"</c>. They mean what they mean to
/// a shell, except that a dollar is an ordinary character. A backslash outside of quotes makes a blank or a quote an
/// ordinary character. Before any other character it stands for itself, because patterns and sed expressions need it.
/// </summary>
internal sealed class ItemReader(string value)
{
    private const string Blanks = " \t\n";

    public int Position { get; set; }

    /// <summary>All items of the value.</summary>
    public static IEnumerable<Item> Split(string value)
    {
        var reader = new ItemReader(value);
        while (reader.SkipBlanks()) yield return reader.ReadItem();
    }

    /// <returns>Whether the value has another item.</returns>
    public bool SkipBlanks()
    {
        while (Position < value.Length && IsBlank(value[Position])) Position++;
        return Position < value.Length;
    }

    /// <summary>Reads to the next blank, or to the character <paramref name="stop"/>, outside of quotes.</summary>
    public Item ReadItem(char? stop = null)
    {
        var start = Position;
        var text = new StringBuilder();
        for (; Position < value.Length && !IsBlank(value[Position]) && value[Position] != stop; Position++)
        {
            switch (value[Position])
            {
                case '\\' when Position + 1 < value.Length:
                    Position++;
                    if (!IsBlank(value[Position]) && value[Position] is not ('\'' or '"')) text.Append('\\');
                    text.Append(value[Position]);
                    break;
                case ('\'' or '"') and var quote:
                    Position++;
                    if (!ReadQuoted(quote, text)) return new Item(text.ToString(), start, quote);
                    break;
                case var c:
                    text.Append(c);
                    break;
            }
        }
        return new Item(text.ToString(), start, null);
    }

    /// <returns>False at the end of the value; otherwise the position is that of the closing quote.</returns>
    private bool ReadQuoted(char quote, StringBuilder text)
    {
        for (; Position < value.Length && value[Position] != quote; Position++)
        {
            if (quote == '"' && value[Position] == '\\' && Position + 1 < value.Length)
            {
                Position++;
                if (value[Position] == '\n') continue;
                if (value[Position] is not ('$' or '`' or '"' or '\\')) text.Append('\\');
            }
            text.Append(value[Position]);
        }
        return Position < value.Length;
    }

    private static bool IsBlank(char c) => Blanks.Contains(c, StringComparison.Ordinal);
}
