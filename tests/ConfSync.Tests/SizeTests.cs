using System.Text.RegularExpressions;

namespace ConfSync.Tests;

/// <summary>A file does one thing, and a method fits on a screen. Of the peer's script <see cref="Protocol.ScriptNamesTests"/>
/// says the same.</summary>
public sealed partial class SizeTests
{
    private const int MostLinesOfFile = 300, MostLinesOfMethod = 60;

    private static IEnumerable<string> Files =>
        from folder in (string[])["src", "tests"]
        from file in Directory.EnumerateFiles(Repository.File(folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select file;

    [Test]
    public void No_file_is_too_long() => Assert.That(
        from file in Files
        let lines = File.ReadLines(file).Count()
        where lines > MostLinesOfFile
        select $"{file}: {lines} lines", Is.Empty);

    [Test]
    public void No_method_is_too_long() => Assert.That(Files.SelectMany(TooLong), Is.Empty);

    [Test]
    public void A_method_that_is_too_long_is_seen()
    {
        var body = Enumerable.Repeat("        Work();", MostLinesOfMethod - 2);
        string[] fits = ["public sealed class A", "{", "    public void B()", "    {", .. body, "    }", "}"];

        Assert.That(TooLong("a", fits), Is.Empty);
        Assert.That(TooLong("a", [.. fits[..4], "        More();", .. fits[4..]]).Single(), Does.Contain("B()"));
    }

    private static IEnumerable<string> TooLong(string file) => TooLong(file, File.ReadAllLines(file));

    // The layout is that of "dotnet format", which is checked: a brace that ends a block stands as deep as the one that
    // begins it.
    private static IEnumerable<string> TooLong(string file, string[] lines)
    {
        for (var i = 1; i < lines.Length; i++)
        {
            if (!Brace().IsMatch(lines[i]) || Declaration(lines, i) is not { } declaration) continue;
            var end = Array.FindIndex(lines, i, line => line.StartsWith(lines[i].Replace('{', '}'), StringComparison.Ordinal));
            if (end - i + 1 > MostLinesOfMethod) yield return $"{file}:{i}: {declaration.Trim()}: {end - i + 1} lines";
        }
    }

    // The line that a block belongs to, if that is no type: the last one before it that is no deeper.
    private static string? Declaration(string[] lines, int brace)
    {
        var depth = lines[brace].IndexOf('{', StringComparison.Ordinal);
        var declaration = lines[..brace].Last(line => line.Length > depth && line[depth] != ' ' && line[..depth].All(c => c == ' '));
        return Type().IsMatch(declaration) ? null : declaration;
    }

    [GeneratedRegex(@"^( {4}| {8})\{$")]
    private static partial Regex Brace();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|namespace)\b")]
    private static partial Regex Type();
}
