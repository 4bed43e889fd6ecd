using System.Text;

namespace ConfSync.Configuration;

/// <summary>
/// A position in text of shell syntax. <see cref="Peek"/> and <see cref="Take"/> never see a backslash-newline: it is
/// removed before anything else is recognised (POSIX Shell Command Language 2.2.1). <see cref="TakeRaw"/> sees it.
/// </summary>
internal sealed class ShellText(string text)
{
    /// <summary>What <see cref="Peek"/> gives at the end. A text that holds it is refused before it comes
    /// here.</summary>
    public const char End = '\0';

    private int position;

    public int Line { get; private set; } = 1;

    public bool IsAtEnd => Peek() == End;

    /// <summary>What is left of this line, for messages.</summary>
    public string RestOfLine => text[position..(text.IndexOf('\n', position) is >= 0 and var end ? end : text.Length)];

    public char Peek()
    {
        while (position + 1 < text.Length && text[position] == '\\' && text[position + 1] == '\n')
        {
            position += 2;
            Line++;
        }
        return PeekRaw();
    }

    public char Take()
    {
        Peek();
        return TakeRaw();
    }

    public char PeekRaw() => position < text.Length ? text[position] : End;

    public char TakeRaw()
    {
        if (position == text.Length) return End;
        if (text[position] == '\n') Line++;
        return text[position++];
    }

    /// <summary>The characters from here on for which this holds.</summary>
    public string TakeWhile(Func<char, bool> holds)
    {
        var taken = new StringBuilder();
        while (Peek() is not End and var c && holds(c)) taken.Append(Take());
        return taken.ToString();
    }

    /// <summary>
    /// Goes to the end of the line, where a newline in quotes is none, so that what follows an error is not taken for
    /// what it is not. A quote that is never closed is taken for an apostrophe.
    /// </summary>
    public void SkipLine()
    {
        while (PeekRaw() is not End and not '\n' and var c)
        {
            var closing = c is '"' or '\'' ? ClosingQuote(c) : -1;
            if (c == '\\') TakeRaw();
            do TakeRaw(); while (position <= closing);
        }
    }

    /// <summary>Goes to the end of the line: a comment knows neither quotes nor backslash-newline.</summary>
    public void SkipComment()
    {
        while (PeekRaw() is not End and not '\n') TakeRaw();
    }

    /// <summary>
    /// Whether the quote that stands here most likely lacks its other half, because an assignment begins where the value
    /// ought to have ended: <c>A="x</c>, newline, <c>B="y"</c>. Then what seems to close the quote opens the next value.
    /// </summary>
    /// <param name="isKnown">Whether this is the name of a variable that a file like this one assigns.</param>
    /// <returns>Where the value ends at the latest, for <see cref="SkipTo"/>: at the newline before the first line that
    /// assigns a known variable, or before the one whose value seems to close the quote. Null where nothing is missing.</returns>
    public int? MissingQuote(char quote, Func<string, bool> isKnown)
    {
        var closing = ClosingQuote(quote);
        var lines = AssignmentsBefore(closing < 0 ? text.Length : closing).ToList();
        if (lines.Count == 0) return null;
        var known = lines.Where(line => isKnown(line.Name)).Select(line => (int?)line.Newline).FirstOrDefault();
        if (closing < 0) return known;
        // The assignment whose value begins with what seems to be the closing quote.
        var last = lines[^1];
        if (last.ValueAt != closing) return null;
        var goesOn = closing + 1 < text.Length && !ShellValueReader.EndsWord(text[closing + 1]);
        return isKnown(last.Name) || goesOn ? known ?? last.Newline : null;
    }

    /// <summary>Goes on at a place that <see cref="MissingQuote"/> gave.</summary>
    public void SkipTo(int place)
    {
        while (position < place) TakeRaw();
    }

    // The lines that begin with NAME=, from the next one on.
    private IEnumerable<(int Newline, string Name, int ValueAt)> AssignmentsBefore(int end)
    {
        for (var at = text.IndexOf('\n', position); at >= 0 && at < end; at = text.IndexOf('\n', at + 1))
        {
            var start = at + 1;
            while (start < end && text[start] is ' ' or '\t') start++;
            if (string.CompareOrdinal(text, start, "export ", 0, 7) == 0) start += 7;
            var name = string.Concat(text.Skip(start).TakeWhile(ShellSyntax.ContinuesName));
            var equals = start + name.Length;
            if (equals < end && text[equals] == '=' && ShellSyntax.IsName(name)) yield return (at, name, equals + 1);
        }
    }

    private int ClosingQuote(char quote)
    {
        for (var i = position + 1; i < text.Length; i++)
        {
            if (text[i] == quote) return i;
            if (text[i] == '\\' && quote == '"') i++;
        }
        return -1;
    }
}
