using System.Text.RegularExpressions;

namespace ConfSync.Tests.Events;

/// <summary>A run speaks in values, and sentences are made in <c>Reports</c>: no string of three words or more stands in the
/// rooms before it that runs live in. The messages of exceptions that only a mistake in this program throws may.</summary>
public sealed partial class ProseTests
{
    [TestCase("src/ConfSync/Events")]
    [TestCase("src/ConfSync/Runs")]
    public void No_sentence_is_made_here(string room)
    {
        var files = Directory.EnumerateFiles(Repository.File(room), "*.cs", SearchOption.AllDirectories).ToList();
        Assert.That(files, Is.Not.Empty);

        Assert.That(files.SelectMany(file => Sentences(File.ReadAllText(file)).Select(text => $"{Path.GetFileName(file)}: {text}")), Is.Empty);
    }

    /// <summary>A reader must learn who acts: house style, see CONTRIBUTING.md.</summary>
    [Test]
    public void The_one_who_acts_is_named()
    {
        var files = Directory.EnumerateFiles(Repository.File("src"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".sh" && !file.Contains("/obj/", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Repository.File("docs"), "*.md")).Append(Repository.File("README.md"));

        Assert.That(
            from file in files
            from line in File.ReadLines(file)
            where Nameless().IsMatch(line)
            select $"{Path.GetFileName(file)}: {line.Trim()}",
            Is.Empty);
    }

    [TestCase("observer.Remarked(\"beginning it all again\");", "\"beginning it all again\"")]
    [TestCase("Refused($\"generation {number} is missing\");", "$\"generation {number} is missing\"")]
    [TestCase("return\n    \"one two\\n\" +\n    $\"{a} three four\";", "$\"{a} three four\"")]
    [TestCase("Match(@\"a \"\"b\"\" c\", \"one two three\");", "\"one two three\"")]
    [TestCase("throw new InvalidOperationException($\"the node keeps {file} itself\");", null)]
    [TestCase("// says \"what ought to be\"\nName(\"two words\", 'x');", null)]
    public void A_sentence_is_found(string code, string? sentence) =>
        Assert.That(Sentences(code), sentence is null ? Is.Empty : Is.EqualTo([sentence]));

    private static IEnumerable<string> Sentences(string text)
    {
        var code = Comment().Replace(text, "");
        return from literal in Literal().Matches(code)
               where ThreeWords().IsMatch(Hole().Replace(literal.Value, "hole"))
               let statement = code[(code.LastIndexOf(';', literal.Index) + 1)..literal.Index]
               where !Defect().IsMatch(statement)
               select literal.Value;
    }

    // A name of a test is code, in a document too.
    [GeneratedRegex(@"(?<![_\w])(somebody|someone|whoever)(?![_\w])", RegexOptions.IgnoreCase)]
    private static partial Regex Nameless();

    [GeneratedRegex(@"^\s*//.*$|(?<=\s)//[ /].*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(""""(?:\$*"{3}.*?"{3}|\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\]|\\.)*")"""", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\p{L}+[,:;]? \p{L}+[,:;]? \p{L}+")]
    private static partial Regex ThreeWords();

    [GeneratedRegex(@"new (?:Argument|InvalidOperation)Exception\(\s*$")]
    private static partial Regex Defect();
}
