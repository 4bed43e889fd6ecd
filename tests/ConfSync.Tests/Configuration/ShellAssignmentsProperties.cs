using ConfSync.Bytes;
using FsCheck;
using FsCheck.Fluent;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;


public sealed class ShellAssignmentsProperties
{
    // What means something to the parser, so that random files reach further than random bytes do.
    private static readonly string[] Fragments =
    [
        "A", "NODES", "CONFPATHS", "POSTSYNC", "EXCLUDE", "KEEP", "export", "if", "=", "+=", "'", "\"", "\\", "\n", "\r\n", " ",
        "\t", "$", "${",
        "}", "$(", ")", "`", "|", "&", ";", "#", "~", "/", "/etc/nginx", "..", "x", "7", ":", "[", "@",
        "\0", "\u001b", "\uDC80", "ü", "\uFEFF", "*",
    ];

    [FsCheck.NUnit.Property]
    public void A_value_in_single_quotes_is_read_as_it_was(NonNull<string> any)
    {
        var value = WithoutControls(any.Get);
        Assert.That(ValueOf("A", $"A='{value.Replace("'", "'\\''")}'"), Is.EqualTo(value));
    }

    [FsCheck.NUnit.Property]
    public void A_value_in_double_quotes_is_read_as_it_was(NonNull<string> any)
    {
        var value = WithoutControls(any.Get);
        var quoted = string.Concat(value.Select(c => c is '$' or '`' or '"' or '\\' ? $"\\{c}" : $"{c}"));
        Assert.That(ValueOf("A", $"A=\"{quoted}\""), Is.EqualTo(value));
    }

    [FsCheck.NUnit.Property]
    public void A_value_of_backslashes_is_read_as_it_was(NonNull<string> any)
    {
        // A backslash quotes everything but a newline.
        var value = WithoutControls(any.Get).Replace("\n", "", StringComparison.Ordinal);
        Assert.That(ValueOf("A", "A=" + string.Concat(value.Select(c => $"\\{c}"))), Is.EqualTo(value));
    }

    [FsCheck.NUnit.Property]
    public void Items_in_quotes_inside_a_value_are_read_as_they_were(NonNull<string>[] any)
    {
        // A line in a value that begins with NAME=' is taken for an assignment before which a quote is missing.
        var patterns = any.Select(pattern => WithoutControls(pattern.Get))
            .Select(text => text.Contains('\n', StringComparison.Ordinal) ? text.Replace("=", "", StringComparison.Ordinal) : text).ToList();
        var inner = string.Join(' ', patterns.Select(pattern => $"'{pattern.Replace("'", "'\\''")}'"));
        Assert.That(WordsOf("EXCLUDE", $"EXCLUDE='{inner.Replace("'", "'\\''")}'"), Is.EqualTo(patterns));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public FsCheck.Property Whatever_a_file_holds_a_problem_has_a_line_of_it() =>
        Prop.ForAll(Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts)).ToArbitrary(), HasLines);

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Whatever_bytes_a_file_holds_a_problem_has_a_line_of_it(byte[] bytes) =>
        HasLines(PosixText.Decode(bytes));

    private static void HasLines(string text)
    {
        var lines = text.Count(c => c == '\n') + (text.EndsWith('\n') ? 0 : 1);
        var parsed = Assignments(text);
        Assert.That(parsed.Problems.Select(problem => problem.Line), Has.All.InRange(1, Math.Max(lines, 1)));
        if (parsed.Problems.IsEmpty) Assert.That(parsed.Assignments.Select(found => found.Value), Has.All.Not.Null);
        var result = Read(text);
        Assert.That(result.Problems.Select(problem => problem.Line), Has.All.InRange(0, Math.Max(lines, 1)));
        var shown = result.Problems.Select(problem => problem.ToString());
        Assert.That(shown, Has.None.Contains("\n").And.None.Contains("\u001b"));
    }

    private static string WithoutControls(string text) =>
        string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c)));
}
