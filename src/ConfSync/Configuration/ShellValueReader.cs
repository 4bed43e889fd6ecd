using System.Collections.Immutable;
using System.Text;

namespace ConfSync.Configuration;

/// <summary>
/// Reads the value of one assignment: quotes (POSIX Shell Command Language 2.2), <c>$NAME</c> and <c>${NAME}</c> (2.6.2),
/// and the tilde (2.6.1). An assignment has no field splitting and no patterns (2.9.1). Everything else that a shell would
/// do is reported as not supported.
/// </summary>
/// <param name="source">The text, at the position after the <c>=</c>; afterwards at that after the value.</param>
/// <param name="variables">The variables that the value may refer to. A null value stands for one that a problem was
/// reported for.</param>
/// <param name="report">Receives every problem: its line and its message.</param>
internal sealed class ShellValueReader(
    ShellText source, string name, IReadOnlyDictionary<string, string?> variables, Action<int, string> report)
{
    // Without a limit, thirty lines of A="$A$A" would fill any memory.
    private const int LongestReplacement = 1024 * 1024;

    private readonly StringBuilder value = new();
    private readonly int line = source.Line;
    private readonly ImmutableArray<int>.Builder lineStarts = ImmutableArray.CreateBuilder<int>();
    private readonly HashSet<string> references = [];
    private bool hasValue = true;

    /// <summary>The value holds something that only a shell can read, so the rest of the line may be part of it.</summary>
    public bool LostItsWay { get; private set; }

    public ShellAssignment Read()
    {
        for (var mayHoldTilde = true; !LostItsWay && !EndsWord(source.Peek());)
        {
            var c = source.Peek();
            switch (c)
            {
                case '\'': SingleQuoted(); break;
                case '"': DoubleQuoted(); break;
                case '\\': Escaped(); break;
                case '$': Dollar(isQuoted: false); break;
                case '~' when mayHoldTilde: Tilde(); break;
                case '(' when value.Length == 0:
                    Unsupported($"an array is not supported: write {name}=\"…\" with spaces between the items");
                    break;
                case '`' or '|' or '&' or '<' or '>' or '(' or ')': Unsupported(ShellSyntax.Describe(c)); break;
                default: Append(); break;
            }
            mayHoldTilde = c == ':';
        }
        return new ShellAssignment(name, hasValue ? value.ToString() : null, line)
        {
            References = [.. references],
            LineStarts = lineStarts.ToImmutable(),
        };
    }

    /// <summary>Whether the character is a blank, a newline, a semicolon or the end.</summary>
    public static bool EndsWord(char c) => c is ShellText.End or ' ' or '\t' or '\n' or ';';

    // A missing quote would exchange the inside and outside of all later quotes, and would be found only at the end of the
    // file.
    private bool SkippedMissing(char quote)
    {
        if (source.MissingQuote(quote, KnownVariables.Contains) is not { } place) return false;
        hasValue = false;
        report(source.Line, $"{name}: the {quote} opened on this line is never closed");
        source.SkipTo(place);
        return true;
    }

    private void SingleQuoted()
    {
        if (SkippedMissing('\'')) return;
        var opened = source.Line;
        source.Take();
        // Nothing is special in single quotes, not even a backslash before a newline (2.2.2).
        while (source.PeekRaw() is not '\'' and not ShellText.End) AppendRaw();
        Close(opened, '\'');
    }

    private void DoubleQuoted()
    {
        if (SkippedMissing('"')) return;
        var opened = source.Line;
        source.Take();
        while (source.Peek() is not '"' and not ShellText.End and var c)
        {
            switch (c)
            {
                case '$': Dollar(isQuoted: true); break;
                case '`': Unsupported(ShellSyntax.Describe(c)); source.Take(); break;
                case '\\':
                    // Before all other characters the backslash stays (2.2.3). Before a newline, Peek has removed it.
                    source.Take();
                    if (source.PeekRaw() is not ('$' or '`' or '"' or '\\')) Append("\\", source.Line);
                    else AppendRaw();
                    break;
                default: Append(); break;
            }
        }
        Close(opened, '"');
    }

    private void Close(int opened, char quote)
    {
        if (source.TakeRaw() == quote) return;
        hasValue = false;
        // A quote that is missing further up exchanges the inside and outside of all later quotes.
        var hint = opened == line ? "" : $"; or one is missing further up, from line {line} on";
        report(opened, $"{name}: the {quote} opened on this line is never closed{hint}");
    }

    private void Escaped()
    {
        source.Take();
        if (source.PeekRaw() != ShellText.End) AppendRaw();
        else Unsupported("a backslash at the end of the file quotes nothing: remove it");
    }

    private void Dollar(bool isQuoted)
    {
        var at = source.Line;
        source.Take();
        switch (source.Peek())
        {
            case var c when ShellSyntax.StartsName(c):
                Replace(source.TakeWhile(ShellSyntax.ContinuesName), at);
                break;
            case '{':
                source.Take();
                var variable = source.TakeWhile(ShellSyntax.ContinuesName);
                if (ShellSyntax.IsName(variable) && source.Peek() == '}')
                {
                    source.Take();
                    Replace(variable, at);
                }
                else
                {
                    Unsupported("in ${…}, anything but the name of a variable is not supported", at);
                }
                break;
            case '(':
                source.Take();
                Unsupported(source.Peek() == '(' ? ShellSyntax.Arithmetic : ShellSyntax.CommandSubstitution, at);
                break;
            case '[':
                // bash computes the expression. POSIX has dropped it, and other shells take it literally.
                Unsupported(ShellSyntax.FormerArithmetic, at);
                break;
            case '\'' or '"' when !isQuoted:
                Unsupported("a $ before a quote is not supported: write \\$ for the character itself", at);
                break;
            case var c when char.IsAsciiDigit(c) || c is '@' or '*' or '#' or '?' or '-' or '$' or '!':
                Unsupported($"${c} is not supported: write \\$ for the character itself", at);
                break;
            default:
                // POSIX does not define a $ before anything else (2.6). In every shell it is a $.
                Append("$", at);
                break;
        }
    }

    private void Replace(string variable, int at)
    {
        references.Add(variable);
        if (!variables.TryGetValue(variable, out var text))
        {
            report(at, $"{name}: ${variable} is not set: " +
                "only what is set above in this file, HOME and USER can be used");
        }
        if (text is null) hasValue = false;
        else if (text.Length + value.Length > LongestReplacement) Unsupported("the value is too long", at);
        else Append(text, at);
    }

    private void Tilde()
    {
        var at = source.Line;
        source.Take();
        if (EndsWord(source.Peek()) || source.Peek() is '/' or ':') Replace("HOME", at);
        else Unsupported("~ of another user is not supported: write the path itself", at);
    }

    private void Unsupported(string what) => Unsupported(what, source.Line);

    private void Unsupported(string what, int at)
    {
        // The rest of the same quotes is most likely part of the same problem.
        if (!LostItsWay) report(at, $"{name}: {what}");
        LostItsWay = true;
        hasValue = false;
    }

    private void Append()
    {
        source.Peek();
        AppendRaw();
    }

    private void AppendRaw()
    {
        var at = source.Line;
        Append(source.TakeRaw().ToString(), at);
    }

    private void Append(string text, int at)
    {
        while (lineStarts.Count < at - line) lineStarts.Add(value.Length);
        value.Append(text);
    }
}
