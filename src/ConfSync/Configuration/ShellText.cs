using System.Text;

namespace ConfSync.Configuration;

/// <summary>
/// A position in a text of shell syntax. <see cref="Peek"/> and <see cref="Take"/> never return a backslash-newline,
/// because a shell removes it before anything else (POSIX Shell Command Language 2.2.1). <see cref="TakeRaw"/> returns it.
/// </summary>
internal sealed class ShellText(string text)
{
    /// <summary>What <see cref="Peek"/> returns at the end. A text that holds this character was refused before.</summary>
    public const char End = '\0';

    private int position;

    public int Line { get; private set; } = 1;

    public bool IsAtEnd => Peek() == End;

    /// <summary>The rest of this line, for messages.</summary>
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

    /// <summary>Takes the next characters as long as the condition holds.</summary>
    public string TakeWhile(Func<char, bool> holds)
    {
        var taken = new StringBuilder();
        while (Peek() is not End and var c && holds(c)) taken.Append(Take());
        return taken.ToString();
    }

    /// <summary>Skips to the end of the line, so that the text after an error is not read as something else. A newline in
    /// quotes does not end the line. A quote that is never closed counts as an apostrophe.</summary>
    public void SkipLine()
    {
        while (PeekRaw() is not End and not '\n' and var c)
        {
            var closing = c is '"' or '\'' ? ClosingQuote(c) : -1;
            if (c == '\\') TakeRaw();
            do TakeRaw(); while (position <= closing);
        }
    }

    /// <summary>Skips to the end of the line. Quotes and backslash-newline mean nothing in a comment.</summary>
    public void SkipComment()
    {
        while (PeekRaw() is not End and not '\n') TakeRaw();
    }

    /// <summary>
    /// Finds a quote that is most likely not closed, because an assignment begins where the value should have ended:
    /// <c>A="x</c>, newline, <c>B="y"</c>. The quote that seems to close the value then opens the next one.
    /// </summary>
    /// <param name="isKnown">Whether this is the name of a variable that a configuration file assigns.</param>
    /// <returns>Where the value ends at the latest, for <see cref="SkipTo"/>: the newline before the first line that
    /// assigns a known variable, or before the line whose value seems to close the quote. Null where no quote is
    /// missing.</returns>
    public int? MissingQuote(char quote, Func<string, bool> isKnown)
    {
        var closing = ClosingQuote(quote);
        var lines = AssignmentsBefore(closing < 0 ? text.Length : closing).ToList();
        if (lines.Count == 0) return null;
        var known = lines.Where(line => isKnown(line.Name)).Select(line => (int?)line.Newline).FirstOrDefault();
        if (closing < 0) return known;
        // The assignment whose value begins with the quote that seems to close this one.
        var last = lines[^1];
        if (last.ValueAt != closing) return null;
        var goesOn = closing + 1 < text.Length && !ShellValueReader.EndsWord(text[closing + 1]);
        return isKnown(last.Name) || goesOn ? known ?? last.Newline : null;
    }

    /// <summary>Skips to a place that <see cref="MissingQuote"/> returned.</summary>
    public void SkipTo(int place)
    {
        while (position < place) TakeRaw();
    }

    // The lines that begin with NAME=, from the next line on.
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
