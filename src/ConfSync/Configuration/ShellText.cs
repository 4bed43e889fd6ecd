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
