using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace ConfSync.Primary;

/// <summary>A place in a template that cannot be filled in.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Name">The name of the mark that has no value; null where the text is no mark.</param>
internal sealed record TemplateProblem(int Line, string? Name);

/// <summary>Fills in the marks <c>%{NAME}</c> of a template. <c>%%{</c> stands for <c>%{</c>, and <c>%{+Q}</c> or
/// <c>%{-Q}</c>, as HAProxy's log formats have it, stays as it is.</summary>
internal static partial class Template
{
    /// <param name="text">The template as <see cref="Bytes.PosixText"/>.</param>
    /// <param name="valueOf">The value of a name; null where it is not set.</param>
    public static (string Text, ImmutableArray<TemplateProblem> Problems) Render(string text, Func<string, string?> valueOf)
    {
        var rendered = new StringBuilder(text.Length);
        var problems = ImmutableArray.CreateBuilder<TemplateProblem>();
        var end = 0;
        foreach (var mark in Mark().EnumerateMatches(text))
        {
            rendered.Append(text, end, mark.Index - end);
            end = mark.Index + mark.Length;
            Replace(mark.Index, text.AsSpan(mark.Index, mark.Length));
        }
        return (rendered.Append(text, end, text.Length - end).ToString(), problems.ToImmutable());

        void Replace(int index, ReadOnlySpan<char> mark)
        {
            if (mark is "%%{") rendered.Append("%{");
            else if (mark is [.., '+' or '-']) rendered.Append(mark);
            else if (mark is not [.., '}']) problems.Add(new(LineOf(index), null));
            else if (valueOf(mark[2..^1].ToString()) is { } value) rendered.Append(value);
            else problems.Add(new(LineOf(index), mark[2..^1].ToString()));
        }

        int LineOf(int index) => text.AsSpan(0, index).Count('\n') + 1;
    }

    [GeneratedRegex(@"%%\{|%\{[+-]|%\{[A-Za-z_][A-Za-z0-9_]*\}|%\{")]
    private static partial Regex Mark();
}
